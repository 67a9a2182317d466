# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
import re

import pytest
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.core.cache.backends import locmem
from django.test import Client
from django.urls import reverse

from brobygger.accounts.models import AuditEntry, Role
from tests.factories import OperatorFactory, user_as

pytestmark = pytest.mark.django_db
PASSWORD = "prøve-kodeord-123"


def sign_in(client, email, password=PASSWORD):
    return client.post(reverse("account_login"), {"login": email, "password": password})


def test_signing_in_with_the_password_opens_the_worklist_and_is_noted(client, consultant):
    assert sign_in(client, consultant.email).status_code == 302
    assert client.get("/i-dag/").status_code == 200
    assert AuditEntry.objects.get().action == "signed_in"


def test_a_wrong_password_keeps_the_address_and_tells_nothing_about_the_account(client, consultant):
    known = sign_in(client, consultant.email, "forkert").content.decode()
    unknown = sign_in(client, "ingen@example.invalid", "forkert").content.decode()
    assert consultant.email in known
    assert "alert-error" in known
    assert ("alert-error" in unknown) is True


def test_guessing_is_locked_out_even_with_the_right_password_afterwards(client, consultant, settings):
    settings.AXES_ENABLED = True
    settings.AXES_FAILURE_LIMIT = 3
    for _ in range(3):
        answer = sign_in(client, consultant.email, "forkert")
    assert "ind for mange gange" in answer.content.decode()
    assert "ind for mange gange" in sign_in(client, consultant.email).content.decode()
    assert client.get("/i-dag/").status_code == 302
    assert AuditEntry.objects.filter(action="failed_sign_in").exists()


def test_whoever_is_locked_out_locks_out_nobody_else_of_the_office(client, consultant, head, settings):
    settings.AXES_ENABLED = True
    settings.AXES_FAILURE_LIMIT = 3
    for _ in range(3):
        sign_in(client, consultant.email, "forkert")
    assert sign_in(Client(), head.email).status_code == 302
    assert sign_in(Client(), consultant.email).status_code == 429
    assert AuditEntry.objects.filter(action="failed_sign_in", about=consultant.email).exists()


def test_an_address_in_capitals_is_guessed_at_no_longer_than_in_small_letters(client, consultant, settings):
    settings.AXES_ENABLED = True
    settings.AXES_FAILURE_LIMIT = 3
    for address in (consultant.email, consultant.email.upper(), consultant.email.capitalize()):
        sign_in(client, address, "forkert")
    assert sign_in(client, consultant.email).status_code == 429


def test_behind_a_proxy_a_stranger_locks_out_nobody_but_himself(client, consultant, settings):
    settings.AXES_ENABLED = True
    settings.AXES_FAILURE_LIMIT = 3
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    for invented in range(3):
        client.post(
            reverse("account_login"),
            {"login": consultant.email, "password": "forkert"},
            headers={"x-forwarded-for": f"192.0.2.{invented}, 198.51.100.7"},
        )
    right = {"login": consultant.email, "password": PASSWORD}
    from_there = client.post(reverse("account_login"), right, headers={"x-forwarded-for": "198.51.100.7"})
    from_the_office = client.post(reverse("account_login"), right, headers={"x-forwarded-for": "203.0.113.9"})
    assert (from_there.status_code, from_the_office.status_code) == (429, 302)


def test_an_endless_address_is_a_wrong_one_like_any_other(client, settings):
    settings.AXES_ENABLED = True
    assert sign_in(client, f"{'x' * 300}@example.invalid").status_code == 200


def asked_for_a_code(client, user) -> tuple[str, str]:
    """The password was right, and a code is asked for: the right one and a wrong one."""
    secret = generate_totp_secret()
    TOTP.activate(user, secret)
    sign_in(client, user.email)
    right = format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time()))))
    return right, f"{(int(right) + 500_000) % 1_000_000:06d}"


def test_codes_of_the_second_factor_are_not_guessed_for_long(client, consultant, settings):
    right, wrong = asked_for_a_code(client, consultant)
    for _ in range(settings.AXES_FAILURE_LIMIT):
        assert "Forkert kode" in client.post(reverse("mfa_authenticate"), {"code": wrong}).content.decode()
    assert "Forkert kode" not in client.post(reverse("mfa_authenticate"), {"code": right}).content.decode()
    assert client.get("/i-dag/").status_code == 302


def test_codes_that_were_tried_are_counted_by_all_web_workers_together(client, consultant, settings):
    right, wrong = asked_for_a_code(client, consultant)
    for _ in range(settings.AXES_FAILURE_LIMIT):
        client.post(reverse("mfa_authenticate"), {"code": wrong})
        _forget_what_this_process_keeps_in_memory()
    client.post(reverse("mfa_authenticate"), {"code": right})
    assert client.get("/i-dag/").status_code == 302


