# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""What CVR has said is new about a firm, in the words of somebody who is about to visit it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from brobygger.base.danish import number
from brobygger.base.history import Change
from brobygger.knowledge.geography import municipality
from brobygger.knowledge.industries import industry_title
from brobygger.register.cvr import CHANGED_BY
from brobygger.register.models import Organisation

LATELY = timedelta(days=365)
MOST = 5


@dataclass(frozen=True, slots=True)
class News:
    """One thing that is new, and when we were told."""

    at: datetime
    said: str


def changed_lately(changes: Iterable[Change]) -> list[News]:
    """Of a firm's history, what CVR changed within the last year, the newest first."""
    since = timezone.now() - LATELY
    found = [
        News(change.when, said)
        for change in changes
        if change.reason == CHANGED_BY and change.when >= since
        for said in _said(change.fields)
    ]
    return found[:MOST]


def _said(fields: dict[str, tuple[Any, Any]]) -> list[str]:
    told = []
    if "name" in fields:
        told.append(_("Har skiftet navn. Hed før »%(before)s«.") % {"before": fields["name"][0]})
    if "status" in fields:
        told.append(
            _("Er nu: %(status)s.") % {"status": Organisation.Status(fields["status"][1]).label.lower()}
        )
    size = fields.get("employees_text") or fields.get("employees")
    if size:
        told.append(
            _("Ansatte: %(after)s, før %(before)s.") % {"before": _size(size[0]), "after": _size(size[1])}
        )
    if "industry" in fields:
        before, after = (_industry(code) for code in fields["industry"])
        told.append(_("Branche: %(after)s, før %(before)s.") % {"before": before, "after": after})
    if "street" in fields or "postal_code" in fields:
        told.append(_moved(fields))
    told += [
        _("%(what)s: %(after)s, før %(before)s.")
        % {"what": label, "before": fields[name][0] or "–", "after": fields[name][1] or "–"}
        for name, label in (("phone", _("Telefon")), ("email", _("E-mail")), ("website", _("Hjemmeside")))
        if name in fields
    ]
    if "ad_protected" in fields:
        now = fields["ad_protected"][1]
        told.append(_("Er blevet reklamebeskyttet.") if now else _("Er ikke reklamebeskyttet mere."))
    return told


def _moved(fields: dict[str, tuple[Any, Any]]) -> str:
    before = " ".join(str(fields[name][0]) for name in ("street", "city") if fields.get(name, ("",))[0])
    town = fields.get("municipality_code")
    place = municipality(town[0]) if town and town[0] else None
    if place:
        return _("Er flyttet hertil fra %(place)s.") % {"place": place.name}
    return _("Er flyttet fra %(before)s.") % {"before": before} if before else _("Har fået en ny adresse.")


def _size(value: Any) -> str:
    if value in (None, ""):
        return "–"
    return str(value) if isinstance(value, str) else number(value)


def _industry(code: str) -> str:
    return (industry_title(code) or code) if code else "–"
