# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""A case as one archive for the municipality's own records, the gate of archiving, and deletion after it."""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

from django.core import serializers
from django.db import transaction
from django.utils import formats, timezone
from django.utils.translation import gettext as _

from brobygger.accounts import audit
from brobygger.accounts.models import Role, User
from brobygger.base import pdf, search
from brobygger.cases import timeline
from brobygger.cases.errors import BadValues, NotArchived, NotYours
from brobygger.cases.models import Case, CaseDocument, CaseEvent
from brobygger.cases.search import KIND
from brobygger.cases.services.derive import locked, record, require_officer
from brobygger.cases.values import names_in, shown
from brobygger.cases.words import joined, lines

TEMPLATE = Path(__file__).parent.parent / "case.typ"
MAY_DELETE = frozenset({Role.HEAD, Role.ADMIN})


def export(case: Case, *, user: User) -> bytes:
    """The case as a zip: `sag.pdf` (PDF/A), `sag.json` (every record), `opskrift.yaml` (the definition it ran on), and the
    documents with all their versions. Recorded in the audit trail. Raises NotYours, Conflicted."""
    require_officer(user, case)
    documents = list(case.documents.filter(removed_at=None).order_by("pk"))
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("sag.pdf", as_pdf(case, documents))
        packed.writestr("sag.json", json.dumps(_records(case), ensure_ascii=False, indent=1))
        packed.writestr("opskrift.yaml", case.definition.text)
        for document in documents:
            if not document.is_held_back:
                packed.write(document.file.path, f"dokumenter/{_name(document)}")
    audit.record("case_exported", user=user, operator=case.operator, about=str(case)[:200])
    return out.getvalue()


def _name(document: CaseDocument) -> str:
    """`17_v2_budget.xlsx`: no two alike, and nothing that a file system stumbles on."""
    plain = re.sub(r"[^\w.\- ]", "_", document.name)
    return f"{document.pk}_v{document.number}_{plain}"


def _records(case: Case) -> dict[str, Any]:
    rows: list[tuple[str, Iterable[Any]]] = [
        ("case", [case]),
        ("parties", case.parties.all()),
        ("events", case.events.order_by("pk")),
        ("votes", case.votes.all()),
        ("documents", case.documents.all()),
        ("payments", case.payments.all()),
        ("duties", case.duties.all()),
    ]
    return {name: json.loads(serializers.serialize("json", found)) for name, found in rows}


def as_pdf(case: Case, documents: list[CaseDocument] | None = None) -> bytes:
    """The case on paper, PDF/A-2a."""
    kind, names = case.type, names_in(case.type, case.values, case.operator)
    held = documents if documents is not None else list(case.documents.filter(removed_at=None))
    roles = {role.key: role.name for role in kind.roles} | {"recused": _("Inhabil")}
    values = {
        "title": str(case),
        "facts": _facts(case),
        "values": [[f.label, shown(f, case.value(f.key), names)] for f in kind.filled_in if case.value(f.key) is not None],
        "parties": [
            [roles.get(p.role, p.role), str(p)] for p in case.parties.select_related("organisation", "person", "user")
        ],
        "vote_headings": [_("Hvornår"), _("Hvem"), _("Svar"), _("Begrundelse")],
        "votes": [
            [_day(timezone.localdate(v.at)), str(v.voter), str(v.get_answer_display()), v.reason]
            for v in case.votes.select_related("voter")
        ],
        "document_headings": [_("Tilføjet"), _("Navn"), _("Version"), "SHA-256"],
        "documents": [[_day(timezone.localdate(d.added_at)), d.name, str(d.number), d.sha256[:16] + "…"] for d in held],
        "span_headings": [_("Fra"), _("Til"), _("Ur"), _("Dage")],
        "spans": _spans(case),
        "events": joined(lines(case, names)),
        "words": {
            "values": _("Oplysninger"), "parties": _("Parter"), "votes": _("Stemmer"), "documents": _("Dokumenter"),
            "spans": _("Alle dage"), "events": _("Hvad der er sket"),
        },
    }  # fmt: skip
    return pdf.write(TEMPLATE, values, title=str(case), author=case.operator.name)


