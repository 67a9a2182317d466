# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""What a tender says: kept as it was published, changed only while there can be bid, and never without telling."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from brobygger.accounts.models import User
from brobygger.base.danish import join
from brobygger.base.forms import clean_text
from brobygger.blueprints.comparing import Line, compare
from brobygger.cases.definition import CaseType
from brobygger.cases.errors import BadValues
from brobygger.cases.models import Case
from brobygger.cases.services import contents
from brobygger.cases.services.derive import locked, require_officer, require_open
from brobygger.cases.tenders.case_words import TEXTS
from brobygger.cases.tenders.errors import NotPublished, TextIsFixed
from brobygger.cases.tenders.models import Tender, Version
from brobygger.cases.tenders.telling import tell_all
from brobygger.cases.values import cleaned

TITLE = "title"


def keep(tender: Tender, case: Case, *, user: User | None, reason: str = "") -> Version:
    """The text as it stands in the case, as the next version. Call with case and tender locked."""
    newest = tender.versions.order_by("-number").first()
    if newest and (newest.title, newest.texts) == (case.title, _texts(case)):
        return newest
    return Version.objects.create(
        tender=tender, number=newest.number + 1 if newest else 1, at=timezone.now(), by=user, reason=reason,
        title=case.title, texts=_texts(case),
    )  # fmt: skip


def _texts(case: Case) -> dict[str, str]:
    return {key: str(case.value(key) or "") for key in TEXTS}


@transaction.atomic
def change(tender: Tender, typed: Mapping[str, str], *, reason: str, user: User, expected: int) -> Version:
    """Change what is published (`title` and the fields in `TEXTS`), before the deadline, and tell all of it.

    Raises NotYours, Conflicted, CaseIsOver, NotPublished, TextIsFixed, BadValues, EditedMeanwhile.
    """
    now = timezone.now()
    case = locked(tender.case, expected)
    require_officer(user, case)
    require_open(case)
    row = Tender.objects.select_for_update().get(pk=tender.pk)
    if row.published_at is None:
        raise NotPublished
    if now > row.deadline:
        raise TextIsFixed
    title, kept = _checked(case, typed, reason)
    values = {key: [case.values.get(key), new] for key, new in kept.items() if case.values.get(key) != new}
    about = {TITLE: [case.title, title]} if title != case.title else {}
    if not values and not about:
        raise BadValues({"reason": _("Der er ikke ændret noget.")})
    case.title = title
    said = " ".join(reason.split())[:1000]
    contents.put(case, kept, user=user, data={"values": values, "case": about}, reason=said)
    version = keep(row, case, user=user, reason=said)
    what = join([label(case.type, key) for key in (*about, *values)])
    text = _("Opgaven er ændret: %(what)s. %(why)s") % {"what": what, "why": said}
    tell_all(row, case, text, subject=_("Ændret: %(title)s") % {"title": title}, user=user)
    return version


def _checked(case: Case, typed: Mapping[str, str], reason: str) -> tuple[str, dict[str, Any]]:
    """The new title and values. Raises BadValues: bidders need all of them, and why."""
    title = " ".join(clean_text(typed.get(TITLE, case.title)).split())
    faults = {} if title and len(title) <= 200 else {TITLE: _("Skriv en titel på højst 200 tegn.")}
    kept = cleaned(case.type, {key: typed[key] for key in TEXTS if key in typed}, case.operator)
    faults |= {
        key: _("Det skal stå der, når opgaven er offentliggjort.") for key, new in kept.items() if not new
    }
    if not clean_text(reason).strip():
        faults["reason"] = _("Skriv, hvad der er ændret, og hvorfor. Alle får det at læse.")
    if faults:
        raise BadValues(faults)
    return title, kept


def label(kind: CaseType, key: str) -> str:
    """What a part of the text is called."""
    if key == TITLE:
        return _("Titel")
    return next((field.label for field in kind.fields if field.key == key), key)


def parts(kind: CaseType, version: Version) -> list[tuple[str, str]]:
    """What each part is called, and what stood there."""
    return [(label(kind, key), version.texts.get(key, "")) for key in TEXTS]


@dataclass(frozen=True, slots=True)
class Change:
    """A later version, and for each part that changed the lines that went out and came in."""

    version: Version
    parts: list[tuple[str, list[Line]]]


def changes(kind: CaseType, versions: list[Version]) -> list[Change]:
    """What has been changed since the publication, the newest first. `versions`: all of a tender's, in order."""
    found = []
    for before, after in zip(versions, versions[1:], strict=False):
        old, new = ({TITLE: version.title, **version.texts} for version in (before, after))
        parts = [
            (
                label(kind, key),
                [line for line in compare(old.get(key, ""), new[key]) if line.sign in ("+", "-")],
            )
            for key in new
            if old.get(key, "") != new[key]
        ]
        found.append(Change(after, parts))
    return found[::-1]
