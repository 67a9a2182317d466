# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Who should meet whom, why, and who must not."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from brobygger.engine.listing import InvalidListing, Listing
from brobygger.engine.suggest import suggest
from brobygger.knowledge import load
from tests.engine.test_suggest_reference import KNOWLEDGE

HAVE = Listing(
    "h", "brewery", "mask", "mask", 4, "t/uge", date(2026, 1, 1), date(2026, 12, 31), 0.0, 0.0, 60_000.0
)
NEED = Listing("n", "farm", "mask", "mask", 104, "t", date(2026, 1, 1), date(2026, 12, 31), 5_000.0, 0.0)


def only(have=HAVE, need=NEED, **options):
    rows = suggest([have], [need], KNOWLEDGE, **options)
    assert len(rows) <= 1
    return rows[0] if rows else None


def test_the_same_thing_in_time_and_nearby_is_a_sure_suggestion_with_a_reason():
    row = only()
    assert (row.type, row.text, row.quantity, row.time, row.conditions) == (1, 1, 1, 1, 1)
    assert row.confidence == "sikker"
    assert (
        row.reason == "Mask er netop det, der søges; der er nok til hele behovet; tiden passer; 5,0 km væk."
    )


def test_a_conversion_says_how_and_names_its_precedents():
    row = only(need=replace(NEED, type="feed", text=""))
    assert (row.via, row.process, row.precedents, row.type) == ("conversion", "fodres frisk", ("U1",), 0.9)
    assert "Mask kan bruges som kvægfoder (fodres frisk)" in row.reason


def test_a_conversion_says_what_it_gives_where_that_is_not_what_is_needed():
    def told(have, need):
        need, have = Listing("n", type=need), Listing("h", type=have)
        return suggest([have], [need], load())[0].reason

    assert told("coffee_grounds", "mushrooms").startswith(
        "Kaffegrums kan bruges som svampe (dyrkes på substratet);"
    )
    assert "kan blive til svampe (dyrkes på substratet), en slags grøntsager, som søges;" in told(
        "coffee_grounds", "vegetables"
    )
    assert (
        "kan bruges som frugt og bær (sælges som anden sortering), der kan omfatte æbler, som søges;"
        in told("unsold_fruit_vegetables", "apples")
    )


@pytest.mark.parametrize(
    ("have", "need"),
    [
        ("grass_clippings", "wood_chips"),
        ("impregnated_wood", "board_materials"),
        ("mattresses", "recycled_fibre"),
    ],
)
def test_a_rule_for_a_type_does_not_hold_for_the_kinds_it_leaves_out(have, need):
    knowledge = load()
    (rule,) = (rule for rule in knowledge.conversions if rule.need == need and have in rule.excluded)
    kept = next(kind for kind in knowledge.descendants(rule.have) if kind not in rule.excluded)
    assert suggest([Listing("h", type=kept)], [Listing("n", type=need)], knowledge)[0].via == "conversion"
    assert not suggest([Listing("h", type=have)], [Listing("n", type=need)], knowledge)


def test_what_is_narrower_than_the_need_fits_better_than_a_sibling():
    narrower = only(need=replace(NEED, type="organic"))
    sibling = only(need=replace(NEED, type="yeast"))
    assert (narrower.via, narrower.type) == ("narrower", 0.95)
    assert (sibling.via, sibling.confidence) == ("sibling", "usikker")
    assert narrower.score > sibling.score


def test_a_type_is_read_from_the_text_when_nobody_chose_one():
    assert only(have=replace(HAVE, type="", text="maltmask fra bryggeriet")).via == "same"


def test_listings_of_unknown_type_meet_by_their_words_and_are_called_unsure():
    row = only(have=Listing("h", text="yogamåtter blå"), need=Listing("n", text="blå yogamåtter"))
    assert (row.via, row.confidence) == ("text", "usikker")


def test_cubic_metres_and_tonnes_are_compared_through_the_density():
    assert only(have=replace(HAVE, quantity=100, unit="m3"), need=replace(NEED, quantity=120)).quantity == 0.5
    row = only(have=replace(HAVE, quantity=100, unit="m3"))
    assert row.quantity == pytest.approx(60 / 104, abs=1e-6)
    assert (row.have_per_year, row.need_per_year, row.unit) == (60, 104, "t")


def test_what_is_not_said_is_said_to_be_unknown():
    row = only(have=Listing("h", type="mask"), need=Listing("n", type="mask"))
    assert (row.quantity, row.time, row.distance, row.confidence) == (0.5, 0.5, 0.5, "usikker")
    assert row.confidence_reason == "for lidt er oplyst: mængde og sted"


