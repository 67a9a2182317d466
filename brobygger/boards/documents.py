# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Agenda and minutes as PDF."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.utils import formats, timezone
from django.utils.translation import gettext as _

from brobygger.base import pdf
from brobygger.base.danish import join
from brobygger.boards.models import AgendaItem, Attendance, Meeting
from brobygger.boards.queries.pages import MeetingPage, meeting_page

TEMPLATE = Path(__file__).parent / "meeting.typ"


def agenda(meeting: Meeting) -> bytes:
    """What is to be discussed, with background and the names of the papers."""
    page = meeting_page(meeting)
    facts = [
        *_facts(meeting),
        (_("Indkaldt"), join([seat.person.name for seat, _state in page.seats]) or "–"),
    ]
    items = [_item(item, [(_("Baggrund og indstilling"), item.text)]) for item in page.items]
    return _write(meeting, page, _("Dagsorden"), facts, items, [])


def minutes(meeting: Meeting) -> bytes:
    """What was said and decided, who came, and what was recommended."""
    page = meeting_page(meeting)
    facts = [
        *_facts(meeting),
        (_("Til stede"), _names(page, Attendance.State.PRESENT)),
        (_("Afbud"), _names(page, Attendance.State.ABSENT)),
    ]
    approved = meeting.minutes_approved_on
    facts.append(
        (
            _("Referat"),
            _("godkendt %(day)s") % {"day": _day(approved)} if approved else _("ikke godkendt endnu"),
        )
    )
    items = [_item(item, [("", item.minutes or _("Intet referat."))]) for item in page.items]
    return _write(meeting, page, _("Referat"), facts, items, [one.title for one in page.recommendations])


def _day(day: Any) -> str:
    return str(formats.date_format(day, "j. F Y"))


def _facts(meeting: Meeting) -> list[tuple[str, str]]:
    begins, ends = timezone.localtime(meeting.starts_at), timezone.localtime(meeting.ends_at)
    when = _("%(day)s kl. %(begins)s–%(ends)s") % {
        "day": formats.date_format(begins, "l j. F Y").capitalize(), "begins": f"{begins:%H.%M}", "ends": f"{ends:%H.%M}",
    }  # fmt: skip
    return [(_("Tid"), when), (_("Sted"), meeting.place or "–")]


def _names(page: MeetingPage, state: str) -> str:
    """Those who attended so, each with where they come from."""
    found = [seat for seat, held in page.seats if held == state]
    return (
        join(
            [
                f"{seat.person.name} ({seat.organisation})" if seat.organisation else seat.person.name
                for seat in found
            ]
        )
        or "–"
    )


def _item(item: AgendaItem, texts: list[tuple[str, str]]) -> dict[str, Any]:
    papers = [paper.name for paper in item.papers.all()]
    told = [{"label": label, "text": text} for label, text in texts if text]
    if papers:
        told.append({"label": _("Bilag"), "text": join(papers)})
    return {"heading": f"{item.number}. {item.title}", "kind": str(item.get_kind_display()), "texts": told}


def _write(
    meeting: Meeting,
    page: MeetingPage,
    what: str,
    facts: list[tuple[str, str]],
    items: list[dict[str, Any]],
    recommendations: list[str],
) -> bytes:
    title = f"{what}: {meeting.title or meeting.board.name}"
    values = {
        "title": title, "board": meeting.board.name, "facts": [list(fact) for fact in facts], "items": items,
        "recommendations": recommendations, "recommended": _("Anbefalinger"),
    }  # fmt: skip
    return pdf.write(TEMPLATE, values, title=title, author=meeting.board.operator.name)
