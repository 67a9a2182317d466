# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""What happened, as lines that a person reads: one wording for the office, another for the applicant."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.utils import formats, timezone
from django.utils.translation import gettext as _

from brobygger.base.danish import kroner
from brobygger.cases.definition import CaseType
from brobygger.cases.event_words import called, called_to_applicant
from brobygger.cases.models import Case, CaseEvent, Vote
from brobygger.cases.models.parts import RECUSED
from brobygger.cases.values import Names, shown

K = CaseEvent.Kind


@dataclass(frozen=True, slots=True)
class Line:
    """One happening in words."""

    event: CaseEvent
    title: str
    details: list[str]
    text: str
    who: str
    on: date
    recorded_on: date | None
    """Where it was written down on another day."""
    gone: bool
    """It was taken back."""
    may_redate: bool = False
    may_take_back: bool = False
    may_correct: bool = False
    """Another wording can be written (a note)."""


def lines(case: Case, names: Names) -> list[Line]:
    """Everything that was written in a case, the newest first. Two questions at most."""
    written = list(case.events.select_related("by", "letter").order_by("pk"))
    by_key = {row.pk: row for row in written}
    there = {row.pk: row for row in case.timeline}
    last_move = max(
        (row.pk for row in there.values() if row.kind == K.MOVED),
        default=None,
        key=lambda pk: (there[pk].at, pk),
    )
    ballots = _ballots(case, written)
    found = []
    for row in written:
        standing = there.get(row.pk)
        at = standing.at if standing else row.at
        title, details = _said(case.type, row, by_key, names)
        details = [*details, *ballots.get(row.data.get("voted", 0), [])]
        recorded = timezone.localdate(row.recorded_at)
        on = timezone.localdate(at)
        found.append(
            (
                at,
                row.pk,
                Line(
                    row,
                    title,
                    details,
                    _text(row) if row.kind in _TEXTS else "",
                    _who(row),
                    on,
                    recorded if recorded != on else None,
                    standing is None,
                    standing is not None and row.kind in _DATED,
                    standing is not None
                    and (row.kind in _TAKEN_BACK or row.pk == last_move and not row.data.get("voted")),
                    standing is not None and row.kind == K.NOTE,
                ),
            )  # fmt: skip
        )
    return [line for _at, _pk, line in sorted(found, key=lambda entry: entry[:2], reverse=True)]


_TEXTS = frozenset(
    {
        K.NOTE,
        K.REMARK,
        K.MESSAGE,
        K.LETTER,
        K.PAUSED,
        K.RESUMED,
        K.MARKED,
        K.DUTY,
        K.FAILED,
        K.OTHER,
        K.CHANGED,
        K.PAID,
    }
)
_DATED = frozenset({K.OPENED, K.MOVED, K.MARKED, K.PAUSED, K.RESUMED})
_TAKEN_BACK = frozenset({K.MARKED, K.PAUSED, K.RESUMED, K.PAID, K.NOTE})


def for_applicant(case: Case) -> list[Line]:
    """What the applicant reads, the newest first, in their words."""
    found = []
    for row in reversed(case.timeline):
        if row.for_applicant:
            title = _to_applicant(case.type, row)
            text = _text(row) if row.kind in _TEXTS - {K.CHANGED} else ""
            found.append(Line(row, title, [], text, "", row.on, None, False))
    return found


def _to_applicant(kind: CaseType, row: CaseEvent) -> str:
    match row.kind:
        case K.OPENED:
            return kind.first.applicant_name
        case K.MOVED:
            return kind.stage(row.data["to"]).applicant_name
        case K.PAUSED:
            return kind.pause(row.name).applicant_name
        case K.RESUMED:
            return _("I har svaret") if kind.pause(row.name).waits_for_applicant else _("Vi er videre")
        case K.CHANGED:
            return _("I har rettet oplysningerne")
        case K.DOCUMENT:
            return _("Dokument: %(name)s") % {"name": row.text}
        case K.MESSAGE:
            return _("Jeres besked")
        case K.LETTER:
            return _("Besked fra os") if row.name == "message" else _("Brev fra os")
        case K.REMARK:
            return _remark(kind, row)
        case K.PAID:
            return _("Udbetalt %(amount)s") % {"amount": kroner(Decimal(row.data["amount"]))}
        case K.DUTY:
            return _done(row)
        case K.OTHER if word := called_to_applicant(row.name):
            return word
        case _:
            return str(row.get_kind_display())


