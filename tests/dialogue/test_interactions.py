# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Writing talks down, correcting and deleting them, and who may."""

from __future__ import annotations

import uuid
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from brobygger.accounts.models import AuditEntry, Operator, Role, User
from brobygger.base import search
from brobygger.base.history import history_of
from brobygger.base.versions import EditedMeanwhile
from brobygger.dialogue.attachments import MOST_FILES, Checked
from brobygger.dialogue.errors import BadValues, NotYourOffice, TooManyFiles
from brobygger.dialogue.models import Attachment, FollowUp, Interaction
from brobygger.dialogue.services import interactions as services
from brobygger.register.models import Organisation
from tests.dialogue.made import day, note, talk
from tests.factories import OperatorFactory, OrganisationFactory, PersonFactory, firm_user, user_as
from tests.market.at_once import at_once


@pytest.fixture
def firm(operator: Operator) -> Organisation:
    return OrganisationFactory(operator=operator, name="Herslev Prøvebryg")


def found_by(words: str, operator: Operator) -> list[int]:
    return list(search.find("interaction", words, scopes=[str(operator.pk)]).keys)


def test_a_talk_is_written_with_everything_and_found_by_its_words(
    firm: Organisation, consultant: User
) -> None:
    other, person = OrganisationFactory(operator=firm.operator), PersonFactory(operator=firm.operator)
    made = talk(
        firm,
        consultant,
        kind=Interaction.Kind.MAYOR_VISIT,
        organisations=[firm, other, firm],
        people=[person],
        participants="Borgmesteren\r\nCarl Chef",
        text="  De bygger nyt i Hvalsø ",
        minutes="Rundvisning i gæringskælderen",
    )
    assert made.operator == firm.operator
    assert set(made.organisations.all()) == {firm, other}
    assert list(made.people.all()) == [person]
    assert (made.text, made.participants) == ("De bygger nyt i Hvalsø", "Borgmesteren\nCarl Chef")
    assert made.private
    for words in ("bygge hvalsø", "gæringskælder", "herslev", person.name):
        assert found_by(words, firm.operator) == [made.pk]
    assert [change.what for change in history_of(made)] == ["oprettede"]


def test_the_next_step_is_planned_with_it(firm: Organisation, consultant: User) -> None:
    step = services.NextStep(day(14), "Ring om prisen", consultant)
    made = services.write(note(firm, consultant), user=consultant, next_step=step)
    planned = FollowUp.objects.get()
    assert (planned.interaction, planned.organisation, planned.due_on) == (made, firm, day(14))


def test_nothing_is_written_when_the_next_step_cannot_be(firm: Organisation, consultant: User) -> None:
    step = services.NextStep(day(-1), "Ring", consultant)
    with pytest.raises(BadValues) as told:
        services.write(note(firm, consultant), user=consultant, next_step=step)
    assert set(told.value.faults) == {"due_on"}
    assert not Interaction.objects.exists()
    assert found_by("bygger", firm.operator) == []


def test_the_same_form_saved_twice_is_one_talk(firm: Organisation, consultant: User) -> None:
    key = uuid.uuid4()
    first = services.write(note(firm, consultant), user=consultant, entry_key=key)
    assert services.write(note(firm, consultant), user=consultant, entry_key=key) == first
    assert Interaction.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_the_same_form_saved_at_the_same_moment_is_one_talk(firm, consultant, tmp_path: Path) -> None:
    key = uuid.uuid4()

    def save() -> int:
        return services.write(note(firm, consultant), user=consultant, entry_key=key).pk

    faults, count = at_once(tmp_path, [save] * 4, Interaction.objects.count)
    assert faults == []
    assert count == 1


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"text": " \n"}, "text"),
        ({"text": "x" * 20_001}, "text"),
        ({"minutes": "x" * 50_001}, "minutes"),
        ({"kind": "seance"}, "kind"),
        ({"on": day(1)}, "on"),
        ({"on": day().replace(year=1989)}, "on"),
        ({"organisations": []}, "organisations"),
    ],
)
def test_what_cannot_be_is_told_beside_its_field(firm, consultant, values: dict, field: str) -> None:
    with pytest.raises(BadValues) as told:
        talk(firm, consultant, **values)
    assert set(told.value.faults) == {field}


def test_only_the_firms_own_office_writes(firm: Organisation, consultant: User) -> None:
    neighbour = user_as(Role.CONSULTANT)
    for outsider in (neighbour, firm_user(firm), user_as(Role.ADMIN, firm.operator)):
        with pytest.raises(NotYourOffice):
            talk(firm, outsider)
    theirs = OrganisationFactory(operator=neighbour.memberships.get().operator)
    with pytest.raises(NotYourOffice):
        talk(firm, consultant, organisations=[firm, theirs])
    with pytest.raises(NotYourOffice):
        talk(firm, consultant, people=[PersonFactory(operator=theirs.operator)])
    with pytest.raises(BadValues):
        talk(firm, consultant, by=neighbour)


