# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""What organisations have and need, from a file: read as a person would, once each, and told where it cannot be."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from brobygger.market import listing_import
from brobygger.market.models import Listing, Suggestion
from brobygger.register.imports.errors import BadFile
from brobygger.register.imports.importers import Order, no_progress
from brobygger.register.imports.report import Report
from tests.factories import OperatorFactory, OrganisationFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def brewery(operator):
    return OrganisationFactory(operator=operator, name="Prøvebryg", cvr="99100001", industry="110500")


@pytest.fixture
def bring_in(operator, brewery, tmp_path):
    def run(text: str, **how: Any) -> Report:
        path = tmp_path / "har.csv"
        path.write_text(text, encoding="utf-8")
        return listing_import.carry_out(Order(operator, path, path.name, **how), no_progress)

    return run


def tally(report: Report) -> tuple[int, ...]:
    counts = (report.created, report.changed, report.unchanged, report.skipped)
    assert report.read == sum(counts)
    return counts


def test_what_no_column_says_is_read_from_the_words(bring_in):
    assert tally(bring_in("cvr;tekst\n99100001;Vi har 4 tons mask om ugen fra ølbrygning\n")) == (1, 0, 0, 0)
    listing = Listing.objects.get()
    assert (listing.side, listing.kind, listing.unit, listing.period) == ("have", "residue", "t", "week")
    assert listing.quantity == Decimal(4)
    assert listing.resource_type == "spent_grain"
    assert listing.postal_code == "4320" or listing.x is not None


def test_what_a_column_says_goes_before_the_words(bring_in, tmp_path):
    bring_in(
        "virksomhed;side;tekst;mængde;enhed;periode;fra;til;postnr;rækkevidde;synlighed;pris;affaldskode\n"
        "prøvebryg;mangler;Mask til kvæg;1.250,5;kg;md.;1.2.2026;31-12-2026;4330;25 km;fortrolig;2,50;\n"
    )
    listing = Listing.objects.get()
    assert (listing.side, listing.quantity, listing.unit, listing.period) == (
        "need",
        Decimal("1250.5"),
        "kg",
        "month",
    )
    assert (listing.starts_on, listing.ends_on) == (date(2026, 2, 1), date(2026, 12, 31))
    assert (listing.postal_code, listing.reach_km, listing.visibility) == ("4330", 25, "broker")
    assert (listing.price, listing.price_kind) == (Decimal("2.50"), "fixed")


def test_whole_loads_and_what_must_be_moved_are_read_from_their_columns(bring_in):
    bring_in("cvr;tekst;mængde;enhed;periode;læs;mindst\n99100001;Vi har mask;40;t;år;12,5;80 %\n")
    listing = Listing.objects.get()
    assert (listing.lot, listing.least_share) == (Decimal("12.5"), 80)
    report = bring_in("cvr;tekst;mængde;enhed;læs\n99100001;Vi har 4 tons halm;4;t;12\n")
    assert [(one["line"], one["column"]) for one in report.problems] == [(2, "læs")]


def test_a_type_may_be_named_and_one_we_do_not_know_is_told(bring_in):
    report = bring_in(
        "cvr;type;tekst\n99100001;Mask;Vi har noget tilovers\n99100001;Hurlumhej;Vi har mask i overskud\n"
    )
    assert tally(report) == (2, 0, 0, 0)
    assert [(one["line"], one["column"], one["skipped"]) for one in report.problems] == [(3, "type", False)]
    assert set(Listing.objects.values_list("resource_type", flat=True)) == {"spent_grain"}


def test_the_same_rows_again_create_nothing(bring_in):
    text = "cvr;tekst\n99100001;Vi har mask\n99100001;Vi mangler paller\n99100001;Vi har mask\n"
    assert tally(bring_in(text, dry_run=True)) == (2, 0, 1, 0)
    assert not Listing.objects.exists()
    assert tally(bring_in(text)) == (2, 0, 1, 0)
    assert tally(bring_in(text)) == (0, 0, 3, 0)
    assert Listing.objects.count() == 2


def test_suggestions_are_found_when_all_rows_are_in(bring_in, operator):
    OrganisationFactory(operator=operator, name="Prøvegård", cvr="99100002", industry="014200")
    bring_in(
        "cvr;tekst\n99100001;Vi har 4 tons mask om ugen\n99100002;Vi mangler 2 tons mask om ugen til kvæg\n"
    )
    assert Suggestion.objects.filter(operator=operator, kind=Suggestion.Kind.PAIR).exists()


@pytest.mark.parametrize(
    ("row", "column"),
    [
        ("99100009;har;mask;4;t;;;;åben;;", "cvr"),
        ("12;har;mask;4;t;;;;åben;;", "cvr"),
        ("99100001;har;;4;t;;;;åben;;", "tekst"),
        ("99100001;måske;mask;4;t;;;;åben;;", "side"),
        ("99100001;;qwrtz;4;t;;;;åben;;", "side"),
        ("99100001;har;mask;-4;t;;;;åben;;", "mængde"),
        ("99100001;har;mask;fire;t;;;;åben;;", "mængde"),
        ("99100001;har;mask;4;favne;;;;åben;;", "enhed"),
        ("99100001;har;mask;4;t;31.12.2026;1.1.2026;;åben;;", "til"),
        ("99100001;har;mask;4;t;32.12.2026;;;åben;;", "fra"),
        ("99100001;har;mask;4;t;;;9999;åben;;", "postnr"),
        ("99100001;har;mask;4;t;;;;hemmelig;;", "synlighed"),
        ("99100001;har;mask;4;t;;;;åben;-5;", "pris"),
        ("99100001;har;mask;4;t;;;;åben;;999999", "affaldskode"),
    ],
)
def test_each_wrong_value_is_told_with_its_column_and_the_others_go_in(bring_in, row, column):
    header = "cvr;side;tekst;mængde;enhed;fra;til;postnr;synlighed;pris;affaldskode\n"
    for dry_run in (True, False):
        report = bring_in(header + row + "\n99100001;har;God række med mask;4;t;;;;åben;;\n", dry_run=dry_run)
        assert tally(report) == (1, 0, 0, 1)
        assert (report.problems[0]["line"], report.problems[0]["column"]) == (2, column)
    assert Listing.objects.get().text == "God række med mask"


def test_an_organisation_of_another_office_is_not_known_here(bring_in):
    OrganisationFactory(operator=OperatorFactory(), cvr="99100005", name="Naboens")
    report = bring_in("cvr;virksomhed;tekst\n99100005;;Vi har mask\n;Naboens;Vi har mask\n")
    assert tally(report) == (0, 0, 0, 2)


def test_two_of_the_same_name_need_a_number(bring_in, operator):
    OrganisationFactory(operator=operator, name="Prøvebryg")
    assert "CVR" in bring_in("virksomhed;tekst\nPrøvebryg;Vi har mask\n").problems[0]["message"]


@pytest.mark.parametrize("header", ["cvr;mængde\n", "tekst;mængde\n"])
def test_columns_that_must_be_there_are_named(bring_in, header):
    with pytest.raises(BadFile, match="har.csv, linje 1, kolonne"):
        bring_in(header)
