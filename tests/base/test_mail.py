# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Letters through a real mail server: none lost, none twice, and the unsure ones told to a person."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from brobygger.base import mail
from brobygger.base.models import Letter
from tests.base.post_office import PostOffice

pytestmark = pytest.mark.django_db


@pytest.fixture
def post_office(settings) -> Iterator[PostOffice]:
    office = PostOffice()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", office.port, 5
    office.open()
    yield office
    office.close()


def write(to: str = "brygger@example.invalid", **fields: str) -> Letter:
    usual = {
        "subject": "Mask til kvæg på Ærø",
        "body": "Hej\n\nI bør tale sammen.",
        "reply_to": "k@example.invalid",
    }
    return mail.write(to=[to], **usual | fields)


def an_hour_passes() -> None:
    Letter.objects.update(try_after=timezone.now() - timedelta(seconds=1))


def test_a_letter_arrives_as_it_was_written(post_office: PostOffice) -> None:
    letter = write()
    assert mail.send(str(letter.pk))
    arrived = post_office.letters[0]
    assert arrived["Subject"] == "Mask til kvæg på Ærø"
    assert arrived["To"] == "brygger@example.invalid"
    assert arrived["Reply-To"] == "k@example.invalid"
    assert str(letter.pk) in arrived["Message-ID"]
    assert "I bør tale sammen." in arrived.get_content()
    letter.refresh_from_db()
    assert letter.state == Letter.State.SENT
    assert letter.sent_at is not None


def test_sending_the_same_letter_again_does_nothing(post_office: PostOffice) -> None:
    letter = write()
    mail.send(str(letter.pk))
    assert not mail.send(str(letter.pk))
    assert mail.send_due() == 0
    assert len(post_office.letters) == 1


def test_a_server_that_is_down_and_comes_back_loses_no_letter_and_gets_none_twice(
    post_office: PostOffice,
) -> None:
    letters = [write(to=f"firma{number}@example.invalid") for number in range(5)]
    post_office.close()
    assert mail.send_due() == 0
    assert set(Letter.objects.values_list("state", "attempts")) == {(Letter.State.WAITING, 1)}
    assert "refused" in Letter.objects.first().last_error.casefold()
    assert mail.send_due() == 0, "they wait for their pause to end"

    post_office.open()
    an_hour_passes()
    assert mail.send_due() == 5
    an_hour_passes()
    assert mail.send_due() == 0
    assert sorted(letter["To"] for letter in post_office.letters) == sorted(
        letter.to[0] for letter in letters
    )


def test_the_pauses_grow_and_at_last_the_letter_is_given_up(post_office: PostOffice) -> None:
    letter = write()
    post_office.close()
    pauses = []
    for _attempt in range(mail.MOST_ATTEMPTS):
        an_hour_passes()
        mail.send(str(letter.pk))
        letter.refresh_from_db()
        pauses.append(round((letter.try_after - timezone.now()).total_seconds() / 60))
    assert pauses[:4] == [1, 2, 4, 8]
    assert max(pauses) == 60
    assert letter.state == Letter.State.FAILED
    assert list(mail.stuck()) == [letter]


def test_a_refused_address_keeps_nobody_else_waiting(post_office: PostOffice) -> None:
    post_office.refused = {"lukket@example.invalid"}
    refused, other = write(to="lukket@example.invalid"), write(to="aaben@example.invalid")
    assert mail.send_due() == 1
    refused.refresh_from_db()
    assert "No such user here" in refused.last_error
    assert post_office.letters[0]["To"] == other.to[0]


def test_a_person_has_a_failed_letter_sent_again(post_office: PostOffice) -> None:
    letter = write()
    Letter.objects.update(state=Letter.State.FAILED, attempts=12)
    assert mail.send_again(letter)
    assert not mail.send_again(letter), "it is on its way already"
    assert mail.send_due() == 1


