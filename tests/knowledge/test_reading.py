# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""One sentence becomes a proposed listing: what, how much, how often, have or need."""

from __future__ import annotations

import csv
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from brobygger.engine.facts import ResourceType
from brobygger.knowledge import load
from brobygger.knowledge.reading import Proposal, TypeFinder, TypeHit, finder_for, read_listing

TYPES = load().types
with (Path(__file__).parent / "reading_cases.csv").open(encoding="utf-8", newline="") as file:
    CASES = list(csv.DictReader(file))


SAID_ON = date(2026, 11, 28)


def read(text: str) -> Proposal:
    return read_listing(text, TYPES, today=SAID_ON)


def share(right: list[bool]) -> float:
    return sum(right) / len(right)


def test_a_brewer_says_what_is_left_and_the_form_is_filled():
    proposal = read("Vi har 4 tons mask om ugen fra ølbrygning")
    assert proposal.side == "have"
    assert (proposal.type_id, proposal.kind) == ("spent_grain", "residue")
    assert "mask" in proposal.types[0].words
    assert (proposal.quantity, proposal.unit, proposal.period) == (Decimal(4), "t", "week")
    assert proposal.ewc == "020704"
    assert proposal.food_byproduct
    assert not proposal.hazardous


def test_everyday_sentences_find_their_type_first_or_among_the_first_three():
    found = [([hit.type_id for hit in read(case["text"]).types], case["type"].split("|")) for case in CASES]
    assert len(CASES) >= 60
    assert share([bool(ids) and ids[0] in wanted for ids, wanted in found]) >= 0.85
    assert share([bool(set(ids[:3]) & set(wanted)) for ids, wanted in found]) >= 0.95


def test_everyday_sentences_tell_who_has_and_who_needs():
    told = [(read(case["text"]).side, case["side"]) for case in CASES if case["side"]]
    assert share([side == expected for side, expected in told]) >= 0.95


def test_everyday_sentences_tell_how_much_and_how_often():
    for case in CASES:
        proposal = read(case["text"])
        expected = Decimal(case["quantity"]) if case["quantity"] else None
        assert (proposal.quantity, proposal.unit) == (expected, case["unit"]), case["text"]
        assert (proposal.period or "") == case["period"], case["text"]


def test_everyday_sentences_tell_from_when_to_when():
    for case in CASES:
        proposal = read(case["text"])
        days = [day.isoformat() if day else "" for day in (proposal.starts_on, proposal.ends_on)]
        assert days == [case["from"], case["to"]], case["text"]


@pytest.mark.parametrize(
    ("today", "first", "last"),
    [
        (date(2027, 1, 15), date(2026, 11, 1), date(2027, 2, 28)),
        (date(2027, 3, 1), date(2027, 11, 1), date(2028, 2, 29)),
    ],
)
def test_a_winter_that_is_running_began_last_year(today, first, last):
    proposal = read_listing("lager fra november til februar", TYPES, today=today)
    assert (proposal.starts_on, proposal.ends_on) == (first, last)
    assert proposal.days_as_written == "fra november til februar"


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("mask fra 1. november", date(2026, 11, 1)),
        ("mask fra maj", date(2027, 5, 1)),
        ("mask fra november", date(2026, 11, 1)),
    ],
)
def test_what_began_lately_began_this_year(text, first):
    assert (read(text).starts_on, read(text).ends_on) == (first, None)


@pytest.mark.parametrize(
    ("text", "quantity", "unit"),
    [
        ("1.500 kg mask", "1500", "kg"),
        ("1 500 kg mask", "1500", "kg"),
        ("1.500,75 kg mask", "1500.75", "kg"),
        ("2,5 ton mask", "2.5", "t"),
        ("2½ ton mask", "2.5", "t"),
        ("fire tons mask", "4", "t"),
        ("et halvt ton mask", "0.5", "t"),
        ("to og et halvt ton mask", "2.5", "t"),
        ("halvandet ton mask", "1.5", "t"),
        ("fireogtyve kilo mask", "24", "kg"),
        ("to hundrede liter restøl", "200", "l"),
        ("3 tusind kubikmeter kølevand", "3000", "m3"),
        ("40 kvm lager", "40", "m2"),
        ("lån på 2 mio. kr.", "2000000", "kr"),
    ],
)
def test_danish_numbers_and_units(text, quantity, unit):
    proposal = read(text)
    assert (proposal.quantity, proposal.unit) == (Decimal(quantity), unit)


