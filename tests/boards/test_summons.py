# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Members are summoned with agenda, papers and calendar entry, and told when the meeting is moved or called off."""

from __future__ import annotations

import base64
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar

from brobygger.accounts.models import Role
from brobygger.base.models import Letter
from brobygger.base.versions import EditedMeanwhile
from brobygger.boards import telling
from brobygger.boards.errors import BadValues, NotYourBoard, StillInUse
from brobygger.boards.models import Meeting, Seat, Summons
from brobygger.boards.services import meetings as services
from brobygger.boards.services import summons
from brobygger.dialogue.attachments import checked_attachment
from tests.boards.made import board, day, meeting, partner, seat
from tests.factories import user_as


@pytest.fixture(autouse=True)
def _own_files(settings, tmp_path) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def held(operator, consultant) -> Meeting:
    """A meeting with a member who signs in, one who does not, one without an address, and one whose term is over."""
    council = board(operator, name="Erhvervsrådet")
    partner(council, name="Anna Prøve")
    for name, email in (("Bo Prøve", "bo@example.invalid"), ("Carl Prøve", "")):
        sits = seat(council, name=name)
        sits.person.email = email
        sits.person.save()
    seat(council, name="Dorte Prøve", ends_on=day(-30))
    found = meeting(council, place="Rådhuset")
    item = services.add_item(found, title="Byggesager", kind="decision", text="Fortroligt", user=consultant)
    file = checked_attachment(SimpleUploadedFile("tal.txt", "Tallene på æ".encode()))
    services.add_paper(found, file, item=item, user=consultant)
    return found


def send(of: Meeting, user, **values):
    now = Meeting.objects.get(pk=of.pk)
    return summons.send(now, user=user, **{"word": "", "again": False, "expected": now.version, **values})


def letters(first: str) -> dict[str, Letter]:
    return {letter.to[0]: letter for letter in Letter.objects.filter(subject__startswith=first)}


def names(letter: Letter) -> list[str]:
    return [file["name"] for file in letter.attachments]


def the_entry(letter: Letter):
    content = base64.b64decode(letter.attachments[0]["data"])
    return Calendar.from_ical(content).walk("VEVENT")[0]


def test_all_who_sit_that_day_get_agenda_and_entry_and_those_without_a_login_the_papers(
    held, consultant
) -> None:
    told = send(held, consultant, word="Vi begynder med frokost.")
    member = Seat.objects.get(person__name="Anna Prøve").person.user
    assert {one.seat.person.name for one in told} == {"Anna Prøve", "Bo Prøve"}
    found = letters("Indkaldelse")
    assert set(found) == {member.email, "bo@example.invalid"}
    assert names(found[member.email]) == ["moede.ics", "dagsorden.pdf"]
    assert names(found["bo@example.invalid"]) == ["moede.ics", "dagsorden.pdf", "tal.txt"]
    assert base64.b64decode(found["bo@example.invalid"].attachments[2]["data"]) == "Tallene på æ".encode()
    assert held.get_absolute_url() in found[member.email].body
    assert held.get_absolute_url() not in found["bo@example.invalid"].body
    for letter in found.values():
        assert letter.to == [letter.to[0]], "nobody sees the others' addresses"
        for said in ("Kære ", "1. Byggesager", "Rådhuset", "Vi begynder med frokost."):
            assert said in letter.body
        assert letter.reply_to == consultant.email
    assert str(the_entry(found["bo@example.invalid"])["STATUS"]) == "CONFIRMED"


def test_the_button_pressed_twice_sends_once_and_new_members_are_summoned_later(held, consultant) -> None:
    version = Meeting.objects.get(pk=held.pk).version
    summons.send(held, word="", again=False, user=consultant, expected=version)
    with pytest.raises(EditedMeanwhile):
        summons.send(held, word="", again=False, user=consultant, expected=version)
    with pytest.raises(BadValues):
        send(held, consultant)
    late = seat(held.board, name="Eva Prøve")
    late.person.email = "eva@example.invalid"
    late.person.save()
    send(held, consultant)
    assert Letter.objects.filter(subject__startswith="Indkaldelse").count() == 3
    send(held, consultant, again=True)
    assert Letter.objects.filter(subject__startswith="Indkaldelse").count() == 6
    assert Summons.objects.count() == 3


