# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Finding records by words: what is found, in what order, by whom."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection, transaction

from brobygger.accounts.models import Operator
from brobygger.base import search
from brobygger.base.search import indexing, kinds
from brobygger.base.search.models import SearchDocument
from brobygger.register.models import Organisation
from tests.factories import OperatorFactory, OrganisationFactory
from tests.market.at_once import at_once

KIND = "organisation"


def enter(operator: Operator, name: str, **fields: object) -> Organisation:
    organisation = OrganisationFactory(operator=operator, name=name, **fields)
    search.index(KIND, [organisation])
    return organisation


def names(operator: Operator, text: str) -> list[str]:
    found = search.find(KIND, text, scopes=[str(operator.pk)]).keys
    by_key = Organisation.objects.in_bulk(found)
    return [by_key[key].name for key in found]


@pytest.mark.parametrize(
    "typed",
    [
        "Herslev Bryghus",
        "herslev",
        "hersl",
        "bryghus",
        "bryghuset",
        "bryggeri",
        "bryggerier",
        "herslef",
        "hreslev",
        "bryghsu",
        "4320",
        "Lejre",
        "99200777",
        "99 20 07 77",
        "9920 0777",
        "HERSLEV  BRYGHUS A/S",
        "fremstilling af øl",
        "oel",
    ],
)
def test_the_brewery_is_found_by(operator: Operator, typed: str) -> None:
    enter(operator, "Herslev Bryghus A/S", cvr="99200777", industry="110500")
    enter(
        operator,
        "Møllers Maskinfabrik",
        cvr="99200778",
        industry="251100",
        city="Roskilde",
        postal_code="4000",
        municipality_code="0265",
    )
    assert names(operator, typed)[:1] == ["Herslev Bryghus A/S"]


@pytest.mark.parametrize("typed", ["gulerodsfirma", "gulerødder", "gulerod", "guleroder", "gulerødderne"])
def test_the_carrot_grower_is_found_by(operator: Operator, typed: str) -> None:
    enter(operator, "Osted Gulerødder I/S", industry="")
    enter(operator, "Osted Autoværksted", industry="")
    assert names(operator, typed) == ["Osted Gulerødder I/S"]


def test_a_name_comes_before_a_mention(operator: Operator) -> None:
    enter(operator, "Lejre Revision", description="Vi har mange års erfaring med gartneri.")
    enter(operator, "Lejre Gartneri")
    assert names(operator, "gartneri") == ["Lejre Gartneri", "Lejre Revision"]


def test_every_word_counts(operator: Operator) -> None:
    enter(operator, "Osted Autoværksted")
    enter(operator, "Osted Bageri")
    assert names(operator, "osted bageri") == ["Osted Bageri"]


def test_some_of_the_words_are_better_than_nothing_and_it_is_said(operator: Operator) -> None:
    enter(operator, "Osted Bageri")
    found = search.find(KIND, "bageri zzqqxx", scopes=[str(operator.pk)])
    assert found.some_words
    assert len(found.keys) == 1


def test_a_danish_word_is_not_taken_for_another(operator: Operator) -> None:
    enter(operator, "Kartonfabrikken", description="Kartoner og plast")
    assert names(operator, "kartofler") == []
    assert names(operator, "kartonner") == ["Kartonfabrikken"]
    assert names(operator, "plastik") == ["Kartonfabrikken"]


@pytest.mark.parametrize("typed", ["elektriker", "håndværkere", "landbrug", "køer"])
def test_a_firm_is_found_by_what_people_call_its_trade(operator: Operator, typed: str) -> None:
    enter(operator, "Nielsens El", industry="432100")
    enter(operator, "Enghave", industry="014100")
    assert names(operator, typed) == ["Enghave" if typed in {"landbrug", "køer"} else "Nielsens El"]


def test_a_mended_typing_error_is_said(operator: Operator) -> None:
    enter(operator, "Herslev Bryghus")
    assert search.find(KIND, "herslef bryghus", scopes=[str(operator.pk)]).corrected == "herslev bryghus"
    assert search.find(KIND, "herslev", scopes=[str(operator.pk)]).corrected == ""


def test_what_a_record_no_longer_says_is_not_found(operator: Operator) -> None:
    firm = enter(operator, "Herslev Bryghus")
    firm.name = "Osted Smedje"
    firm.save()
    search.index(KIND, [firm])
    assert names(operator, "herslev") == []
    assert names(operator, "smedje") == ["Osted Smedje"]


def test_a_removed_record_is_not_found(operator: Operator) -> None:
    firm = enter(operator, "Herslev Bryghus")
    search.remove(KIND, [firm])
    assert names(operator, "herslev") == []


def test_a_deleted_record_leaves_the_index_when_it_is_indexed(operator: Operator) -> None:
    firm = enter(operator, "Herslev Bryghus")
    key = firm.pk
    firm.delete()
    search.index(KIND, [key])
    assert not SearchDocument.objects.exists()


def test_the_index_follows_the_transaction(operator: Operator) -> None:
    with transaction.atomic():
        enter(operator, "Herslev Bryghus")
        transaction.set_rollback(True)
    assert search.find(KIND, "herslev", scopes=[str(operator.pk)]).keys == []


