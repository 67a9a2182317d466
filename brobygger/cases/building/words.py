# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""What an import of building cases writes in a case, and what it tells of having done."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext as _


def why() -> str:
    """The reason of everything that an import writes."""
    return _("Rettet efter kommunens byggesagssystem")


def asked_for_more() -> str:
    return _("Byggesagsafdelingen har bedt om flere oplysninger.")


def moved(stage: str, on: date) -> str:
    return f"{stage} {on:%d.%m.%Y}"


def waits(since: date) -> str:
    return _("venter fra %(day)s") % {"day": f"{since:%d.%m.%Y}"}


def answered(on: date) -> str:
    return _("svar %(day)s") % {"day": f"{on:%d.%m.%Y}"}
