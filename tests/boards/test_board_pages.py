# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Boards in the browser: the office works, a member reads, others see nothing."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from brobygger.accounts.models import Role
from brobygger.boards.models import Board, Meeting, Recommendation, Seat
from brobygger.boards.services import recommendations
from brobygger.register.models import Person
from tests.boards.made import board, day, meeting, partner, recommendation, seat
from tests.dialogue.made import step
from tests.factories import OrganisationFactory, PersonFactory, user_as


def at(name: str, *keys: Any) -> str:
    return reverse(f"boards:{name}", args=keys)


@pytest.fixture(autouse=True)
def _own_files(settings, tmp_path) -> None:
    settings.MEDIA_ROOT = tmp_path


def test_the_office_sets_up_a_board_with_members_meeting_and_recommendation(
    as_consultant: Client, operator
) -> None:
    as_consultant.post(at("new_board"), {"name": "Erhvervsrådet", "kind": "council", "purpose": "Råd"})
    council = Board.objects.get()
    as_consultant.post(
        at("new_seat", council.pk), {"name": "Anna Prøve", "role": "chair", "starts_on": str(day())}
    )
    as_consultant.post(
        at("new_meeting", council.pk),
        {"title": "Forårsmøde", "on": str(day(7)), "begins": "16:00", "ends": "18:00", "place": "Rådhuset"},
    )
    held = Meeting.objects.get()
    assert timezone.localtime(held.starts_at).hour == 16
    as_consultant.post(at("add_item", held.pk), {"punkt-title": "Byggesager", "punkt-kind": "decision"})
    as_consultant.post(at("add_paper", held.pk), {"bilag-file": SimpleUploadedFile("tal.txt", b"Tal")})
    as_consultant.post(
        at("new_recommendation", council.pk),
        {"title": "Hurtigere svar", "given_on": str(day()), "meeting": held.pk},
    )
    page = as_consultant.get(council.get_absolute_url()).content.decode()
    assert all(word in page for word in ("Anna Prøve", "Forårsmøde", "Hurtigere svar"))
    page = as_consultant.get(held.get_absolute_url()).content.decode()
    assert all(word in page for word in ("1. Byggesager", "tal.txt", "Hurtigere svar"))


def test_somebody_known_gets_the_seat_instead_of_a_twin(as_consultant, operator) -> None:
    council = board(operator)
    known = PersonFactory(operator=operator, name="Anna Prøve", email="anna@example.invalid")
    as_consultant.post(
        at("new_seat", council.pk), {"name": "Anna P.", "email": "ANNA@example.invalid", "role": "member"}
    )
    assert Seat.objects.get().person == known


def test_of_several_with_the_name_one_is_chosen(as_consultant, operator) -> None:
    council = board(operator)
    people = [PersonFactory(operator=operator, name="Anna Prøve") for _ in range(2)]
    typed = {"name": "anna prøve", "role": "member"}
    html = as_consultant.post(at("new_seat", council.pk), typed).content.decode()
    assert "Vælg den rigtige" in html
    as_consultant.post(at("new_seat", council.pk), {**typed, "person": str(people[1].pk)})
    assert Seat.objects.get().person == people[1]
    assert Person.objects.count() == 2


def test_what_is_wrong_stands_beside_what_was_typed(as_consultant, operator) -> None:
    council = board(operator)
    typed = {"title": "Forårsmøde", "on": str(day(7)), "begins": "16:00", "ends": "16:00"}
    html = as_consultant.post(at("new_meeting", council.pk), typed).content.decode()
    assert "slutter, før det begynder" in html
    assert "Forårsmøde" in html


def pages_of(council: Board, held: Meeting, given: Recommendation) -> list[str]:
    return [
        council.get_absolute_url(), held.get_absolute_url(), given.get_absolute_url(), at("agenda_pdf", held.pk),
        at("meeting_calendar", held.pk), at("board_calendar", council.pk),
    ]  # fmt: skip


