# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""What the measuring of a filled database needs: a session, pages to open, words to search."""

from __future__ import annotations

import random
from typing import Any

from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore

from benchmarks import load_cases, load_talks
from benchmarks.invented import misspelt
from benchmarks.load_register import FIRST_CVR
from brobygger.accounts.models import Operator, User
from brobygger.knowledge import resource_types
from brobygger.market.models import Listing, Match, Suggestion
from brobygger.register.models import Organisation


def facts(office: Operator, consultant: User) -> dict[str, Any]:
    """A signed-in session, pages to open and words to search, chosen by the same chance each time."""
    chance = random.Random(2)
    session = SessionStore()
    session[SESSION_KEY] = str(consultant.pk)
    session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    session[HASH_SESSION_KEY] = consultant.get_session_auth_hash()
    session.set_expiry(60 * 60 * 24 * 30)
    session.create()
    firms = list(
        Organisation.objects.filter(operator=office, cvr__gte=str(FIRST_CVR))
        .order_by("pk")
        .values_list("pk", "name", "cvr")[:5000]
    )
    asked = chance.sample(firms, min(60, len(firms)))
    words = [word for _, name, _ in asked if len(word := name.split()[0]) > 4]
    listed = Listing.objects.filter(operator=office, status=Listing.Status.ACTIVE).order_by("pk")
    things = sorted(
        {node.name.split()[0].lower() for node in resource_types().values() if len(node.name) > 4}
    )

    def keys(rows: Any) -> list[str]:
        return [str(pk) for pk in rows.values_list("pk", flat=True)[:60]]

    return {
        "session": session.session_key,
        "organisations": [pk for pk, _, _ in asked],
        "cvr": [cvr for _, _, cvr in asked],
        "words": words,
        "names": [" ".join(name.split()[:2]) for _, name, _ in asked],
        "misspelt": [misspelt(word, chance) for word in words],
        "listings": keys(listed),
        "things": chance.sample(things, 60),
        "misspelt_things": [misspelt(word, chance) for word in chance.sample(things, 60)],
        "suggestions": keys(Suggestion.objects.filter(operator=office, state=Suggestion.State.NEW).order_by("pk")),
        "matches": keys(Match.objects.filter(operator=office).order_by("pk")),
        "talked_with": load_talks.firms(office),
        **load_cases.facts(office),
    }  # fmt: skip