def test_when_neither_side_gave_a_time_window_nothing_is_said_about_time():
    row = only(have=replace(HAVE, start=None, end=None), need=replace(NEED, start=None, end=None))
    assert row.reason == "Mask er netop det, der søges; der er nok til hele behovet; 5,0 km væk."
    assert (row.time, row.confidence) == (0.5, "sikker")
    assert row.confidence_reason == "type, mængde og afstand er oplyst og passer"


def test_when_only_one_side_gave_a_time_window_the_reason_says_what_to_ask_about():
    row = only(have=replace(HAVE, start=None, end=None))
    assert "hvornår det er til rådighed, er ikke oplyst" in row.reason
    assert (row.confidence, row.confidence_reason) == ("sandsynlig", "ikke oplyst: tid")
    assert "hvornår det skal bruges, er ikke oplyst" in only(need=replace(NEED, start=None, end=None)).reason


def test_unlike_words_never_count_against_a_pair_whose_types_are_known():
    unlike = only(need=replace(NEED, type="feed", text="tilskud til kvæget"))
    silent = only(need=replace(NEED, type="feed", text=""))
    alike = only(need=replace(NEED, type="feed", text="mask til kvæget"))
    assert (unlike.text, unlike.score) == (0.75, silent.score)
    assert alike.text > 0.75
    assert alike.score > unlike.score


def test_words_count_fully_where_a_type_is_missing():
    assert only(have=Listing("h", text="yogamåtter blå"), need=Listing("n", text="blå måtter")).text < 0.7


@pytest.mark.parametrize(
    ("have", "need"),
    [
        (replace(HAVE, max_distance=4_000.0), NEED),
        (HAVE, replace(NEED, max_distance=4_000.0)),
        (HAVE, replace(NEED, start=date(2027, 1, 1), end=None)),
        (HAVE, replace(NEED, organisation="brewery")),
        (replace(HAVE, food_grade=False), replace(NEED, food_grade=True)),
        (replace(HAVE, hazardous=True), NEED),
        (replace(HAVE, type="oil"), replace(NEED, type="oil")),
        (replace(HAVE, type="brick", text=""), replace(NEED, type="feed", text="")),
    ],
    ids=[
        "beyond the have",
        "beyond the need",
        "another time",
        "itself",
        "food",
        "hazard",
        "hazardous type",
        "unlike",
    ],
)
def test_a_hard_limit_excludes_and_never_just_lowers(have, need):
    assert only(have, need) is None


def test_a_need_exactly_at_the_limit_of_reach_is_within_it():
    assert only(replace(HAVE, max_distance=5_000.0)) is not None
    assert only(need=replace(NEED, max_distance=5_000.0)) is not None


def test_hazardous_waste_goes_to_a_receiver_with_a_permit():
    assert only(replace(HAVE, type="oil"), replace(NEED, type="oil", permit=True)) is not None


def test_food_grade_that_nobody_stated_lowers_the_conditions_and_is_said():
    row = only(need=replace(NEED, food_grade=True))
    assert row.conditions == 0.5
    assert "fødevaregodkendt" in row.reason


@pytest.mark.parametrize(
    ("organic", "conditions", "told", "confidence"),
    [
        (None, 0.5, "om det er økologisk, er ikke oplyst", "sandsynlig"),
        (False, 0.0, "det er ikke økologisk, og det ønskes", "sandsynlig"),
        (True, 1.0, "det er økologisk, som ønsket", "sikker"),
    ],
)
def test_organic_that_is_wished_for_is_weighed_and_told(organic, conditions, told, confidence):
    row = only(replace(HAVE, organic=organic), replace(NEED, organic=True))
    assert (row.conditions, row.confidence) == (conditions, confidence)
    assert told in row.reason
    if organic is None:
        assert row.confidence_reason == "ikke oplyst: økologi"


@pytest.mark.parametrize("organic", [None, False, True])
def test_organic_that_nobody_wished_for_is_not_mentioned(organic):
    row = only(replace(HAVE, organic=organic))
    assert row.conditions == 1.0
    assert "økologisk" not in row.reason


@pytest.mark.parametrize(
    ("have", "need", "told"),
    [
        ({"rest": True}, {}, "der er nok tilbage til hele behovet"),
        ({}, {"rest": True}, "der er nok til resten af behovet"),
        ({"rest": True}, {"rest": True}, "der er nok tilbage til resten af behovet"),
        ({"rest": True, "quantity": 0.5}, {}, "det, der er tilbage, dækker "),
        ({"quantity": 0.5}, {"rest": True}, "% af resten af behovet"),
    ],
)
def test_where_something_is_agreed_with_others_the_share_is_said_to_be_of_what_is_left(have, need, told):
    assert told in only(replace(HAVE, **have), replace(NEED, **need)).reason