@pytest.mark.parametrize("text", ["15-20 kg mask", "15 til 20 kg mask", "mellem 15 og 20 kg mask pr. bryg"])
def test_a_range_keeps_both_ends(text):
    proposal = read(text)
    assert (proposal.quantity, proposal.quantity_upto) == (Decimal(15), Decimal(20))


@pytest.mark.parametrize(
    ("words", "period"),
    [
        ("om ugen", "week"), ("ugentligt", "week"), ("hver uge", "week"), ("pr. uge", "week"), ("kg/uge", "week"),
        ("hver måned", "month"), ("månedligt", "month"), ("årligt", "year"), ("pr. år", "year"), ("om året", "year"),
        ("i døgnet", "day"), ("dagligt", "day"), ("hver dag", "day"), ("i kvartalet", "quarter"),
        ("som engangsparti", "once"), ("hver 14. dag", None), ("i 5 år", None), ("i uge 34", None),
    ],
)  # fmt: skip
def test_how_often(words, period):
    assert read(f"mask {words}").period == period


@pytest.mark.parametrize(
    ("text", "side"),
    [
        ("Vi mangler halm", "need"),
        ("Har brug for en traktor", "need"),
        ("Vil gerne købe æg", "need"),
        ("Har I noget halm?", "need"),
        ("Vi har halm", "have"),
        ("Vi søger en aftager til vores mask", "have"),
        ("Vil gerne af med gamle vinduer", "have"),
        ("Halm sælges", "have"),
        ("Traktor", None),
    ],
)
def test_have_or_need(text, side):
    assert read(text).side == side


@pytest.mark.parametrize(
    ("text", "type_id"),
    [
        ("gulerodstoppene", "carrot_tops"),
        ("kaffegrumset", "coffee_grounds"),
        ("ølbrygningsmask", "spent_grain"),
        ("træpalleaffald", "broken_pallets"),
        ("hestemøj", "horse_manure"),
        ("kafegrums", "coffee_grounds"),
        ("MURSTEN", "bricks_used"),
        ("flis", "wood_chips"),
        ("we have spent grain from our brewery every week", "spent_grain"),
    ],
)
def test_inflected_compound_misspelt_and_english_words(text, type_id):
    assert type_id in [hit.type_id for hit in read(text).types[:3]]


@pytest.mark.parametrize(
    ("text", "quantity", "period", "as_written"),
    [
        ("60 liter mask hver 14. dag", "30", "week", "60 liter hver 14. dag"),
        ("60 liter mask hver anden måned", "30", "month", "60 liter hver anden måned"),
        ("1 ton mask hver tredje måned", "1", "quarter", ""),
        ("10 kg mask hver tirsdag, torsdag og lørdag", "30", "week", "10 kg hver tirsdag, torsdag og lørdag"),
        ("mask hver 14. dag", None, None, ""),
        ("3 tons mask om ugen, hentes hver 14. dag", "3", "week", ""),
    ],
)
def test_an_uneven_rhythm_is_reckoned_into_a_period_that_the_form_has(text, quantity, period, as_written):
    proposal = read(text)
    assert proposal.quantity == (None if quantity is None else Decimal(quantity))
    assert (proposal.period, proposal.as_written) == (period, as_written)


@pytest.mark.parametrize(
    ("text", "another"),
    [
        ("Vi har 4 ton mask og 300 liter restøl om ugen", "surplus_beer"),
        ("Vi har 4 ton mask om ugen fra ølbrygning", None),
        ("8 IBC-tanke á 1000 liter", None),
        ("4000 kg mask pr. måned, ca. 1 ton om ugen", None),
    ],
)
def test_a_second_thing_with_an_amount_of_its_own_is_told(text, another):
    assert read(text).another == another


@pytest.mark.parametrize(
    "text", ["300 europaller 25 kr stk", "300 europaller til 25,- stk.", "300 paller, 25 kr/stk"]
)
def test_a_price_for_each_is_read_as_it_is_written_in_haste(text):
    proposal = read(text)
    assert (proposal.price, proposal.price_unit, proposal.quantity) == (Decimal(25), "stk", Decimal(300))


