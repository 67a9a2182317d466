# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Where letters to an organisation go."""

from __future__ import annotations

from brobygger.register.models import Affiliation, Organisation


def address_of(organisation: Organisation) -> str:
    """Its contact person's address, else its own; empty where there is none."""
    contacts = Affiliation.objects.filter(organisation=organisation, is_contact=True, ended_on=None)
    found = contacts.exclude(person__email="").order_by("pk").values_list("person__email", flat=True).first()
    return found or organisation.email
