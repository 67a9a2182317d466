# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""A note typed in a hurry: what kind of talk, which day, what comes next, what they have and need."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from brobygger.dialogue.days import said_ahead, said_before
from brobygger.dialogue.models import Interaction
from brobygger.dialogue.reading import mentioned, people_named, read_note
from brobygger.register.models import Person

Kind = Interaction.Kind
TODAY = date(2026, 11, 23)  # a Monday


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("Besøg i dag", TODAY),
        ("Ringede i går", date(2026, 11, 22)),
        ("mødtes i forgårs", date(2026, 11, 21)),
        ("Besøgte dem 12/11", date(2026, 11, 12)),
        ("Besøgte dem den 12.11.2025", date(2025, 11, 12)),
        ("Mødtes d. 3. november", date(2026, 11, 3)),
        ("Mødtes 3. nov", date(2026, 11, 3)),
        ("Besøg 24/12", date(2025, 12, 24)),
        ("Talte med dem i fredags", date(2026, 11, 20)),
        ("Talte med dem i mandags", date(2026, 11, 16)),
        ("Var der for tre uger siden", date(2026, 11, 2)),
        ("De har 1/2 ton mask og 3/4 af lageret", None),
        ("Besøg 31/2", None),
        ("Besøg 45/13", None),
        ("De fik 1/2", date(2026, 2, 1)),
        ("", None),
    ],
)
def test_days_that_have_been(text: str, day: date | None) -> None:
    found = said_before(text, TODAY)
    assert (found.on if found else None) == day


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("ring igen om 14 dage", date(2026, 12, 7)),
        ("ring om en uge", date(2026, 11, 30)),
        ("om et par uger", date(2026, 12, 7)),
        ("om 3 måneder", date(2027, 2, 23)),
        ("om et halvt år", date(2027, 5, 23)),
        ("om et år", date(2027, 11, 23)),
        ("i morgen", date(2026, 11, 24)),
        ("i næste uge", date(2026, 11, 30)),
        ("næste måned", date(2026, 12, 1)),
        ("på torsdag", date(2026, 11, 26)),
        ("på mandag", date(2026, 11, 30)),
        ("i uge 48", date(2026, 11, 27)),  # the week we are in
        ("i uge 3", date(2027, 1, 18)),
        ("i uge 53", date(2026, 12, 28)),
        ("i uge 54", None),
        ("efter nytår", date(2027, 1, 2)),
        ("i januar", date(2027, 1, 1)),
        ("12/1", date(2027, 1, 12)),
        ("29/2", date(2028, 2, 29)),
        ("den 1. december", date(2026, 12, 1)),
        ("4 tons mask om ugen", None),
        ("i går", None),
        ("om 900 år", None),
    ],
)
def test_days_to_come(text: str, day: date | None) -> None:
    found = said_ahead(text, TODAY)
    assert (found.on if found else None) == day


def test_the_last_day_of_a_short_month() -> None:
    found = said_ahead("om 1 måned", date(2027, 1, 31))
    assert found
    assert found.on == date(2027, 2, 28)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Ringede til Bo om prisen", Kind.CALL),
        ("Talte i telefon med ejeren", Kind.CALL),
        ("Besøgte dem, fik en rundvisning", Kind.VISIT),
        ("Var ude hos dem i går", Kind.VISIT),
        ("Borgmesteren besøgte værkstedet", Kind.MAYOR_VISIT),
        ("Borgmesterbesøg med kaffe", Kind.MAYOR_VISIT),
        ("Ringede. De er vrede på borgmesteren.", Kind.CALL),
        ("Møde på kontoret om byggeriet", Kind.MEETING),
        ("Fik en mail fra Lis", Kind.MAIL),
        ("Sendte et brev", Kind.LETTER),
        ("De bygger nyt i Hvalsø", ""),
        ("Ring igen om 14 dage", ""),
        ("Møde i dag. Ring til Bo i morgen.", Kind.MEETING),
    ],
)
def test_the_kind_is_what_has_been_not_what_comes_next(text: str, kind: str) -> None:
    assert read_note(text, TODAY).kind == kind