def test_a_letter_on_its_way_for_long_is_unsure_and_never_sent_by_itself(post_office: PostOffice) -> None:
    letter = write()
    Letter.objects.update(
        state=Letter.State.SENDING, try_after=timezone.now() - mail.UNSURE_AFTER - timedelta(seconds=1)
    )
    letter.refresh_from_db()
    assert mail.is_unsure(letter)
    assert list(mail.unsure()) == [letter]
    assert mail.send_due() == 0
    assert not mail.send(str(letter.pk))
    assert post_office.letters == []


def test_a_letter_that_is_being_sent_right_now_is_not_unsure() -> None:
    letter = write()
    Letter.objects.update(state=Letter.State.SENDING, try_after=timezone.now())
    letter.refresh_from_db()
    assert not mail.is_unsure(letter)
    assert not mail.send_again(letter)
    assert not mail.mark_sent(letter)


def test_a_person_says_that_it_arrived() -> None:
    letter = write()
    Letter.objects.update(state=Letter.State.FAILED)
    assert mail.mark_sent(letter)
    letter.refresh_from_db()
    assert letter.state == Letter.State.SENT


@pytest.mark.django_db(transaction=True)
def test_a_letter_of_a_change_that_was_undone_does_not_exist() -> None:
    with transaction.atomic():
        write()
        transaction.set_rollback(True)
    assert not Letter.objects.exists()
    assert not DBTaskResult.objects.exists()


@pytest.mark.parametrize("address", ["ikke en adresse", "a@b\nBcc: alle@example.invalid", ""])
def test_an_address_that_is_none_is_refused(address: str) -> None:
    with pytest.raises(ValidationError):
        write(to=address)
    assert not Letter.objects.exists()


def test_a_subject_cannot_smuggle_a_header_in(post_office: PostOffice) -> None:
    letter = write(subject="Hej\r\nBcc: alle@example.invalid")
    mail.send(str(letter.pk))
    assert post_office.letters[0]["Bcc"] is None
    assert post_office.letters[0]["X-Envelope-To"] == "brygger@example.invalid"


def test_a_letter_carries_its_headers_and_its_calendar_entry(post_office: PostOffice) -> None:
    entry = "BEGIN:VCALENDAR\r\nSUMMARY:Samtale på Ærø\r\nEND:VCALENDAR\r\n"
    letter = mail.write(
        to=["brygger@example.invalid"],
        subject="Samtale",
        body="Hej",
        headers={"List-Unsubscribe": "<https://example.invalid/x>"},
        attachments=[mail.Attachment("samtale.ics", "text/calendar", entry.encode())],
    )
    assert mail.send(str(letter.pk))
    arrived = post_office.letters[0]
    assert arrived["List-Unsubscribe"] == "<https://example.invalid/x>"
    (file,) = arrived.iter_attachments()
    assert (file.get_filename(), file.get_content_type()) == ("samtale.ics", "text/calendar")
    assert file.get_content().replace("\r\n", "\n") == entry.replace("\r\n", "\n")
    assert mail.letter_of(arrived["Message-ID"]) == letter.pk
    assert mail.letter_of("<noget@andre.invalid>") is None
    assert mail.letter_of("<ikke-et-nummer@brobygger>") is None


def test_it_goes_out_in_the_offices_name_and_answers_go_to_the_office(
    post_office: PostOffice, settings, operator
) -> None:
    settings.DEFAULT_FROM_EMAIL = "Brobygger <post@server.invalid>"
    operator.name, operator.email = "Erhverv Ærø, Langeland", "kontor@example.invalid"
    operator.save()
    ours = mail.write(to=["b@example.invalid"], subject="S", body="B", operator=operator)
    nobodys = mail.write(to=["b@example.invalid"], subject="S", body="B")
    for letter in (ours, nobodys):
        assert mail.send(str(letter.pk))
    first, second = (post_office.letters[number] for number in (0, 1))
    sender = first["From"].addresses[0]
    assert (sender.display_name, sender.addr_spec) == ("Erhverv Ærø, Langeland", "post@server.invalid")
    assert first["Reply-To"] == "kontor@example.invalid"
    assert second["From"] == "Brobygger <post@server.invalid>"
    assert second["Reply-To"] is None