def test_a_member_reads_the_own_board_and_no_other(sign_in, operator, consultant) -> None:
    mine, other = board(operator), board(operator)
    user = sign_in(partner(mine))
    own = pages_of(mine, meeting(mine), recommendation(mine, consultant))
    others = pages_of(other, meeting(other), recommendation(other, consultant))
    assert {user.get(page).status_code for page in own} == {200}
    assert {user.get(page).status_code for page in others} == {404}
    listed = user.get(at("boards")).content.decode()
    assert mine.name in listed
    assert other.name not in listed


def test_a_member_changes_nothing(sign_in, operator, consultant) -> None:
    council = board(operator)
    user = sign_in(partner(council))
    held, given = meeting(council), recommendation(council, consultant)
    tried = [
        at("edit_board", council.pk), at("new_seat", council.pk), at("add_item", held.pk), at("attendance", held.pk),
        at("answer", given.pk), at("cancel_meeting", held.pk), at("link", given.pk),
    ]  # fmt: skip
    assert {user.post(page).status_code for page in tried} == {403}
    assert "Skriv svar" not in user.get(given.get_absolute_url()).content.decode()


def test_a_neighbours_consultant_finds_nothing(sign_in, operator, consultant) -> None:
    council = board(operator)
    neighbour = sign_in(user_as(Role.CONSULTANT))
    pages = pages_of(council, meeting(council), recommendation(council, consultant))
    assert {neighbour.get(page).status_code for page in pages} == {404}


def test_attendance_minutes_and_approval(as_consultant, operator) -> None:
    council = board(operator)
    here = seat(council)
    held = meeting(council, starts_at=timezone.now() - timezone.timedelta(hours=3))
    as_consultant.post(
        at("attendance", held.pk), {"opened_version": held.version, f"plads-{here.pk}": "present"}
    )
    assert as_consultant.get(at("minutes_pdf", held.pk))["Content-Type"] == "application/pdf"
    as_consultant.post(at("approve_minutes", held.pk))
    held.refresh_from_db()
    assert held.is_locked
    page = as_consultant.get(held.get_absolute_url()).content.decode()
    assert "Sæt på dagsordenen" not in page


def test_minutes_of_a_meeting_to_come_are_not_found(as_consultant, operator) -> None:
    assert as_consultant.get(at("minutes_pdf", meeting(board(operator)).pk)).status_code == 404


def test_an_answer_and_a_follow_up_stand_on_the_recommendation(as_consultant, operator, consultant) -> None:
    given = recommendation(board(operator), consultant)
    planned = step(OrganisationFactory(operator=operator), consultant, about="Ring til byggesag")
    as_consultant.post(at("link", given.pk), {"opfoelgning": planned.pk})
    as_consultant.post(
        at("answer", given.pk),
        {
            "opened_version": given.version,
            "state": "followed",
            "on": str(day()),
            "decided_by": "Udvalget",
            "text": "Ja",
        },
    )
    page = as_consultant.get(given.get_absolute_url()).content.decode()
    assert "Ring til byggesag" in page
    assert "Fulgt" in page


def test_what_waits_stands_on_i_dag(as_consultant, operator, consultant) -> None:
    council = board(operator, name="Erhvervsrådet")
    seat(council, name="Anna Prøve", ends_on=day(20))
    recommendation(council, consultant, given_on=day(-20), answer_by=day(-1), title="Hurtigere svar")
    meeting(council)
    page = as_consultant.get(reverse("market:today")).content.decode()
    assert "Anna Prøves periode i Erhvervsrådet udløber" in page
    assert "Hurtigere svar" in page


def test_a_members_own_page_says_when_the_board_meets_next(operator, consultant, sign_in) -> None:
    on, other = board(operator, name="Erhvervsrådet"), board(operator, name="Havnerådet")
    member = partner(on)
    page = sign_in(member).get(reverse("portal:own")).content.decode()
    assert "Der er ikke indkaldt til noget møde endnu." in page
    assert "Du er ikke knyttet til en virksomhed endnu" not in page
    meeting(on, title="Vintermøde", starts_at=timezone.now() + timedelta(days=9))
    meeting(on, title="Sidste år", starts_at=timezone.now() - timedelta(days=9))
    meeting(other, title="Havnemøde", starts_at=timezone.now() + timedelta(days=3))
    page = sign_in(member).get(reverse("portal:own")).content.decode()
    assert "Vintermøde" in page
    assert "Sidste år" not in page
    assert "Havne" not in page
    nobody = sign_in(user_as(Role.PARTNER, operator)).get(reverse("portal:own")).content.decode()
    assert "Du er ikke knyttet til en virksomhed endnu" in nobody
    assert "Dine råd" not in nobody
    assert f'href="{reverse("boards:boards")}"' in page
    assert f'href="{reverse("boards:boards")}"' not in nobody