def test_the_next_step_with_its_day_and_what_is_to_be_done() -> None:
    found = read_note("Besøgte dem i går. De har 4 tons mask om ugen. Ring igen om 14 dage om prisen.", TODAY)
    assert (found.kind, found.on) == (Kind.VISIT, date(2026, 11, 22))
    assert (found.follow_up_on, found.follow_up_about) == (date(2026, 12, 7), "Ring igen om prisen")
    assert (found.on_words, found.follow_up_words) == ("i går", "om 14 dage")


@pytest.mark.parametrize(
    ("text", "day", "about"),
    [
        ("Talte med Bo, og ring til Lis på fredag", date(2026, 11, 27), "Ring til Lis"),
        ("Følg op den 1/12", date(2026, 12, 1), "Følg op"),
        ("Næste møde 4. december om lokaler", date(2026, 12, 4), "Næste møde om lokaler"),
        ("Send materialet senest i morgen", date(2026, 11, 24), "Send materialet"),
        ("vil have opfølgning i uge 50", date(2026, 12, 7), "Vil have opfølgning"),
    ],
)
def test_next_steps_are_said_in_many_ways(text: str, day: date, about: str) -> None:
    found = read_note(text, TODAY)
    assert (found.follow_up_on, found.follow_up_about) == (day, about)


@pytest.mark.parametrize(
    "text",
    [
        "Besøg 12/11 om prisen",
        "De åbner om 14 dage",
        "Ringede i går igen",
        "De leverer 3 gange om ugen",
        "Mødes 12/11?",
    ],
)
def test_what_is_no_next_step(text: str) -> None:
    assert read_note(text, TODAY).follow_up_on is None


def test_a_talk_told_after_its_next_step_keeps_its_day() -> None:
    found = read_note("Ring igen 7/12. Besøgte dem 12/11.", TODAY)
    assert (found.on, found.follow_up_on) == (date(2026, 11, 12), date(2026, 12, 7))


def test_abbreviations_do_not_cut_a_sentence() -> None:
    found = read_note("Mødtes kl. 10 med ca. 5 mand vedr. lokaler. Ring på fredag", TODAY)
    assert found.follow_up_about == "Ring"
    assert found.kind == Kind.MEETING


def test_what_they_have_and_need_is_read_sentence_by_sentence() -> None:
    found = mentioned(
        "Besøgte bryggeriet i går. De har 4 tons mask om ugen og mangler 60 tons maltbyg om året."
    )
    assert [(thing.side, thing.resource_type) for thing in found] == [
        ("have", "spent_grain"),
        ("need", "malting_barley"),
    ]
    assert found[0].text == "De har 4 tons mask om ugen"


def test_small_talk_is_neither_had_nor_needed() -> None:
    assert mentioned("Vi talte om vejret. Hyggeligt møde. Ring igen om 14 dage.") == []


def test_people_are_known_by_their_name_when_only_one_has_it() -> None:
    bo, lis, other = Person(name="Bo Ibsen"), Person(name="Lis Holm"), Person(name="Bo Bech")
    assert people_named("Talte med Lis om Boligforeningen", [bo, lis]) == [lis]
    assert people_named("Talte med Bo", [bo, lis, other]) == []
    assert people_named("Talte med Bo Bech", [bo, lis, other]) == [other]


@given(st.text(max_size=400))
def test_any_text_is_read_without_harm(text: str) -> None:
    found = read_note(text, TODAY)
    assert found.on is None or found.on <= TODAY
    assert found.follow_up_on is None or TODAY < found.follow_up_on <= TODAY + timedelta(3660)
    assert len(found.follow_up_about) <= 200


@given(
    st.dates(date(1990, 1, 1), date(2080, 12, 31)),
    st.sampled_from(["12/11", "29/2", "om 1 måned", "i uge 53", "på mandag"]),
)
def test_a_day_is_always_on_the_right_side_of_today(today: date, words: str) -> None:
    before, ahead = said_before(words, today), said_ahead(words, today)
    assert before is None or before.on <= today
    assert ahead is None or ahead.on > today