def news_word(kind: CaseType, row: CaseEvent) -> str:
    """What is new in a case, for the office, in few words. Nothing of what was written."""
    match row.kind:
        case K.OPENED:
            return _("Ny sag")
        case K.MOVED:
            return _("Sagen står nu ved »%(stage)s«") % {"stage": kind.stage(row.data["to"]).name}
        case K.RESUMED:
            return (
                _("Svar fra ansøger") if kind.pause(row.name).waits_for_applicant else _("Ventetiden er slut")
            )
        case K.CHANGED:
            return _("Ansøger har rettet oplysningerne")
        case K.DOCUMENT:
            return _("Nyt dokument")
        case K.PARTY:
            return _("En part er inhabil") if row.name == RECUSED else _("Ny part")
        case K.ASSIGNED:
            return _("Sagen er givet videre")
        case K.REMARK:
            return _remark(kind, row)
        case K.DUTY:
            return _done(row)
        case K.OTHER if word := called(row.name):
            return word
        case _:
            return str(row.get_kind_display())


def _done(row: CaseEvent) -> str:
    """A duty's event begins with what it was."""
    return _("Gjort: %(what)s") % {"what": row.text.partition("\n")[0]}


def _remark(kind: CaseType, row: CaseEvent) -> str:
    return _("Bemærkning fra %(role)s") % {"role": kind.role(row.name).name}


def _text(row: CaseEvent) -> str:
    return row.text.partition("\n")[2].strip() if row.kind == K.DUTY else row.text


def _who(row: CaseEvent) -> str:
    return str(row.by) if row.by_id else _("Brobygger")


def _said(
    kind: CaseType, row: CaseEvent, by_key: Mapping[int, CaseEvent], names: Names
) -> tuple[str, list[str]]:
    """Title and details of an event, for the office."""
    details = [_("Begrundelse: %(reason)s") % {"reason": row.reason}] if row.reason else []
    match row.kind:
        case K.MOVED:
            from_, to = kind.stage(row.data["from"]).name, kind.stage(row.data["to"]).name
            title = _("%(from)s → %(to)s") % {"from": from_, "to": to}
            voted = [_("Afgjort ved afstemning")] if row.data.get("voted") else []
            return title, [*_decided(kind, row), *details, *voted]
        case K.MARKED:
            return next((mark.name for mark in kind.marks if mark.key == row.name), row.name), details
        case K.PAUSED:
            return kind.pause(row.name).name, details
        case K.RESUMED:
            return _("Slut: %(what)s") % {"what": kind.pause(row.name).name}, details
        case K.CHANGED:
            return _("Oplysninger ændret"), [*_changes(kind, row, names), *details]
        case K.CHECKED:
            return _("Tjekliste"), [*_checks(kind, row), *details]
        case K.DOCUMENT:
            return _document(row), [*details, *filter(None, [row.data.get("anew")])]
        case K.PARTY:
            return _party(kind, row), details
        case K.ASSIGNED:
            return _("Sagsbehandler: %(who)s") % {"who": row.text or _("ingen")}, details
        case K.REDATED | K.VOIDED:
            return _corrected(kind, row, by_key, names), details
        case K.PAID:
            return _("Udbetalt %(amount)s") % {"amount": kroner(Decimal(row.data["amount"]))}, [
                *_paid_on(row),
                *details,
            ]
        case K.WARNED:
            return _("Varsel om frist sendt til %(who)s") % {"who": row.text}, details
        case K.DUTY:
            return _done(row), details
        case K.REMARK:
            return _remark(kind, row), details
        case K.LETTER if row.name == "message":
            return _("Besked til ansøger"), details
        case K.ARCHIVED:
            return _("Afleveret til arkivet: %(reference)s") % {"reference": row.text}, details
        case K.OTHER if word := called(row.name):
            return word, details
        case _:
            return str(row.get_kind_display()), details


def _paid_on(row: CaseEvent) -> list[str]:
    """The day of a payment that was noted on another."""
    on = date.fromisoformat(row.data["on"]) if row.data.get("on") else row.on
    if on == row.on:
        return []
    return [_("Betalt %(day)s") % {"day": formats.date_format(on, "SHORT_DATE_FORMAT")}]


def _decided(kind: CaseType, row: CaseEvent) -> list[str]:
    """The amount that a decision fixed."""
    amount = row.data.get("amount")
    if amount is None:
        return []
    return [f"{kind.field(kind.amount_field).label}: {kroner(Decimal(amount))}"]


