# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""A merge can be undone: every table is as it was, and what was done since stays."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.apps import apps

from brobygger.accounts.models import Operator, Role, User
from brobygger.base import search
from brobygger.base.versions import EditedMeanwhile
from brobygger.dialogue.models import FollowUp, PlannedVisit, PortfolioFirm
from brobygger.dialogue.services import follow_ups
from brobygger.market.models import Suggestion
from brobygger.register.errors import NotAllowed, UndoRefused
from brobygger.register.merging.relations import is_history
from brobygger.register.models import Affiliation, Merge, Organisation, Permit, PossibleDuplicate, Tag
from brobygger.register.services import create_organisation, update_organisation
from brobygger.register.services_merge import undo
from brobygger.register.services_people import erase_person
from tests.dialogue.made import step, talk
from tests.factories import (
    EstablishmentFactory,
    ListingFactory,
    MatchFactory,
    OrganisationFactory,
    PersonFactory,
    SuggestionFactory,
    user_as,
)
from tests.register.test_merge import gone as gone
from tests.register.test_merge import kept as kept
from tests.register.test_merge import laid_together

ONLY_GROWS = {"version", "changed_at"}
"""Columns that count or date changes: a merge and its undoing are two."""
NOT_COMPARED = {
    "register.merge", "register.mergestep", "accounts.auditentry", "base.searchdocument", "base.searchword",
    "django_tasks_database.dbtaskresult",
}  # fmt: skip


def everything() -> dict[str, list[dict[str, Any]]]:
    """Every row of every table but those that only tell what happened."""
    tables = {}
    for model in apps.get_models(include_auto_created=True):
        if is_history(model) or model._meta.label_lower in NOT_COMPARED or not model._meta.managed:
            continue
        rows = model._base_manager.order_by("pk").values()
        tables[model._meta.label_lower] = [
            {name: value for name, value in row.items() if name not in ONLY_GROWS} for row in rows
        ]
    return tables


def much_of_everything(kept: Organisation, gone: Organisation, user: User) -> None:
    """Records of every kind with the one that goes, and of the same things with the one that stays."""
    operator = kept.operator
    tags = [Tag.objects.create(operator=operator, name=name) for name in ("begge", "den ene")]
    kept.tags.add(tags[0])
    gone.tags.set(tags)
    talk(kept, user, organisations=[kept, gone])
    talk(gone, user)
    step(gone, user)
    person = PersonFactory(operator=operator)
    Affiliation.objects.create(person=person, organisation=kept, ended_on=date(2025, 1, 1))
    Affiliation.objects.create(person=person, organisation=gone, title="Direktør", may_act=True)
    for firm in (kept, gone):
        EstablishmentFactory(organisation=firm, is_main=True)
        PortfolioFirm.objects.create(operator=operator, organisation=firm)
        PlannedVisit.objects.create(
            operator=operator, organisation=firm, week=date(2026, 11, 30), consultant=user
        )
    Permit.objects.create(organisation=gone, kind=Permit.Kind.FOOD)
    own, need = ListingFactory(organisation=gone), ListingFactory(organisation=kept, side="need")
    SuggestionFactory(have=own, need=need)
    MatchFactory(have=own, taker=kept)
    elsewhere = ListingFactory(organisation=OrganisationFactory(operator=operator))
    for number, firm in enumerate((kept, gone)):
        SuggestionFactory(
            have=elsewhere, kind=Suggestion.Kind.TAKER, need=None, organisation=firm,
            state=["new", "declined"][number], decline_facts={"giver": 1, "taker": firm.pk},
        )  # fmt: skip
    PossibleDuplicate.objects.create(operator=operator, first=kept, second=gone, score=0.9)


def test_after_undoing_every_table_is_as_it_was(kept, gone, consultant) -> None:
    much_of_everything(kept, gone, consultant)
    Organisation.objects.filter(pk=gone.pk).update(phone="12345678", street="Havnen 2", postal_code="4000")
    kept.refresh_from_db()
    gone.refresh_from_db()
    before = everything()
    record = laid_together(kept, gone, consultant, name="gone", phone="gone", address="gone")
    assert everything() != before
    undo(record, expected=record.version, user=consultant)
    after = everything()
    for table, rows in before.items():
        assert after[table] == rows, table