def test_another_office_finds_nothing_and_learns_no_words(operator: Operator) -> None:
    enter(operator, "Herslev Bryghus")
    other = OperatorFactory()
    for typed in ("herslev", "herslef", "bryghus"):
        found = search.find(KIND, typed, scopes=[str(other.pk)])
        assert found.keys == []
        assert found.corrected == ""


def test_no_scope_finds_nothing(operator: Operator) -> None:
    enter(operator, "Herslev Bryghus")
    assert search.find(KIND, "herslev", scopes=[]).keys == []


def test_all_hits_can_be_used_as_a_filter(operator: Operator) -> None:
    for number in range(5):
        enter(operator, f"Gård {number}")
    scopes = [str(operator.pk)]
    found = search.find(KIND, "gård", scopes=scopes, limit=2)
    assert found.more
    assert len(found.keys) == 2
    assert Organisation.objects.filter(pk__in=search.hits(KIND, found, scopes=scopes)).count() == 5


@pytest.mark.parametrize(
    "typed",
    [
        "",
        " ",
        '"',
        "*",
        "'",
        "a'b",
        "'); DROP TABLE base_searchdocument; --",
        "AND OR NOT",
        "NEAR(a b)",
        "\x00",
        "🙂",
        "a" * 10_000,
        "name:x",
        "{name} : y",
        "\\",
        "%_",
    ],
)
def test_any_typed_text_is_answered(operator: Operator, typed: str) -> None:
    enter(operator, "Herslev Bryghus")
    assert isinstance(search.find(KIND, typed, scopes=[str(operator.pk)]).keys, list)


def test_building_the_index_anew_finds_the_same(operator: Operator) -> None:
    OrganisationFactory(operator=operator, name="Herslev Bryghus")
    assert names(operator, "herslev") == []
    call_command("reindex", "organisation", verbosity=0)
    assert names(operator, "herslev") == ["Herslev Bryghus"]
    assert names(operator, "herslef") == ["Herslev Bryghus"]


def test_indexing_many_takes_no_more_queries_than_few(
    operator: Operator, django_assert_max_num_queries
) -> None:
    firms = OrganisationFactory.create_batch(60, operator=operator)
    with django_assert_max_num_queries(14):
        search.index(KIND, firms)


@pytest.mark.django_db
@pytest.mark.skipif("connection.vendor != 'postgresql'")
def test_each_kind_has_a_text_index_of_its_own() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT indexname FROM pg_indexes WHERE indexdef LIKE %s", ["%USING gin (vector)%"])
        names = {name for (name,) in cursor.fetchall()}
    assert names == {f"base_searchdocument_{kind.key}" for kind in kinds.every()}


def test_what_thousands_have_is_not_ranked_but_all_of_it_is_found(
    operator: Operator, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(5):
        enter(operator, f"Gård {number}")
    scopes = [str(operator.pk)]
    few = search.find_all(KIND, "gård", scopes=scopes)
    assert (len(few.keys), few.more) == (5, False)
    monkeypatch.setattr("brobygger.base.search.finding.MOST_RANKED", 4)
    many = search.find_all(KIND, "gård", scopes=scopes)
    assert (many.keys, many.more) == ([], True)
    for found in (few, many):
        rows = Organisation.objects.filter(pk__in=search.hits(KIND, found, scopes=scopes))
        assert set(rows.values_list("pk", flat=True)) == set(few.keys)
    assert search.find_all(KIND, "gaarrd", scopes=scopes).corrected == "gård"


def test_of_several_words_too_those_in_the_name_say_most(operator: Operator) -> None:
    enter(operator, "Nordisk Handel", city="Gård", street="Møllevej 1")
    enter(operator, "Gård Mølle")
    scopes = [str(operator.pk)]
    for found in (
        search.find(KIND, "gård mølle", scopes=scopes),
        search.find_all(KIND, "gård mølle", scopes=scopes),
    ):
        assert names_of(found.keys) == ["Gård Mølle", "Nordisk Handel"]


def names_of(keys: list[int]) -> list[str]:
    known = Organisation.objects.in_bulk(keys)
    return [known[key].name for key in keys]


@pytest.mark.django_db(transaction=True)
def test_others_write_while_the_index_is_built_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, operator: Operator
) -> None:
    """On SQLite one connection writes at a time, and whoever waits for twenty seconds is refused."""
    monkeypatch.setattr(indexing, "BATCH", 1)
    for name in ("Bryggeriet", "Mejeriet", "Slagteriet"):
        OrganisationFactory(operator=operator, name=name)
    begun, written = threading.Event(), threading.Event()

    def tell(done: int) -> None:
        begun.set()
        written.wait(5)

    def write() -> None:
        begun.wait(5)
        if connection.vendor == "sqlite":
            connection.cursor().execute("PRAGMA busy_timeout = 200")
        Organisation.objects.filter(name="Mejeriet").update(name="Osteriet")
        written.set()

    faults, found = at_once(
        tmp_path,
        [lambda: search.reindex(KIND, tell), write],
        then=lambda: Organisation.objects.filter(name="Osteriet").count(),
    )
    assert (faults, found) == ([], 1)