def test_a_meeting_on_top_of_another_is_asked_about_and_planned_on_a_yes(as_consultant, operator) -> None:
    council, other = board(operator), board(operator)
    member = partner(council, name="Bodil Brygger")
    seat(other, user=member)
    meeting(other, starts_at=timezone.localtime().replace(hour=12) + timedelta(days=7))
    typed = {"title": "Forårsmøde", "on": str(day(7)), "begins": "11:00", "ends": "18:00", "place": ""}
    page = as_consultant.post(at("new_meeting", council.pk), typed).content.decode()
    assert "Bodil Brygger er optaget" in page
    assert "Se det efter, før du gemmer" in page
    assert "skal rettes" not in page
    assert 'type="checkbox" name="anyway"' in page
    as_consultant.post(at("new_meeting", council.pk), {**typed, "anyway": "on"})
    held = council.meetings.get()
    Meeting.objects.filter(pk=held.pk).update(state="cancelled")
    page = as_consultant.get(at("restore_meeting", held.pk)).content.decode()
    assert "Ja, mødet holdes" in page
    assert "Bodil" not in page
    page = as_consultant.post(
        at("restore_meeting", held.pk), {"opened_version": held.version}
    ).content.decode()
    assert "Bodil Brygger er optaget" in page
    as_consultant.post(at("restore_meeting", held.pk), {"opened_version": held.version, "anyway": "on"})
    held.refresh_from_db()
    assert held.state == Meeting.State.PLANNED


def test_every_meeting_of_a_board_can_be_found_however_old(as_consultant: Client, operator) -> None:
    council = board(operator)
    made = [meeting(council, starts_at=timezone.now() - timedelta(days=30 * n)) for n in range(1, 13)]
    page = as_consultant.get(council.get_absolute_url()).content.decode()
    assert made[-1].get_absolute_url() not in page
    every = at("meetings", council.pk)
    assert f'href="{every}"' in page
    assert made[-1].get_absolute_url() in as_consultant.get(every).content.decode()


def test_only_those_of_the_board_see_all_its_meetings(sign_in, operator) -> None:
    council, other = board(operator), board(operator)
    member = partner(council)
    assert sign_in(member).get(at("meetings", council.pk)).status_code == 200
    assert sign_in(member).get(at("meetings", other.pk)).status_code == 404


def test_recommendations_are_narrowed_to_a_board_and_taken_along_with_what_became_of_them(
    as_consultant: Client, operator, consultant
) -> None:
    council, other = board(operator), board(operator)
    given = recommendation(council, consultant, title="Hurtigere svar")
    recommendation(other, consultant, title="Flere lærlinge")
    for number in range(11):
        recommendation(council, consultant, title=f"Nyere {number}", given_on=day())
    said = {"state": "followed", "on": day(), "decided_by": "Byrådet", "text": "Det gør vi"}
    recommendations.answer(given, user=consultant, expected=given.version, **said)
    page = as_consultant.get(council.get_absolute_url()).content.decode()
    assert f"?vis=alle&amp;raad={council.pk}" in page
    asked = {"vis": "alle", "raad": council.pk}
    page = as_consultant.get(at("recommendations"), asked).content.decode()
    assert "Hurtigere svar" in page
    assert "Flere lærlinge" not in page
    file = as_consultant.get(at("export_recommendations"), asked)
    rows = list(load_workbook(io.BytesIO(file.content)).active.iter_rows(values_only=True))
    mine = next(row for row in rows if row[1] == "Hurtigere svar")
    assert mine[0] == council.name
    assert mine[-2:] == ("Byrådet", "Det gør vi")
    assert not any(row[1] == "Flere lærlinge" for row in rows)