def test_a_broker_only_listing_is_matched_and_flagged():
    assert only(replace(HAVE, visibility="broker_only")).broker_only
    assert not only().broker_only


def test_equal_scores_stand_by_distance_and_then_by_id():
    haves = [Listing(i, type="mask") for i in ("b", "c", "a")]
    assert [row.have for row in suggest(haves, [NEED], KNOWLEDGE)] == ["a", "b", "c"]
    assert suggest(haves, [NEED], KNOWLEDGE) == suggest(list(reversed(haves)), [NEED], KNOWLEDGE)


def test_in_both_directions_a_crowded_out_need_still_gets_its_row():
    haves = [replace(HAVE, id="near"), replace(HAVE, id="far", x=40_000.0)]
    rows = suggest(haves, [NEED], KNOWLEDGE, top=1, both=True)
    assert [(row.have, row.rank, row.have_rank) for row in rows] == [("near", 1, 1), ("far", 0, 1)]


@settings(max_examples=60, deadline=None)
@given(st.floats(0, 55_000), st.floats(0, 55_000))
def test_nearer_is_never_worse(one, other):
    near, far = sorted((one, other))
    assert only(need=replace(NEED, x=near)).score >= only(need=replace(NEED, x=far)).score


@settings(max_examples=60, deadline=None)
@given(st.floats(0, 1e6), st.floats(0, 1e6))
def test_more_of_the_need_covered_is_never_worse(one, other):
    less, more = sorted((one, other))
    assert only(have=replace(HAVE, quantity=more)).score >= only(have=replace(HAVE, quantity=less)).score


@pytest.mark.parametrize(
    ("column", "value"),
    [("quantity", float("nan")), ("quantity", -1.0), ("x", float("inf")), ("visibility", "secret")],
)
def test_a_listing_that_makes_no_sense_is_refused_by_column(column, value):
    with pytest.raises(InvalidListing) as error:
        replace(HAVE, **{column: value})
    assert error.value.field == column


def test_an_unknown_unit_a_repeated_id_and_reversed_dates_are_named():
    with pytest.raises(InvalidListing, match="Ukendt enhed"):
        only(have=replace(HAVE, unit="favne"))
    with pytest.raises(InvalidListing, match="mere end én gang"):
        suggest([HAVE, HAVE], [NEED], KNOWLEDGE)
    with pytest.raises(InvalidListing, match="slutter"):
        replace(HAVE, start=date(2026, 2, 1), end=date(2026, 1, 1))


def test_nothing_in_gives_nothing_out():
    assert (
        suggest([], [], KNOWLEDGE) == suggest([HAVE], [], KNOWLEDGE) == suggest([], [NEED], KNOWLEDGE) == []
    )


def test_two_texts_without_types_find_each_other_by_what_they_speak_of():
    have = Listing("h", text="4 tons mask om ugen fra ølbrygning")
    need = Listing("n", text="foder til kvæg")
    for knowledge in (KNOWLEDGE, load()):
        (row,) = suggest([have], [need], knowledge)
        assert (row.via, row.confidence) == ("conversion", "usikker")


def test_a_type_that_was_read_and_not_chosen_is_never_called_sure():
    row = only(have=replace(HAVE, type="", text="mask"))
    assert (row.via, row.confidence) == ("same", "sandsynlig")
    assert row.confidence_reason == "ressourcetypen er læst ud af teksten og ikke valgt"


def test_a_long_list_begins_as_the_short_one_and_is_in_order():
    haves = [
        replace(HAVE, id=f"h{n:03}", type="" if n % 3 else "mask", quantity=n % 7, x=float(n * n % 97) * 500)
        for n in range(300)
    ]
    everyone, long, short = (suggest(haves, [NEED], KNOWLEDGE, top=top) for top in (300, 150, 10))
    assert len(everyone) == 300
    assert everyone == sorted(everyone, key=lambda row: (-row.score, row.metres, row.have))
    assert [row.rank for row in everyone] == list(range(1, 301))
    assert (long, short) == (everyone[:150], everyone[:10])


def test_a_long_list_names_a_have_of_several_types_once():
    haves = [replace(HAVE, id=f"h{n:03}", type="", text="mask og foder til kvæg") for n in range(150)]
    need = replace(NEED, type="feed")
    rows = suggest(haves, [need], KNOWLEDGE, top=120)
    assert [row.have for row in rows] == [f"h{n:03}" for n in range(120)]
    assert rows[:5] == suggest(haves, [need], KNOWLEDGE, top=5)
