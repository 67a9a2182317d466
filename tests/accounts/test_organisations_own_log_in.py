# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Sign-in with the organisation's own log-in (OpenID Connect), replayed by a local provider."""

from __future__ import annotations

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.test import Client

pytestmark = pytest.mark.django_db
START = "/konto/oidc/oidc/login/?process=login"


@pytest.fixture
def provider(settings):
    """Whom the provider says it is: a dictionary to fill in. The product is set up to ask it."""
    says: dict[str, Any] = {"sub": "42"}

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            base = f"http://{self.headers['Host']}"
            if self.path.startswith("/.well-known/"):
                self._answer(
                    {
                        "issuer": base,
                        "authorization_endpoint": f"{base}/authorize",
                        "token_endpoint": f"{base}/token",
                        "userinfo_endpoint": f"{base}/userinfo",
                        "jwks_uri": f"{base}/jwks",
                    }
                )
            else:
                self._answer(says)

        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            self._answer({"access_token": "proeve", "token_type": "Bearer"})

        def _answer(self, content: dict[str, Any]) -> None:
            body = json.dumps(content).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args: Any) -> None:
            """Silent."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    app = {
        "provider_id": "oidc",
        "name": "Prøvens log-in",
        "client_id": "brobygger",
        "secret": "hemmeligt",
        "settings": {"server_url": f"http://127.0.0.1:{server.server_port}", "verified_email": []},
    }
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": [app]}}
    says["app"] = app
    yield says
    server.shutdown()
    server.server_close()


def come_back(client: Client) -> Any:
    """Go to the provider, and come back from it."""
    away = urlsplit(client.post(START)["Location"])
    assert away.path == "/authorize"
    state = parse_qs(away.query)["state"][0]
    return client.get("/konto/oidc/oidc/login/callback/", {"code": "proeve", "state": state})


def test_the_page_that_leads_there_may_lead_there_and_no_other_page_may(client, provider):
    """Browsers hold a form to the policy also where its answer sends them on."""
    policy = client.get(START).headers["Content-Security-Policy"]
    assert "form-action 'self' https:" in policy
    assert "form-action 'self';" in client.get("/konto/login/").headers["Content-Security-Policy"] + ";"


def test_whoever_has_an_account_with_the_verified_address_is_in(client, provider, consultant):
    assert "Prøvens log-in" in client.get("/konto/login/").content.decode()
    provider |= {"email": consultant.email.upper(), "email_verified": True}
    come_back(client)
    assert client.get("/i-dag/").status_code == 200


@pytest.mark.parametrize("says", [{"email_verified": False}, {}])
def test_an_address_that_nobody_answers_for_opens_nothing(client, provider, consultant, says):
    provider |= {"email": consultant.email, **says}
    assert "invitation" in come_back(client).content.decode()
    assert client.get("/i-dag/").status_code == 302


def test_a_provider_may_answer_for_the_addresses_of_its_own_domains_only(client, provider, consultant):
    provider["app"]["settings"]["verified_email"] = ["lejre.invalid"]
    provider |= {"email": consultant.email}
    come_back(client)
    assert client.get("/i-dag/").status_code == 302
    provider["app"]["settings"]["verified_email"] = [consultant.email.partition("@")[2]]
    come_back(client)
    assert client.get("/i-dag/").status_code == 200


def test_a_stranger_is_told_to_ask_for_an_invitation(client, provider):
    provider |= {"email": "fremmed@example.invalid", "email_verified": True}
    assert "sender de dig en invitation" in come_back(client).content.decode()
    assert "_auth_user_id" not in client.session


def test_the_second_factor_is_asked_for_here_too(client, provider, consultant):
    TOTP.activate(consultant, generate_totp_secret())
    provider |= {"email": consultant.email, "email_verified": True}
    assert "/2fa/authenticate/" in come_back(client)["Location"]
    assert client.get("/i-dag/").status_code == 302


def test_whoever_was_switched_off_here_stays_out(client, provider, consultant):
    consultant.is_active = False
    consultant.save()
    provider |= {"email": consultant.email, "email_verified": True}
    come_back(client)
    assert client.get("/i-dag/").status_code == 302
