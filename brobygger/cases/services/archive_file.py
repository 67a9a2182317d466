# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""What is in a case's archive file: the case on paper, and every record with names beside the keys."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core import serializers
from django.core.exceptions import ObjectDoesNotExist
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext as _

from brobygger.accounts.models import User
from brobygger.base import pdf
from brobygger.base.models import Letter
from brobygger.base.moments import day_in_figures
from brobygger.cases import archive, timeline
from brobygger.cases.models import Case, CaseDocument
from brobygger.cases.values import names_in, shown
from brobygger.cases.words import joined, lines
from brobygger.register.models import Organisation

TEMPLATE = Path(__file__).parent.parent / "case.typ"


def as_records(case: Case, user: User | None) -> dict[str, list[dict[str, Any]]]:
    """Everything that is stored of the case, by what it is. Each record is what Django writes of it, with `names`: what its
    keys and choices stand for, so that it is read without our database. Raises what a room's own part raises."""
    book = _Book()
    found = {"case": [book.record(case) | {"values": _values(case)}]}
    for held in archive.declared():
        without = held.left_out(case)
        found[held.key] = [
            book.record(row, without) | (held.told(row, user) if held.told else {})
            for row in held.records(case)
        ]
        history = held.history(case)
        if history is not None and (rows := [book.record(row, without) for row in history]):
            found[f"{held.key}_history"] = rows
    _tell_events(case, found["events"])
    letters = Letter.objects.filter(pk__in=book.letters).order_by("created_at", "pk")
    found["letters"] = [book.record(row) for row in letters]
    return found


class _Book:
    """Writes records, and remembers which letters they speak of."""

    def __init__(self) -> None:
        self.letters: set[Any] = set()

    def record(self, row: models.Model, without: tuple[str, ...] = ()) -> dict[str, Any]:
        """One record with what its keys and choices are called."""
        written: dict[str, Any] = serializers.serialize("python", [row])[0]
        for name in without:
            written["fields"].pop(name, None)
        if isinstance(row, Letter):
            written["fields"]["attachments"] = [one.get("name", "") for one in row.attachments]
        names = {}
        for field in row._meta.concrete_fields:
            if field.name in without or getattr(row, field.attname) in (None, ""):
                continue
            if isinstance(field, models.ForeignKey):
                names[field.name] = self._called(row, field)
            elif field.choices:
                display = getattr(row, f"get_{field.name}_display")()
                names[field.name] = str(display)
        return {**written, "names": names}

    def _called(self, row: models.Model, field: Any) -> str:
        if field.related_model is Letter:
            self.letters.add(getattr(row, field.attname))
        try:
            pointed = getattr(row, field.name)
        except ObjectDoesNotExist:  # history points at what may be gone
            return ""
        if isinstance(pointed, Organisation):
            return f"{pointed.name}, CVR {pointed.cvr}" if pointed.cvr else pointed.name
        return str(pointed)


def _values(case: Case) -> list[dict[str, Any]]:
    """What was filled in, field by field, in words."""
    names = names_in(case.type, case.values, case.operator)
    return [
        {
            "key": f.key,
            "label": f.label,
            "value": case.value(f.key),
            "shown": shown(f, case.value(f.key), names),
        }
        for f in case.type.filled_in
        if case.value(f.key) is not None
    ]


def _tell_events(case: Case, events: list[dict[str, Any]]) -> None:
    """What happened in the words of the case's own page, beside each event."""
    said = {line.event.pk: line for line in lines(case, names_in(case.type, case.values, case.operator))}
    for event in events:
        line = said[event["pk"]]
        event["told"] = {"title": line.title, "details": line.details, "taken_back": line.gone}


def as_pdf(case: Case, documents: list[CaseDocument] | None = None, *, user: User | None = None) -> bytes:
    """The case on paper, PDF/A-2a, with the pages of each room. Raises what a room's own part raises."""
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
            [day_in_figures(timezone.localdate(v.at)), str(v.voter), str(v.get_answer_display()), v.reason]
            for v in case.votes.select_related("voter")
        ],
        "document_headings": [_("Tilføjet"), _("Navn"), _("Version"), "SHA-256"],
        "documents": [[day_in_figures(timezone.localdate(d.added_at)), _called(d), str(d.number), d.sha256[:16] + "…"] for d in held],
        "pages": [
            {"heading": page.heading, "text": page.text, "columns": page.columns, "rows": page.rows, "numbers": page.numbers}
            for part in archive.declared() if part.pages
            for page in part.pages(case, user)
        ],
        "span_headings": [_("Fra"), _("Til"), _("Ur"), _("Dage")],
        "spans": _spans(case),
        "events": joined(lines(case, names)),
        "words": {
            "values": _("Oplysninger"), "parties": _("Parter"), "votes": _("Stemmer"), "documents": _("Dokumenter"),
            "spans": _("Alle dage"), "events": _("Hvad der er sket"),
        },
    }  # fmt: skip
    return pdf.write(TEMPLATE, values, title=str(case), author=case.operator.name)


def _called(document: CaseDocument) -> str:
    """A document's name; that it is not in the file, where it is held back."""
    if document.is_held_back:
        return _("%(name)s (ikke med: %(why)s)") % {
            "name": document.name,
            "why": document.get_state_display(),
        }
    return document.name


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
        (_("Modtaget"), day_in_figures(case.opened_on)),
        (_("Afgjort"), day_in_figures(case.decided_on)),
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
                [
                    day_in_figures(span.first),
                    day_in_figures(span.last),
                    f"{reading.clock.name}: {why}",
                    str(span.counted),
                ]
            )
    return found
