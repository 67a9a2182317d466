# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Industry codes of four standards, and the tree behind the filters."""

import pytest

from brobygger.knowledge.industries import (
    IndustryNode,
    db25_codes,
    industry_title,
    industry_tree,
    to_db25,
    to_nace2,
)


def leaves(node: IndustryNode) -> list[str]:
    return [code for child in node.children for code in leaves(child)] or [node.code]


@pytest.mark.parametrize(
    ("code", "standard", "expected"),
    [
        ("110500", None, "110500"),
        ("11.05", None, "110500"),
        ("620100", None, "621000"),  # DB07: computer programming moved from 62.01 to 62.10
        ("62.01", "nace2", "621000"),
        ("62.10", "nace21", "621000"),
        ("467700", "db07", "468700"),  # wholesale of waste and scrap
        ("411000", None, "681200"),  # DB07: development of building projects moved to real estate
        ("3511", None, None),  # split by renewable and not
        ("439900", "db07", None),  # masonry and civil engineering were taken out
        ("205900", "db07", None),  # biodiesel was taken out
        ("5610", None, None),  # split into restaurants and mobile food
        ("4511", None, None),  # motor trade was split
        ("999999", None, None),
        ("", None, None),
    ],
)
def test_an_older_code_leads_to_db25_only_where_it_is_certain(
    code: str, standard: str | None, expected: str | None
) -> None:
    assert to_db25(code, standard) == expected  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("110500", "1105"),
        ("014620", "0146"),  # a Danish split keeps its class
        ("621000", "6201"),
        ("561110", "5610"),
        ("382100", "3832"),  # materials recovery
        ("1105", "1105"),
        ("462100", "4621"),
        ("382300", None),  # other recovery of waste has no single origin
        ("0000", None),
    ],
)
def test_a_code_leads_back_to_nace_rev_2(code: str, expected: str | None) -> None:
    assert to_nace2(code) == expected


def test_every_db25_code_maps_to_a_real_class_or_to_nothing() -> None:
    unknown = [code for code in db25_codes() if to_nace2(code) is None]
    assert len(unknown) < len(db25_codes()) * 0.1


def test_titles_are_danish() -> None:
    assert industry_title("110500") == "Fremstilling af øl"
    assert industry_title("1105") == "Fremstilling af øl"
    assert industry_title("A") == "Landbrug, jagt, skovbrug og fiskeri"
    assert industry_title("nothing") is None


def test_the_tree_holds_every_db25_code_once_under_its_section() -> None:
    tree = industry_tree()
    assert len(tree) == 22
    codes = [code for section in tree for code in leaves(section)]
    assert sorted(codes) == sorted(db25_codes())
    assert "014620" in leaves(tree[0])
