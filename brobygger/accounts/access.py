# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Who may open a page. Every view declares it; a view that does not is closed to everybody.

::

    @access(STAFF)                  # consultants and heads
    @access(SIGNED_IN)              # anybody with an account and a role
    @access(PUBLIC)                 # everybody
    @access({Role.ADMIN})

Which *records* a person sees inside the page is decided by each room's `visible_to(user)`.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any

from brobygger.accounts.models import STAFF as STAFF
from brobygger.accounts.models import Role


@dataclass(frozen=True, slots=True)
class Rule:
    """Roles that may open a page; `everybody` needs no sign-in."""

    roles: frozenset[str]
    everybody: bool = False


PUBLIC = Rule(frozenset(), everybody=True)
SIGNED_IN = Rule(frozenset(Role.values))
CLOSED = Rule(frozenset())

_VISITOR_PAGES = (
    "account_login",
    "account_logout",
    "account_signup",
    "account_inactive",
    "account_reset_password",
    "account_reset_password_done",
    "account_reset_password_from_key",
    "account_reset_password_from_key_done",
    "account_reauthenticate",
    "mfa_authenticate",
    "mfa_login_webauthn",
    "mfa_reauthenticate",
    "mfa_reauthenticate_webauthn",
    "mfa_trust",
    "mfa_signup_webauthn",
    "openid_connect_login",
    "openid_connect_callback",
    "socialaccount_login_cancelled",
    "socialaccount_login_error",
    "socialaccount_signup",
    "account_confirm_login_code",
    "account_request_login_code",
)
_OWN_ACCOUNT_PAGES = (
    "account_change_password",
    "account_set_password",
    "socialaccount_connections",
    "mfa_index",
    "mfa_activate_totp",
    "mfa_deactivate_totp",
    "mfa_view_recovery_codes",
    "mfa_generate_recovery_codes",
    "mfa_download_recovery_codes",
    "mfa_list_webauthn",
    "mfa_add_webauthn",
    "mfa_remove_webauthn",
    "mfa_edit_webauthn",
)
LIBRARY_PAGES: dict[str, Rule] = dict.fromkeys(_VISITOR_PAGES, PUBLIC) | dict.fromkeys(
    _OWN_ACCOUNT_PAGES, SIGNED_IN
)
"""Pages that a library brings: they cannot carry our decorator, so their rules stand here by URL name."""
LIBRARY_PAGES["openapi-json"] = PUBLIC
LIBRARY_PAGES["account_email"] = CLOSED
"""There a person takes any address that has no account yet, unasked: also that of somebody who is about to be invited, or who
signs in with the organisation's own log-in. An address is one that a letter was read at: see `services_address`."""
LIBRARY_PAGES |= dict.fromkeys(("account_confirm_email", "account_email_verification_sent"), CLOSED)
"""They tell of letters that we do not send."""
LIBRARY_NAMESPACES: dict[str, Rule] = {"api": SIGNED_IN}
"""Whole namespaces of a library: every answer of the API is for signed-in people, and scoped to what they may see."""


def access(who: Rule | Collection[str]) -> Callable[[Any], Any]:
    """Declare who may open a view (function or class)."""
    rule = who if isinstance(who, Rule) else Rule(frozenset(who))

    def declare(view: Any) -> Any:
        view.access_rule = rule
        return view

    return declare


def rule_of(view: Any, url_name: str | None, namespace: str = "") -> Rule | None:
    """The declared rule of a resolved view, or None."""
    found = getattr(view, "access_rule", None) or getattr(
        getattr(view, "view_class", None), "access_rule", None
    )
    if found is None and url_name:
        found = LIBRARY_PAGES.get(url_name)
    return found or LIBRARY_NAMESPACES.get(namespace)


def may_open(rule: Rule, roles: Collection[str]) -> bool:
    """Whether somebody with these roles (at the operator they are working for) may open the page."""
    return rule.everybody or bool(rule.roles & set(roles))


def roles_to_give(held: Collection[str]) -> frozenset[str]:
    """Roles that somebody with these may invite others to, and take such an invitation back: administrators any, consultants and
    heads those of firms and partners."""
    return frozenset(Role.values) if Role.ADMIN in held else frozenset({Role.FIRM, Role.PARTNER})