def _ballots(case: Case, written: Iterable[CaseEvent]) -> dict[int, list[str]]:
    """Round → a line for each ballot of the decision: who answered what, and why. One question where something was voted on."""
    if not any(row.data.get("voted") for row in written):
        return {}
    ways = {way.key: way for stage in case.type.stages for way in stage.moves if way.ballots}
    rows: dict[int, dict[str, list[str]]] = {}
    for vote in Vote.objects.filter(case=case).select_related("voter"):
        way = ways.get(vote.move)
        circle = (
            next((b.name for b in way.ballots if b.of == vote.ballot), vote.ballot) if way else vote.ballot
        )
        why = f" ({vote.reason})" if vote.reason else ""
        said = f"{vote.voter}: {vote.get_answer_display().lower()}{why}"
        rows.setdefault(vote.round, {}).setdefault(circle, []).append(said)
    return {
        turn: [f"{circle[:1].upper()}{circle[1:]}: {'; '.join(said)}" for circle, said in circles.items()]
        for turn, circles in rows.items()
    }


def _changes(kind: CaseType, row: CaseEvent, names: Names) -> list[str]:
    found = []
    for key, (old, new) in row.data.get("values", {}).items():
        field = kind.field(key)
        found.append(
            _("%(field)s: fra %(old)s til %(new)s")
            % {
                "field": field.label,
                "old": _short(shown(field, old, names)),
                "new": _short(shown(field, new, names)),
            }
        )
    for key, (old, new) in row.data.get("case", {}).items():
        about: Any = Case._meta.get_field(key)
        label = str(about.verbose_name)
        words = {sort.key: sort.name for sort in kind.subtypes} if key == "subtype" else {}
        found.append(
            _("%(field)s: fra %(old)s til %(new)s")
            % {"field": label, "old": words.get(old, old) or "–", "new": words.get(new, new) or "–"}
        )
    return found


def _short(text: str) -> str:
    return text if len(text) <= 80 else f"{text[:79]}…"


def _checks(kind: CaseType, row: CaseEvent) -> list[str]:
    texts = {check.key: check.text for stage in kind.stages for check in stage.checks}
    done = [_("I orden: %(check)s") % {"check": texts.get(key, key)} for key in row.data.get("on", [])]
    return [
        *done,
        *(_("Ikke i orden: %(check)s") % {"check": texts.get(key, key)} for key in row.data.get("off", [])),
    ]


def _document(row: CaseEvent) -> str:
    if row.data.get("removed"):
        return _("Dokument fjernet: %(name)s") % {"name": row.text}
    number: Any = row.data.get("version", 1)
    return _("Dokument: %(name)s, version %(number)s") % {"name": row.text, "number": number}


def _party(kind: CaseType, row: CaseEvent) -> str:
    if row.name == RECUSED:
        return _("Inhabil: %(who)s") % {"who": row.text}
    role = next((role.name for role in kind.roles if role.key == row.name), row.name)
    if row.data.get("ended"):
        return _("%(role)s træder ud: %(who)s") % {"role": role, "who": row.text}
    return _("%(role)s: %(who)s") % {"role": role, "who": row.text}


def _corrected(kind: CaseType, row: CaseEvent, by_key: Mapping[int, CaseEvent], names: Names) -> str:
    what = by_key[row.refers_to_id] if row.refers_to_id else row
    title = _said(kind, what, by_key, names)[0] if what is not row else ""
    if row.kind == K.VOIDED:
        return _("Taget tilbage: »%(what)s«") % {"what": title}
    at = timezone.localdate(datetime.fromisoformat(row.data["at"]))
    old = date.fromisoformat(row.data["from"])
    return _("Dato rettet for »%(what)s«: fra %(old)s til %(new)s") % {
        "what": title,
        "old": formats.date_format(old, "SHORT_DATE_FORMAT"),
        "new": formats.date_format(at, "SHORT_DATE_FORMAT"),
    }


def joined(found: Iterable[Line]) -> list[list[str]]:
    """Lines as rows of a printed table: day, what, who."""
    return [
        [
            str(formats.date_format(line.on, "SHORT_DATE_FORMAT")),
            "\n".join(part for part in (line.title, *line.details, line.text) if part)
            + (_("\n(taget tilbage)") if line.gone else ""),
            line.who,
        ]
        for line in found
    ]
