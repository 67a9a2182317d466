# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""The tree of resource types is whole, broad and honest, and says where it is not."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from brobygger.engine.facts import ResourceType
from brobygger.knowledge.tree import COLUMNS, KINDS, TRAITS, TreeError, load_types

TYPES = load_types()
PARENTS = {node.parent for node in TYPES.values()}
LEAVES = [node for node in TYPES.values() if node.id not in PARENTS]


def row(**given: str) -> str:
    values = {"id": "thing", "kind": "residue", "name": "Ting", "unit": "t"} | given
    return ",".join(values.get(column, "") for column in COLUMNS)


def write(folder: Path, *rows: str, name: str = "branch.csv") -> Path:
    (folder / name).write_text("\n".join([",".join(COLUMNS), *rows]) + "\n", encoding="utf-8")
    return folder


def ancestors(node: ResourceType) -> list[str]:
    out = []
    while node.parent:
        out.append(node.parent)
        node = TYPES[node.parent]
    return out


def test_the_tree_has_a_thousand_leaves_and_every_kind_of_thing():
    assert len(LEAVES) >= 1000
    kinds = Counter(node.kind for node in LEAVES)
    assert set(kinds) == KINDS
    assert kinds["competence"] >= 120
    assert min(kinds.values()) >= 25


def test_every_type_has_a_danish_and_an_english_name_and_no_two_share_the_danish_one():
    assert [node.id for node in TYPES.values() if not node.name_en] == []
    twice = [name for name, n in Counter(node.name.casefold() for node in TYPES.values()).items() if n > 1]
    assert twice == []


def test_leaves_have_the_everyday_words_people_use():
    without = [node.id for node in LEAVES if not node.synonyms]
    assert len(without) <= len(LEAVES) // 100


def test_every_trait_in_the_vocabulary_is_used():
    used = {trait for node in TYPES.values() for trait in node.traits}
    assert sorted(set(TRAITS) - used) == []


@pytest.mark.parametrize(
    ("type_id", "parent", "code"),
    [
        ("spent_grain", "brewing_residue", "020704"),
        ("coal_fly_ash", "mineral_residue", "100102"),
        ("fgd_gypsum", "mineral_residue", "100105"),
        ("bricks_used", "construction", "170102"),
        ("asbestos_cement", "hazardous_building", "170605"),
        ("hospital_textiles", "textile_residue", "200111"),
        ("digestate", "sludge", "190606"),
        ("glass_dust", "glass_residue", "191205"),
    ],
)
def test_what_the_mission_names_is_there_with_its_waste_code(type_id, parent, code):
    assert parent in ancestors(TYPES[type_id])
    assert TYPES[type_id].ewc[0] == code


@pytest.mark.parametrize(
    "type_id",
    [
        "surplus_beer", "beer_vinegar", "carrot_tops", "cattle_feed", "poultry_feed", "eggs", "chickens",
        "production_kitchen", "lawn", "municipal_green_land", "orchard", "gardener", "cook", "surplus_bread",
        "coffee_grounds", "cooling_water", "surplus_heat", "windows_used", "insect_frass", "horse_manure",
        "sewage_sludge", "brewers_yeast", "fruit_pomace", "hot_desk", "offshore_certification", "mentoring",
        "business_angel", "pcb_waste", "impregnated_wood", "bikes", "co2", "refrigerated_truck", "apprentice",
    ],
)  # fmt: skip
def test_what_the_mission_names_can_be_chosen(type_id):
    assert type_id in TYPES


def test_food_byproducts_are_residues_of_food_and_never_hazardous():
    for node in TYPES.values():
        if node.food_byproduct:
            assert node.kind == "residue", node.id
            assert not node.hazardous, node.id
            assert "food_residue" in ancestors(node) or node.id == "food_residue", node.id


def test_what_holds_asbestos_pcb_or_mercury_is_hazardous():
    for node in TYPES.values():
        if {"asbestos", "pcb", "mercury"} & set(node.traits):
            assert node.hazardous, node.id


def test_only_things_have_waste_codes_and_densities():
    for node in TYPES.values():
        if node.kind in {"premises", "land", "competence", "labour", "capital", "transport", "task"}:
            assert not node.ewc, node.id
            assert node.density is None, node.id


def test_reading_twice_gives_separate_dictionaries_with_the_same_content():
    first, second = load_types(), load_types()
    first.pop("spent_grain")
    assert "spent_grain" in second


@pytest.mark.parametrize(
    ("bad", "says"),
    [
        (row(parent="nowhere"), "unknown parent 'nowhere'"),
        (row(kind="magic"), "unknown kind 'magic'"),
        (row(unit="bushel"), "unknown unit 'bushel'"),
        (row(ewc="0207"), "must be six digits"),
        (row(traits="shiny"), "unknown trait 'shiny'"),
        (row(density="heavy"), "is not a number"),
        (row(density="80"), "outside"),
        (row(hazardous="yes"), "hazardous must be 1 or empty"),
        (row(id="Æble"), "lower-case ASCII"),
        (row(name=""), "has no Danish name"),
        (row() + ",extra", "expected 12 values"),
    ],
)
def test_a_wrong_row_is_reported_with_file_and_line(tmp_path, bad, says):
    write(tmp_path, row(id="good"), bad)
    with pytest.raises(TreeError, match="branch.csv:3:") as error:
        load_types(tmp_path)
    assert says in str(error.value)


def test_an_id_used_twice_names_both_places(tmp_path):
    write(tmp_path, row(), name="a.csv")
    write(tmp_path, row(), name="b.csv")
    with pytest.raises(TreeError, match=r"b\.csv:2: id 'thing' is already used at a\.csv:2"):
        load_types(tmp_path)


def test_a_circle_of_parents_is_refused(tmp_path):
    write(tmp_path, row(id="egg", parent="hen"), row(id="hen", parent="egg"))
    with pytest.raises(TreeError, match="its own ancestor"):
        load_types(tmp_path)


def test_a_file_with_other_columns_is_refused(tmp_path):
    (tmp_path / "odd.csv").write_text("id,name\n", encoding="utf-8")
    with pytest.raises(TreeError, match=r"odd\.csv:1: expected the columns"):
        load_types(tmp_path)