def test_both_are_found_again_by_their_names(kept, gone, consultant) -> None:
    record = laid_together(kept, gone, consultant)
    undo(record, expected=record.version, user=consultant)
    found = search.find("organisation", "Bryghus", scopes=[str(kept.operator_id)]).keys
    assert set(found) == {kept.pk, gone.pk}


def test_what_was_changed_since_stays_as_it_is_now(kept, gone, consultant, operator) -> None:
    moved, done = step(gone, consultant), step(gone, consultant)
    Organisation.objects.filter(pk=gone.pk).update(phone="12345678")
    gone.refresh_from_db()
    record = laid_together(kept, gone, consultant, phone="gone")
    kept.refresh_from_db()
    update_organisation(kept, {"phone": "87654321"}, expected=kept.version)
    fresh = FollowUp.objects.get(pk=done.pk)
    follow_ups.finish(fresh, user=consultant, expected=fresh.version)
    found = undo(record, expected=record.version, user=consultant)
    kept.refresh_from_db()
    assert kept.phone == "87654321"
    assert set(FollowUp.objects.filter(organisation_id=record.gone_pk)) == {moved, done}
    assert FollowUp.objects.get(pk=done.pk).is_done
    assert found.changed_since == 1


def test_what_was_written_since_stays_with_the_kept_one(kept, gone, consultant) -> None:
    record = laid_together(kept, gone, consultant)
    new = step(kept, consultant)
    undo(record, expected=record.version, user=consultant)
    new.refresh_from_db()
    assert new.organisation_id == kept.pk


def test_somebody_who_was_erased_since_does_not_come_back(kept, gone, consultant, operator) -> None:
    person = PersonFactory(operator=operator, name="Slettet Person")
    for firm in (kept, gone):
        Affiliation.objects.create(person=person, organisation=firm)
    record = laid_together(kept, gone, consultant)
    erase_person(person, by=consultant)
    assert not record.steps.filter(model="register.affiliation").exists()
    undo(record, expected=record.version, user=consultant)
    assert not Affiliation.objects.filter(organisation_id=record.gone_pk).exists()


def test_it_cannot_be_undone_twice_nor_from_an_older_page(kept, gone, consultant) -> None:
    record = laid_together(kept, gone, consultant)
    with pytest.raises(EditedMeanwhile):
        undo(record, expected=record.version + 1, user=consultant)
    undo(record, expected=record.version, user=consultant)
    with pytest.raises(UndoRefused, match="allerede fortrudt"):
        undo(record, expected=record.version, user=consultant)


def test_a_later_merge_of_the_kept_one_must_be_undone_first(kept, gone, consultant, operator) -> None:
    third = OrganisationFactory(operator=operator, name="Det tredje", cvr=None)
    first = laid_together(kept, gone, consultant)
    kept.refresh_from_db()
    second = laid_together(third, kept, consultant)
    first.refresh_from_db()
    assert first.kept_id == third.pk
    with pytest.raises(UndoRefused, match="Fortryd først"):
        undo(first, expected=first.version, user=consultant)
    undo(second, expected=second.version, user=consultant)
    first.refresh_from_db()
    undo(first, expected=first.version, user=consultant)
    assert Organisation.objects.filter(operator=operator).count() == 3


def test_a_cvr_number_that_was_given_away_since_is_in_the_way(kept, consultant, operator) -> None:
    nameless = OrganisationFactory(operator=operator, cvr=None)
    number = str(kept.cvr)
    record = laid_together(nameless, kept, consultant)
    create_organisation(operator, {"name": "Ny ejer", "cvr": number})
    with pytest.raises(UndoRefused, match="hører nu til Ny ejer"):
        undo(record, expected=record.version, user=consultant)
    assert Merge.objects.get().undone_at is None


def test_only_the_offices_consultants_and_heads_may(kept, gone, consultant) -> None:
    record = laid_together(kept, gone, consultant)
    for stranger in (user_as(Role.ADMIN, kept.operator), user_as(Role.CONSULTANT)):
        with pytest.raises(NotAllowed):
            undo(record, expected=record.version, user=stranger)


def test_a_neighbours_merge_is_not_seen(kept, gone, consultant, operator: Operator) -> None:
    laid_together(kept, gone, consultant)
    assert not Merge.objects.visible_to(user_as(Role.CONSULTANT)).exists()
    assert Merge.objects.visible_to(consultant).exists()
