# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""The letters that somebody was written, and the pages that they open."""

from __future__ import annotations

from typing import Any

from django.test import Client

from brobygger.accounts.models import User
from brobygger.base.models import Letter


def to(user: User | str) -> list[Letter]:
    address = user if isinstance(user, str) else user.email
    return [letter for letter in Letter.objects.order_by("created_at") if letter.to == [address]]


def shown(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return answer.content.decode()


def press(client: Client, address: str, **typed: Any) -> str:
    answer = client.post(address, typed, follow=True)
    assert answer.status_code in (200, 409), address
    return answer.content.decode()