def _forget_what_this_process_keeps_in_memory() -> None:
    """As if the next request went to another web worker."""
    for kept in (*locmem._caches.values(), *locmem._expire_info.values()):
        kept.clear()


def test_a_second_factor_is_asked_for_when_it_is_on(client, consultant):
    secret = generate_totp_secret()
    TOTP.activate(consultant, secret)
    assert "/2fa/authenticate/" in sign_in(client, consultant.email)["Location"]
    assert client.get("/i-dag/").status_code == 302

    code = format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time()))))
    client.post(reverse("mfa_authenticate"), {"code": code})
    assert client.get("/i-dag/").status_code == 200


def test_nobody_takes_an_address_that_is_not_theirs(client, consultant):
    """Whoever had the coming head's address would be given what the head is invited to."""
    address = consultant.email
    sign_in(client, address)
    assert client.get(reverse("account_email")).status_code == 403
    for action in ("action_add", "action_primary"):
        client.post(reverse("account_email"), {"email": "chef@example.invalid", action: ""})
    consultant.refresh_from_db()
    assert consultant.email == address


def test_what_stands_above_the_pages_of_sign_in_leads_to_ones_own_page(client, consultant):
    assert client.get("/konto/")["Location"] == "/konto/login/?next=/konto/"
    sign_in(client, consultant.email)
    assert client.get("/konto/")["Location"] == reverse("accounts:profile")


@pytest.mark.parametrize("page", ["/konto/confirm-email/", "/konto/confirm-email/x-y/"])
def test_no_page_tells_of_a_letter_that_we_do_not_send(client, consultant, page):
    assert client.get(page).status_code == 302
    sign_in(client, consultant.email)
    assert client.get(page).status_code == 403


def test_nobody_signs_up_by_themselves(client):
    page = client.get(reverse("account_signup")).content.decode()
    assert "invitation" in page
    client.post(
        reverse("account_signup"),
        {"email": "x@example.invalid", "password1": PASSWORD, "password2": PASSWORD},
    )
    assert "_auth_user_id" not in client.session


def test_a_person_who_was_switched_off_is_out_at_once(client, consultant):
    sign_in(client, consultant.email)
    consultant.is_active = False
    consultant.save()
    assert client.get("/i-dag/").status_code == 302


def test_switching_office_changes_whose_records_are_shown(client, consultant, sign_in):
    other = OperatorFactory(name="Naboens kontor")
    from brobygger.accounts.models import Membership

    Membership.objects.create(user=consultant, operator=other, role=Role.CONSULTANT)
    browser = sign_in(consultant)
    browser.post(reverse("accounts:switch", args=[other.pk]))
    assert "Naboens kontor" in browser.get("/kontor/").content.decode()
    foreign = user_as(Role.CONSULTANT).memberships.get().operator
    assert browser.post(reverse("accounts:switch", args=[foreign.pk])).status_code == 403


def test_every_page_carries_the_security_headers(client):
    headers = client.get("/").headers
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe-inline" not in policy
    assert "unsafe-eval" not in policy
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"


def test_language_is_danish_whatever_the_browser_prefers_until_a_person_chooses(client, operator):
    assert 'lang="da"' in client.get("/", headers={"accept-language": "en"}).content.decode()
    client.post("/sprog/", {"language": "en", "next": "/"})
    assert 'lang="en"' in client.get("/").content.decode()
    answer = client.post("/sprog/", {"language": "da", "next": "https://example.invalid/"})
    assert answer["Location"] == "/"


def test_nobody_without_an_account_is_written_to(client, db, mailoutbox):
    client.post(reverse("account_reset_password"), {"email": "ukendt@example.invalid"})
    assert mailoutbox == []


def test_who_forgot_the_password_reads_danish_on_the_page_and_in_the_mail(client, consultant, mailoutbox):
    page = client.get(reverse("account_reset_password")).content.decode()
    assert "Send mig et link" in page
    assert "password</h1>" not in page
    client.post(reverse("account_reset_password"), {"email": consultant.email})
    letter = mailoutbox[0]
    assert letter.subject == "Vælg en ny adgangskode til Brobygger"
    assert "Har du ikke bedt om den, skal du ikke gøre noget" in letter.body
    link = re.search(r"https?://[^/]+(\S+)", letter.body).group(1)
    assert "Skift adgangskode" in client.get(link, follow=True).content.decode()
