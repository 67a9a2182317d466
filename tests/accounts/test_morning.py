# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""The morning's letter, and a calendar of one's own."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar

from brobygger.accounts import morning
from brobygger.accounts.models import Operator, Role, User
from brobygger.base.models import Letter
from tests.dialogue.made import day, step
from tests.factories import OrganisationFactory, user_as


@pytest.fixture
def promised(operator: Operator, consultant: User):
    consultant.digest = True
    consultant.save()
    return step(
        OrganisationFactory(operator=operator, name="Øens Bryghus"), consultant, due_on=day(), about="Ring"
    )


def test_whoever_has_switched_it_on_is_told_what_waits_once_a_day(promised, consultant) -> None:
    assert morning.write_all(day()) == 1
    assert morning.write_all(day()) == 0
    letter = Letter.objects.get()
    assert letter.to == [consultant.email]
    assert "Øens Bryghus: Ring" in letter.body
    assert promised.get_absolute_url() in letter.body
    assert morning.write_all(day(1)) == 1


def test_nothing_to_tell_is_no_letter(operator, consultant) -> None:
    consultant.digest = True
    consultant.save()
    assert morning.write_all(day()) == 0
    assert not Letter.objects.exists()


def test_whoever_has_not_switched_it_on_or_is_gone_gets_none(promised, consultant) -> None:
    for changes in ({"digest": False}, {"digest": True, "is_active": False}):
        User.objects.filter(pk=consultant.pk).update(**changes)
        assert morning.write_all(day()) == 0


def test_it_is_written_in_the_persons_own_language(promised, consultant) -> None:
    from django.utils import translation

    User.objects.filter(pk=consultant.pk).update(language="en")
    with translation.override("da"):
        morning.write_all(day())
        assert translation.get_language() == "da"
    assert timezone.localdate().strftime("%B") in Letter.objects.get().subject


def test_a_failure_for_one_does_not_keep_the_others_letter_back(
    promised, consultant, operator, monkeypatch
) -> None:
    other = user_as(Role.CONSULTANT, operator, digest=True)
    step(OrganisationFactory(operator=operator), other, due_on=day())
    real = morning.body

    def broken(user: User, on) -> str:
        if user == consultant:
            raise RuntimeError
        return real(user, on)

    monkeypatch.setattr(morning, "body", broken)
    assert morning.write_all(day()) == 1
    consultant.refresh_from_db()
    assert consultant.digest_sent_on is None


def test_the_switch_is_on_the_profile_of_those_who_work_at_an_office(
    as_consultant, consultant, sign_in, operator
) -> None:
    as_consultant.post(reverse("accounts:profile"), {"name": consultant.name, "digest": "on"})
    consultant.refresh_from_db()
    assert consultant.digest
    partner = sign_in(user_as(Role.PARTNER, operator))
    assert "Send mig hver morgen" not in partner.get(reverse("accounts:profile")).content.decode()


def test_the_chosen_language_is_remembered(as_consultant, consultant) -> None:
    as_consultant.post(reverse("set_language"), {"language": "en", "next": "/"})
    consultant.refresh_from_db()
    assert consultant.language == "en"


def feed(user: User) -> str:
    return reverse("accounts:calendar", args=[user.calendar_token])


def test_the_calendar_has_ones_own_promises_as_whole_days(
    as_consultant, consultant, promised, operator
) -> None:
    step(promised.organisation, user_as(Role.CONSULTANT, operator), about="Kollegaens", due_on=day(2))
    as_consultant.post(reverse("accounts:change_calendar"))
    consultant.refresh_from_db()
    answer = Client().get(feed(consultant))
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    (event,) = Calendar.from_ical(answer.content).walk("VEVENT")
    assert event["DTSTART"].dt == day()
    assert event["DTEND"].dt == day() + timedelta(days=1)
    assert "Ring" in str(event["SUMMARY"])


def test_a_new_address_shuts_the_old_and_closing_shuts_both(as_consultant, consultant) -> None:
    as_consultant.post(reverse("accounts:change_calendar"))
    consultant.refresh_from_db()
    old = feed(consultant)
    as_consultant.post(reverse("accounts:change_calendar"))
    consultant.refresh_from_db()
    new = feed(consultant)
    assert [Client().get(page).status_code for page in (old, new)] == [404, 200]
    as_consultant.post(reverse("accounts:change_calendar"), {"luk": "1"})
    assert Client().get(new).status_code == 404


def test_whoever_has_lost_their_access_has_no_calendar(as_consultant, consultant) -> None:
    as_consultant.post(reverse("accounts:change_calendar"))
    consultant.refresh_from_db()
    page = feed(consultant)
    consultant.memberships.all().delete()
    assert Client().get(page).status_code == 404
