# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""A whole import is taken back, talks or firms, as long as nothing has been built on it; all of it or nothing."""

from __future__ import annotations

import json
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import models
from django.test import Client
from django.utils import timezone

from brobygger.accounts.models import AuditEntry, Operator, Role, User
from brobygger.base import search
from brobygger.base.models import Job
from brobygger.dialogue.models import Interaction, PlannedVisit
from brobygger.dialogue.services import interactions
from brobygger.register import services, tasks
from brobygger.register.imports import runs, taking_back
from brobygger.register.imports.errors import NotAllowed
from brobygger.register.imports.importers import no_progress
from brobygger.register.merging.relations import is_history
from brobygger.register.models import Affiliation, Establishment, ImportRun, Organisation, Person
from brobygger.register.services_merge import merge
from tests.dialogue.made import note
from tests.factories import EstablishmentFactory, OrganisationFactory, user_as
from tests.register.cvr_documents import company

TALKS = "dato;cvr;tekst\n3.2.2021;99100001;De bygger nyt\n4.2.2021;99100001;De sælger mask\n"
FIRMS = (
    "navn;cvr;adresse;postnr;ansatte;kontaktperson;mail;mærkater;p-nummer\n"
    "Nyt Værft;99100002;Havnen 1;4320;7;Bodil Prøve;b@example.invalid;havn;1990000001\n"
    "Øens Bryghus ApS;99100001;Ny Vej 9;4320;99;;;havn;\n"
)


@pytest.fixture
def firm(operator: Operator) -> Organisation:
    return OrganisationFactory(operator=operator, cvr="99100001", name="Øens Bryghus ApS", employees=3)


@pytest.fixture
def bring_in(operator: Operator, consultant: User, tmp_path: Path, settings):
    settings.MEDIA_ROOT = tmp_path

    def run(kind: str, text: str) -> ImportRun:
        upload = SimpleUploadedFile("fil.csv", text.encode())
        made = runs.receive(operator=operator, by=consultant, kind=kind, upload=upload, dry_run=False)
        runs.carry_out(made, no_progress)
        return ImportRun.objects.get(pk=made.pk)

    return run


def taken_back(run: ImportRun, by: User) -> int:
    return taking_back.take_back(run, by=by, progress=no_progress)


def test_talks_go_with_their_history_and_can_come_in_again(bring_in, firm, consultant: User) -> None:
    mine = interactions.write(note(firm, consultant, text="Skrevet selv"), user=consultant)
    run = bring_in("interactions", TALKS)
    assert Interaction.objects.count() == 3
    assert taken_back(run, consultant) == 2
    assert list(Interaction.objects.all()) == [mine]
    assert Interaction.history.values("id").distinct().count() == 1
    assert not search.find("interaction", "mask", scopes=[str(firm.operator_id)], limit=5).keys
    assert AuditEntry.objects.filter(action="import_taken_back").exists()
    with pytest.raises(NotAllowed):
        taken_back(ImportRun.objects.get(pk=run.pk), consultant)
    bring_in("interactions", TALKS)
    assert Interaction.objects.count() == 3


def test_a_talk_that_was_corrected_or_followed_up_holds_all_of_them(bring_in, firm, consultant: User) -> None:
    run = bring_in("interactions", TALKS)
    one = Interaction.objects.first()
    interactions.correct(one, note(firm, consultant, text="Rettet"), user=consultant, expected=one.version)
    assert taking_back.in_the_way(run) == ["Rettet siden: 1 samtaler."]
    with pytest.raises(NotAllowed, match="Rettet siden"):
        taken_back(run, consultant)
    assert Interaction.objects.count() == 2


def test_firms_go_and_those_that_were_there_are_as_they_were(bring_in, firm, consultant: User) -> None:
    services.set_tags(firm, ["fødevarer"])
    firm.save()
    run = bring_in("organisations", FIRMS)
    assert (run.created, run.changed) == (1, 1), run.problems
    taken_back(run, consultant)
    assert list(Organisation.objects.all()) == [firm]
    assert not Establishment.objects.exists()
    assert not Person.objects.exists()
    assert not Affiliation.objects.exists()
    found = Organisation.objects.get(pk=firm.pk)
    assert (found.employees, found.street, found.x) == (3, firm.street, pytest.approx(firm.x, abs=2000))
    assert [tag.name for tag in found.tags.all()] == ["fødevarer"]


def test_a_firm_that_was_there_is_no_longer_found_by_what_was_taken_back(
    bring_in, firm, consultant: User
) -> None:
    known = EstablishmentFactory(
        organisation=firm, operator=firm.operator, p_number="1990000008", name="Lageret"
    )
    run = bring_in(
        "organisations",
        "navn;cvr;p-nummer;kontaktperson\n"
        "Udsalget i Hvalsø;99100001;1990000009;Bodil Prøve\n"
        "Magasinet;99100001;1990000008;\n",
    )
    found = partial(search.find, "organisation", scopes=[str(firm.operator_id)], limit=5)
    words = ("1990000009", "udsalget", "bodil", "magasinet")
    assert [found(word).keys for word in words] == [[firm.pk]] * 4, run.problems
    taken_back(run, consultant)
    assert Establishment.objects.get() == known
    assert [found(word).keys for word in words] == [[]] * 4
    assert found("lageret").keys == [firm.pk]


def test_tags_that_came_alone_are_taken_off_again(bring_in, firm, consultant: User) -> None:
    services.set_tags(firm, ["fødevarer"])
    run = bring_in("organisations", "navn;cvr;mærkater\nØens Bryghus ApS;99100001;havn\n")
    assert {tag.name for tag in firm.tags.all()} == {"fødevarer", "havn"}
    taken_back(run, consultant)
    assert {tag.name for tag in firm.tags.all()} == {"fødevarer"}