def test_every_type_is_found_by_its_own_name():
    finder = finder_for(TYPES)
    found = [node.id in [hit.type_id for hit in finder.find(node.name, 3)] for node in TYPES.values()]
    assert share(found) >= 0.99


def test_free_and_priced_things():
    assert read("Hestemøg kan hentes gratis").free
    assert not read("Halm sælges").free
    priced = read("300 kg kartofler til salg, 4,50 kr pr. kg")
    assert (priced.price, priced.price_unit) == (Decimal("4.50"), "kg")
    assert (priced.quantity, priced.unit) == (Decimal(300), "kg")
    hired = read("Et køkken kan lejes i weekenden for 500 kr pr. dag")
    assert (hired.price, hired.price_unit, hired.period) == (Decimal(500), "dage", None)
    whole = read("Brugt sofa til 500 kr")
    assert (whole.price, whole.price_unit, whole.quantity) == (Decimal(500), "", None)


def test_pallets_and_skips_are_a_measure_unless_they_are_the_thing():
    measure = read("Vi skal af med 3 containere byggeaffald")
    assert (measure.type_id, measure.quantity) == ("construction", Decimal(3))
    assert read("12 paller til salg").type_id == "pallets"


def test_food_grade_is_told_only_where_it_is_said():
    assert read("Vi søger et fødevaregodkendt køkken").food_grade is True
    assert read("Kartofler, ikke egnet til mennesker").food_grade is False
    assert read("Kartofler").food_grade is None


def test_hazardous_by_type_or_by_word_but_not_when_denied():
    assert read("Eternittag med asbest").hazardous
    assert read("200 liter spildolie").hazardous
    assert read("Giftigt pulver").hazardous
    assert not read("Eternitplader uden asbest, nye facadeplader").hazardous


def test_a_waste_code_in_the_text_is_kept():
    assert read("Brokker, EAK 17 01 07").ewc == "170107"


def test_a_size_is_not_a_quantity_and_users_are_not_counted():
    assert read("Plastdunke 25 liter fra sæbe").quantity is None
    assert read("Søger kvægfoder til 60 køer").quantity is None
    assert read("15 brugte cykler").quantity == 15
    listed = read("Fra skolen: 400 vinduer, 200 døre og 30.000 mursten")
    assert (listed.type_id, listed.quantity) == ("windows_used", Decimal(400))


@pytest.mark.parametrize(
    "text",
    [
        "", "   ", "🍺🍺🍺", "<script>alert(1)</script>", "<b><i>", "&lt;&amp;", "\x00\u202e", "'); DROP TABLE x;--",
        "1e999 kg", "²³ kg", "9" * 400 + " kg", "9" * 20 + " t mask", "-", "..,,--//", "kg", "pr. uge",
    ],
)  # fmt: skip
def test_anything_can_be_typed(text):
    proposal = read(text)
    assert proposal.quantity is None or 0 <= proposal.quantity <= Decimal(10) ** 12


@pytest.mark.parametrize(
    "piece", ["Vi har 4 tons mask om ugen. ", "1", "til 5 til 6 ", "<", "halv ", "a", "ø🍺 "]
)
def test_ten_kilometres_of_text_are_read_as_far_as_the_limit(piece):
    assert isinstance(read(piece * 100_000), Proposal)


def test_markup_and_emoji_do_not_hide_what_is_said():
    proposal = read("<p>Vi har <b>4&nbsp;tons</b> mask 🍺 om ugen</p>")
    assert (proposal.type_id, proposal.quantity, proposal.period) == ("spent_grain", Decimal(4), "week")


def test_nothing_recognised_proposes_nothing():
    proposal = read("xyzzy qwrtp")
    assert (proposal.type_id, proposal.kind, proposal.side, proposal.ewc) == (None, None, None, "")


def test_another_tree_and_another_finder_can_be_used():
    mini = {"straw": ResourceType("straw", None, "residue", "Halm", ewc=("020103",))}
    assert read_listing("2 ton halm", mini).type_id == "straw"

    class Stubborn(TypeFinder):
        def find(self, text: str, limit: int = 5) -> list[TypeHit]:
            return [TypeHit("eggs", 1.0, ())]

    assert read_listing("2 ton halm", TYPES, Stubborn(mini)).type_id == "eggs"


def test_the_index_is_built_once_for_a_tree():
    assert finder_for(TYPES) is finder_for(TYPES)