def test_who_sees_what(firm: Organisation, consultant: User, head: User) -> None:
    private, shared = talk(firm, consultant), talk(firm, consultant, private=False)
    theirs = talk(OrganisationFactory(operator=firm.operator), consultant, private=False)

    def seen(user: User) -> set[Interaction]:
        return set(Interaction.objects.visible_to(user))

    assert seen(consultant) == seen(head) == {private, shared, theirs}
    assert seen(firm_user(firm)) == {shared}
    assert seen(user_as(Role.CONSULTANT, OperatorFactory())) == set()
    assert seen(user_as(Role.ADMIN, firm.operator)) == set()
    head.is_active = False
    del head.roles
    assert seen(head) == set()


def test_a_correction_leaves_one_line_of_history_and_is_found_anew(
    firm: Organisation, consultant: User
) -> None:
    made, other = talk(firm, consultant), OrganisationFactory(operator=firm.operator, name="Kragebo Savværk")
    changed = note(firm, consultant, kind=Interaction.Kind.CALL, text="Ny kedel", organisations=[firm, other])
    services.correct(made, changed, user=consultant, expected=made.version)
    assert found_by("bygger", firm.operator) == []
    assert found_by("kedel savværk", firm.operator) == [made.pk]
    newest, first = history_of(made)
    assert (newest.what, first.what) == ("ændrede", "oprettede")
    assert "art: fra Besøg til Opkald" in newest.details
    assert "virksomheder er ændret" in newest.details


def test_the_second_of_two_corrections_is_told(firm: Organisation, consultant: User, head: User) -> None:
    made = talk(firm, consultant)
    services.correct(made, note(firm, consultant, text="Først"), user=consultant, expected=1)
    with pytest.raises(EditedMeanwhile):
        services.correct(made, note(firm, consultant, text="Sidst"), user=head, expected=1)
    made.refresh_from_db()
    assert made.text == "Først"


def test_a_correction_cannot_move_a_talk_to_another_office(firm: Organisation, consultant: User) -> None:
    made, theirs = talk(firm, consultant), OrganisationFactory()
    with pytest.raises(NotYourOffice):
        services.correct(made, note(theirs, consultant), user=consultant, expected=1)
    with pytest.raises(NotYourOffice):
        services.correct(made, note(firm, consultant), user=user_as(Role.HEAD), expected=1)


def test_somebody_who_has_left_may_still_have_held_it(
    firm: Organisation, consultant: User, head: User
) -> None:
    made = talk(firm, consultant)
    consultant.memberships.all().delete()
    services.correct(made, note(firm, consultant, text="Rettet"), user=head, expected=1)
    made.refresh_from_db()
    assert (made.by, made.text) == (consultant, "Rettet")


def test_what_is_deleted_is_gone_everywhere_and_recorded_without_a_word_of_it(
    firm: Organisation, consultant: User, django_capture_on_commit_callbacks
) -> None:
    step = services.NextStep(day(3), "Ring", consultant)
    made = services.write(note(firm, consultant, text="Følsomt"), user=consultant, next_step=step)
    file = services.attach(made, _file(), user=consultant).file.name
    with pytest.raises(NotYourOffice):
        services.delete(made, user=firm_user(firm))
    with django_capture_on_commit_callbacks(execute=True):
        services.delete(made, user=consultant)
    assert not Interaction.objects.exists()
    assert not Interaction.history.exists()
    assert not Attachment.objects.exists()
    assert not default_storage.exists(file)
    assert found_by("følsomt", firm.operator) == []
    assert FollowUp.objects.get().interaction is None
    entry = AuditEntry.objects.get(action="interaction_deleted")
    assert entry.about == f"{made}, Herslev Prøvebryg"
    assert entry.user == consultant


def _file(name: str = "plan.pdf") -> Checked:
    data = b"%PDF-1.4 test"
    return Checked(name, "application/pdf", ContentFile(data, name=f"{uuid.uuid4().hex}.pdf"), len(data))


def test_a_talk_takes_so_many_files_and_no_more(firm: Organisation, consultant: User) -> None:
    made = talk(firm, consultant)
    for number in range(MOST_FILES):
        services.attach(made, _file(f"{number}.pdf"), user=consultant)
    with pytest.raises(TooManyFiles):
        services.attach(made, _file(), user=consultant)
    with pytest.raises(NotYourOffice):
        services.attach(made, _file(), user=firm_user(firm))


def test_a_file_that_is_taken_off_is_deleted_and_recorded(
    firm: Organisation, consultant: User, django_capture_on_commit_callbacks
) -> None:
    attachment = services.attach(talk(firm, consultant), _file(), user=consultant)
    with pytest.raises(NotYourOffice):
        services.detach(attachment, user=user_as(Role.CONSULTANT))
    with django_capture_on_commit_callbacks(execute=True):
        services.detach(attachment, user=consultant)
    assert not default_storage.exists(attachment.file.name)
    assert AuditEntry.objects.get(action="attachment_deleted").about.startswith("plan.pdf: Besøg")