def test_a_firm_with_a_talk_a_merge_or_a_correction_holds_them(bring_in, firm, consultant: User) -> None:
    run = bring_in("organisations", FIRMS)
    new = Organisation.objects.get(cvr="99100002")
    interactions.write(note(new, consultant), user=consultant)
    assert any("Bygger på den: 1 samtaler" in told for told in taking_back.in_the_way(run))
    services.update_organisation(firm, {"phone": "1"}, expected=Organisation.objects.get(pk=firm.pk).version)
    assert any("Ændret siden: 1 virksomheder" in told for told in taking_back.in_the_way(run))


def test_a_firm_that_was_laid_together_holds_them(bring_in, firm, consultant: User) -> None:
    run = bring_in("organisations", FIRMS)
    other = OrganisationFactory(operator=firm.operator, cvr=None)
    new = Organisation.objects.get(cvr="99100002")
    merge(other, new, chosen={}, expected=(other.version, new.version), user=consultant)
    assert "Lagt sammen med andre: 1 virksomheder." in taking_back.in_the_way(run)


@pytest.mark.parametrize("model", [Organisation, Establishment, Person, Affiliation, Interaction])
def test_every_key_to_what_an_import_makes_is_seen_with_a_way_back_or_without(model: type) -> None:
    keys = {
        (other, field.name)
        for other in apps.get_models()
        for field in (*other._meta.local_concrete_fields, *other._meta.local_many_to_many)
        if isinstance(field, models.ForeignKey | models.ManyToManyField) and field.related_model is model
        if not is_history(other)
    }
    assert {(other, field.name) for other, field in taking_back.pointing_at(model)} == keys


def test_a_visit_planned_with_a_contact_that_came_in_holds_them(
    bring_in, firm, operator: Operator, consultant: User
) -> None:
    run = bring_in("organisations", FIRMS)
    bodil = Person.objects.get(name="Bodil Prøve")
    visit = PlannedVisit.objects.create(
        operator=operator, organisation=firm, week="2026-11-23", consultant=consultant, contact=bodil
    )
    assert taking_back.in_the_way(run) == ["Bygger på den: 1 planlagte besøg."]
    with pytest.raises(NotAllowed, match="planlagte besøg"):
        taken_back(run, consultant)
    visit.refresh_from_db()
    assert visit.contact == bodil


def test_what_cvr_says_of_a_changed_firm_after_the_import_holds_it(bring_in, firm, consultant: User) -> None:
    run = bring_in("organisations", FIRMS)
    bring_in("cvr", json.dumps(company(99100001)) + "\n")
    assert Organisation.objects.get(pk=firm.pk).employees == 13
    assert taking_back.in_the_way(run) == ["Ændret siden: 1 virksomheder."]
    with pytest.raises(NotAllowed, match="Ændret siden"):
        taken_back(run, consultant)
    assert Organisation.objects.get(pk=firm.pk).employees == 13


def test_a_later_import_of_a_changed_firm_is_taken_back_first(bring_in, firm, consultant: User) -> None:
    first = bring_in("organisations", FIRMS)
    later = bring_in("organisations", "navn;cvr;ansatte\nØens Bryghus ApS;99100001;120\n")
    assert "Ændret siden: 1 virksomheder." in taking_back.in_the_way(first)
    taken_back(later, consultant)
    assert Organisation.objects.get(pk=firm.pk).employees == 99


def test_an_import_that_went_on_at_the_same_time_holds_what_both_changed(bring_in, firm) -> None:
    first = bring_in("organisations", FIRMS)
    later = bring_in("organisations", "navn;cvr;ansatte\nØens Bryghus ApS;99100001;120\n")
    ImportRun.objects.filter(pk=first.pk).update(finished_at=timezone.now() + timedelta(minutes=1))
    first.refresh_from_db()
    assert "Ændret siden: 1 virksomheder." in taking_back.in_the_way(first)
    assert taking_back.in_the_way(later) == ["Ændret siden: 1 virksomheder."]


def test_only_who_started_it_or_the_head_may(bring_in, firm, operator: Operator, consultant: User) -> None:
    run = bring_in("interactions", TALKS)
    assert taking_back.is_offered(run, consultant)
    assert taking_back.is_offered(run, user_as(Role.HEAD, operator))
    assert not taking_back.is_offered(run, user_as(Role.CONSULTANT, operator))
    assert not taking_back.is_offered(run, user_as(Role.HEAD))


def test_the_page_asks_says_what_is_in_the_way_and_does_it(
    as_consultant: Client, bring_in, firm, consultant: User
) -> None:
    run = bring_in("interactions", TALKS)
    address = f"/virksomheder/import/{run.pk}/tag-tilbage/"
    assert address in as_consultant.get(run.get_absolute_url()).content.decode()
    one = Interaction.objects.first()
    interactions.correct(one, note(firm, consultant, text="Rettet"), user=consultant, expected=one.version)
    page = as_consultant.get(address).content.decode()
    assert "Rettet siden: 1 samtaler" in page
    assert "Ja, tag importen tilbage" not in page
    interactions.delete(Interaction.objects.get(pk=one.pk), user=consultant)
    as_consultant.post(address)
    job = Job.objects.get(kind="take_back")
    tasks.take_back_run.func(str(job.pk), run.pk, consultant.pk)
    assert not Interaction.objects.exists()
    assert "taget tilbage" in as_consultant.get(run.get_absolute_url()).content.decode()
    assert as_consultant.get(address).status_code == 404