def _facts(case: Case) -> list[list[str]]:
    rows = [
        (_("Sagstype"), f"{case.type.title}, {_('version')} {case.definition.version}"),
        (_("Slags"), case.subtype_name),
        (_("Sagsnummer"), case.number),
        (_("Journalnummer"), case.external_ref),
        (_("KLE"), case.kle),
        (_("Ansøger"), str(case.organisation or "")),
        (_("Sagsbehandler"), str(case.officer or "")),
        (_("Trin"), case.at_stage.name),
        (_("Udfald"), case.outcome_word),
        (_("Modtaget"), _day(case.opened_on)),
        (_("Afgjort"), _day(case.decided_on)),
        (_("Dage brugt"), str(case.days_used) if case.days_used is not None else ""),
        (_("Servicemål"), _("%(days)s dage") % {"days": case.goal_days} if case.goal_days else ""),
    ]
    return [[label, value] for label, value in rows if value]


def _spans(case: Case) -> list[list[str]]:
    found = []
    for reading in timeline.readings(case.type, case.subtype, case.timeline):
        for span in reading.spans:
            why = _("Løber") if span.running else ", ".join(pause.name for pause in span.pauses)
            found.append(
                [_day(span.first), _day(span.last), f"{reading.clock.name}: {why}", str(span.counted)]
            )
    return found


def _day(day: date | None) -> str:
    return str(formats.date_format(day, "SHORT_DATE_FORMAT")) if day else ""


@transaction.atomic
def archive(case: Case, *, reference: str, user: User, expected: int) -> Case:
    """Note that the municipality's own records have received the case, under their reference. A case that is not over cannot
    pass the gate. Raises NotYours, Conflicted, NotArchived, BadValues, EditedMeanwhile."""
    stored = locked(case, expected)
    require_officer(user, stored)
    if stored.is_open:
        raise NotArchived(_("Sagen er ikke afsluttet endnu."))
    reference = " ".join(reference.split())
    if not reference:
        raise BadValues({"reference": _("Skriv arkivets journalnummer.")})
    stored.archived_at = timezone.now()
    record(stored, CaseEvent.Kind.ARCHIVED, user=user, text=reference[:200])
    audit.record(
        "case_archived",
        user=user,
        operator=stored.operator,
        about=str(stored)[:200],
        reference=reference[:200],
    )
    return stored


def kept_until(case: Case) -> date | None:
    """The first day on which the case may be deleted; None while it is open."""
    if case.closed_on is None:
        return None
    years = case.type.retention.years
    try:
        return case.closed_on.replace(year=case.closed_on.year + years)
    except ValueError:  # 29 February
        return case.closed_on.replace(year=case.closed_on.year + years, day=28)


@transaction.atomic
def delete(case: Case, *, user: User) -> None:
    """Delete a case with everything in it, when its time is over and, where the definition says so, it has been archived. That
    it was, and by whom, stays in the audit trail. Heads and administrators. Raises NotYours, Conflicted, NotArchived."""
    stored = locked(case)
    if not user.roles.get(stored.operator_id, frozenset()) & MAY_DELETE:
        raise NotYours
    if user.is_staff_of(stored.operator_id):
        require_officer(user, stored)
    until = kept_until(stored)
    if until is None:
        raise NotArchived(_("Sagen er ikke afsluttet endnu."))
    if until > timezone.localdate():
        raise NotArchived(_("Sagen skal gemmes til den %(day)s.") % {"day": _day(until)})
    if stored.type.retention.archive_first and stored.archived_at is None:
        raise NotArchived(_("Sagen skal afleveres til kommunens arkiv, før den kan slettes."))
    files = [(row.file.storage, row.file.name) for row in stored.documents.exclude(file="")]
    about, operator = str(stored), stored.operator
    CaseDocument.objects.filter(case=stored).delete()
    search.remove(KIND, [stored.pk])
    stored.delete()
    audit.record(
        "case_deleted",
        user=user,
        operator=operator,
        about=about[:200],
        archived=str(stored.archived_at or ""),
    )
    transaction.on_commit(lambda: _delete(files))


def _delete(files: list[tuple[Any, str | None]]) -> None:
    for storage, name in files:
        storage.delete(name)
