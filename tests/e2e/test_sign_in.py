# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Signing in with more than a password: a code from an app, and a passkey, in a browser."""

from __future__ import annotations

import re

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from playwright.sync_api import Page, expect

from tests.e2e.conftest import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.slow]

CONSULTANT = "konsulent@demo.invalid"


def code_now(secret: str) -> str:
    """What the app on the phone shows."""
    return format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time()))))


def give_a_virtual_key(page: Page) -> None:
    """The browser gets an authenticator of its own that always says yes."""
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
        "isUserVerified": True, "automaticPresenceSimulation": True,
    }  # fmt: skip
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": options})


def sign_out(page: Page) -> None:
    page.get_by_role("button", name="Log af").first.click()
    page.wait_for_load_state()


def confirm_password(page: Page) -> None:
    """The library asks for the password again before it changes how one signs in."""
    if "/reauthenticate/" in page.url:
        page.locator("input[type=password]").fill(PASSWORD)
        page.get_by_role("main").get_by_role("button").first.click()
        page.wait_for_load_state()


def test_a_passkey_is_added_and_signs_the_person_in_without_a_password(small_demo, signed_in):
    page = signed_in(CONSULTANT)
    give_a_virtual_key(page)
    page.goto("/konto/2fa/webauthn/add/")
    confirm_password(page)
    page.locator("input[name=name]").fill("Min bærbare")
    passwordless = page.locator("input[name=passwordless]")
    if passwordless.count():
        passwordless.check()
    page.locator("#mfa_webauthn_add").click()
    page.wait_for_url(re.compile("webauthn/$|recovery-codes"))
    page.goto("/konto/2fa/webauthn/")
    expect(page.get_by_role("main")).to_contain_text("Min bærbare")
    sign_out(page)
    page.goto("/konto/login/")
    page.get_by_role("button", name="Log ind med adgangsnøgle").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("I dag")


def test_with_an_app_a_password_alone_no_longer_opens_the_door(small_demo, signed_in):
    page = signed_in(CONSULTANT)
    page.goto("/konto/2fa/totp/activate/")
    confirm_password(page)
    secret = page.locator("#authenticator_secret, input[readonly], input[disabled]").first.input_value()
    page.locator("input[name=code]").fill(code_now(secret))
    page.get_by_role("main").get_by_role("button").first.click()
    page.wait_for_load_state()
    sign_out(page)
    page.goto("/konto/login/")
    page.get_by_label("E-mail").fill(CONSULTANT)
    page.get_by_label("Adgangskode").fill(PASSWORD)
    page.get_by_role("button", name="Log ind", exact=True).click()
    page.wait_for_url("**/2fa/authenticate/")
    page.goto("/i-dag/")
    expect(page).to_have_url(re.compile("/konto/(login|2fa/authenticate)/"))
    page.goto("/konto/2fa/authenticate/")
    page.get_by_label("Kode").fill(code_now(secret))
    page.get_by_role("main").get_by_role("button", name="Log ind").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("I dag")