def test_a_move_a_cancellation_and_a_change_of_mind_are_told_to_those_who_were_summoned(
    held, consultant
) -> None:
    place = {"title": "", "place": "Rådhuset"}
    times = {"starts_at": held.starts_at + timedelta(days=7), "ends_at": held.ends_at + timedelta(days=7)}
    services.change(held, user=consultant, expected=Meeting.objects.get(pk=held.pk).version, **place, **times)
    assert not Letter.objects.exists(), "nobody had been summoned"
    send(held, consultant)
    now = Meeting.objects.get(pk=held.pk)
    services.change(now, user=consultant, expected=now.version, **{**place, "title": "Forår"}, **times)
    assert not letters("Mødet"), "another title is no reason to write"
    now.refresh_from_db()
    later = {"starts_at": held.starts_at + timedelta(days=9), "ends_at": held.ends_at + timedelta(days=9)}
    services.change(now, user=consultant, expected=now.version, **{**place, "title": "Forår"}, **later)
    assert len(letters("Mødet er flyttet")) == 2
    assert (
        telling.when_and_where(Meeting.objects.get(pk=held.pk))
        in letters("Mødet er flyttet")["bo@example.invalid"].body
    )
    now.refresh_from_db()
    services.cancel(now, user=consultant, expected=now.version)
    gone = letters("Mødet er aflyst")
    assert len(gone) == 2
    entry = the_entry(gone["bo@example.invalid"])
    first = the_entry(letters("Indkaldelse")["bo@example.invalid"])
    assert (str(entry["STATUS"]), entry["UID"]) == ("CANCELLED", first["UID"])
    assert int(entry["SEQUENCE"]) > int(first["SEQUENCE"])
    now.refresh_from_db()
    services.restore(now, user=consultant, expected=now.version)
    assert len(letters("Mødet holdes alligevel")) == 2


def test_a_summoned_meeting_is_called_off_not_deleted(held, consultant) -> None:
    send(held, consultant)
    with pytest.raises(StillInUse):
        services.delete(held, user=consultant)
    services.cancel(held, user=consultant, expected=Meeting.objects.get(pk=held.pk).version)
    services.delete(held, user=consultant)
    assert not Summons.objects.exists()


def test_nobody_is_summoned_to_what_was_or_is_called_off(operator, consultant) -> None:
    council = board(operator)
    seat(council)
    over = meeting(council, starts_at=timezone.now() - timedelta(days=1))
    off = meeting(council, state="cancelled")
    for one in (over, off):
        with pytest.raises(BadValues):
            send(one, consultant)
    assert not Letter.objects.exists()


def test_what_is_too_large_for_a_mail_is_named(held, consultant, monkeypatch) -> None:
    monkeypatch.setattr(telling, "MOST_WITH_LETTER", 3)
    send(held, consultant)
    letter = letters("Indkaldelse")["bo@example.invalid"]
    assert names(letter) == ["moede.ics", "dagsorden.pdf"]
    assert "For store til en mail, bed os om dem: tal.txt" in letter.body


def test_the_page_shows_who_gets_it_and_who_lacks_an_address(held, as_consultant, sign_in) -> None:
    address = reverse("boards:summon", args=[held.pk])
    assert address in as_consultant.get(held.get_absolute_url()).content.decode()
    shown = as_consultant.get(address).content.decode()
    assert "Carl Prøve" in shown
    assert "Ingen e-mail" in shown
    assert "Dorte Prøve" not in shown
    version = Meeting.objects.get(pk=held.pk).version
    for _ in range(2):
        as_consultant.post(address, {"opened_version": version, "word": ""})
    assert len(letters("Indkaldelse")) == 2
    assert Letter.objects.count() == 2
    assert "Indkaldt" in as_consultant.get(held.get_absolute_url()).content.decode()
    member = sign_in(Seat.objects.get(person__name="Anna Prøve").person.user)
    assert "bo@example.invalid" not in member.get(held.get_absolute_url()).content.decode()
    for stranger in (member, sign_in(user_as(Role.CONSULTANT))):
        assert stranger.get(address).status_code in (403, 404)
    with pytest.raises(NotYourBoard):
        send(held, user_as(Role.CONSULTANT))
