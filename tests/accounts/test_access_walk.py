# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Every address of the product, opened as every role and as nobody: each must declare a rule and keep it."""

from __future__ import annotations

import uuid

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from brobygger.accounts.access import Rule, may_open, rule_of
from brobygger.accounts.models import Role
from tests.factories import OrganisationFactory, firm_user, user_as

OLD_REDIRECTS = "konto/social/"
"""Addresses that allauth keeps from older versions: undeclared here, and so closed to everybody."""
SAMPLE = {
    "pk": 987654,
    "token": "findes-ikke",
    "name": "findes-ikke.jpg",
    "uidb36": "x",
    "key": "x-y",
    "provider_id": "oidc",
}


def every_page(patterns=None, prefix="", namespace=""):
    """(path, view, url name, namespace) of every pattern in the product."""
    for entry in patterns if patterns is not None else get_resolver().url_patterns:
        if isinstance(entry, URLResolver):
            inner = ":".join(part for part in (namespace, entry.namespace) if part)
            yield from every_page(entry.url_patterns, prefix + str(entry.pattern), inner)
        elif isinstance(entry, URLPattern):
            yield prefix + str(entry.pattern), entry, entry.name, namespace


def concrete(entry: URLPattern, route: str) -> str:
    """An address that fits the pattern, with samples for its arguments."""
    import re

    def fill(match: re.Match[str]) -> str:
        kind, _, name = match.group(1).rpartition(":")
        return (
            str(uuid.UUID(int=7))
            if kind == "uuid"
            else str(SAMPLE.get(name, 987654 if kind == "int" else "x"))
        )

    plain = re.sub(r"\(\?P<(\w+)>[^)]*\)", lambda m: str(SAMPLE.get(m.group(1), "x")), route)
    plain = re.sub(r"<([^>]+)>", fill, plain)
    return "/" + plain.replace("^", "").replace("$", "").replace("\\Z", "").replace("\\", "")


def test_every_page_declares_who_may_open_it():
    undeclared = [
        route
        for route, entry, name, namespace in every_page()
        if rule_of(entry.callback, name, namespace) is None
    ]
    assert [route for route in undeclared if not route.startswith(OLD_REDIRECTS)] == []


@pytest.mark.django_db
def test_every_page_opens_only_for_those_it_declares(operator):
    people: dict[str, tuple[Client, frozenset[str]]] = {"nobody": (Client(), frozenset())}
    for role in Role.values:
        user = (
            firm_user(OrganisationFactory(operator=operator))
            if role == Role.FIRM
            else user_as(role, operator)
        )
        client = Client(raise_request_exception=False)
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        people[role] = (client, frozenset({role}))
    wrong = []
    for route, entry, name, namespace in every_page():
        rule = rule_of(entry.callback, name, namespace) or Rule(frozenset())
        if namespace == "api":
            continue  # every answer of the API has its own sign-in, see tests/config/test_api.py
        address = concrete(entry, route)
        for who, (client, roles) in people.items():
            if name == "account_logout":
                continue
            answer = client.get(address)
            turned_away = answer.status_code in {401, 403} or (
                answer.status_code == 302 and "/konto/login/" in answer["Location"] and who == "nobody"
            )
            if answer.status_code >= 500 or not may_open(rule, roles) and not turned_away:
                wrong.append((address, who, answer.status_code))
            elif may_open(rule, roles) and answer.status_code == 403 and not rule.everybody:
                wrong.append((address, who, 403))
    assert wrong == []
