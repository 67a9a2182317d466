# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""A tender in its case's archive. Bids are told when two people have opened them; what was replaced, taken back, or never
opened stays in its envelope, which goes along closed. While bids may still be opened, or made, nothing of them is told."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from django.utils import formats, timezone
from django.utils.translation import gettext as _

from brobygger.accounts.models import User
from brobygger.base import scanning
from brobygger.base.danish import kroner
from brobygger.cases import archive
from brobygger.cases.archive import Page
from brobygger.cases.errors import NotArchived
from brobygger.cases.models import Case
from brobygger.cases.tenders import opening, texts
from brobygger.cases.tenders.models import (
    Announcement,
    Bid,
    DialogueMeeting,
    Follower,
    Notice,
    Question,
    Tender,
    Version,
)


@archive.once
def _is_sealed(case: Case) -> bool:
    """Bids are not open and may still be opened, or made: also a case that is over is taken up again before its deadline."""
    tender = Tender.objects.filter(case=case).first()
    if tender is None or tender.opened_at:
        return False
    return case.is_open or tender.takes_bids(timezone.now())


def _askers(case: Case) -> tuple[str, ...]:
    """Who asked is who may bid."""
    return ("organisation", "asked_by") if _is_sealed(case) else ()


@archive.once
def _bids(case: Case) -> list[Bid]:
    """Nobody is told that there are any until they are open, or the tender is over."""
    if _is_sealed(case):
        return []
    bids = list(
        Bid.objects.filter(tender__case=case)
        .select_related("organisation", "tender")
        .order_by("organisation__sort_name", "number")
    )
    for bid in bids:
        bid.tender.case = case
    return bids


@archive.once
def _opened(case: Case, user: User | None) -> dict[int, dict[str, Any]]:
    """Bid → price, text and file, of those that were opened. Raises NotYours, Partial."""
    tender = Tender.objects.filter(case=case, opened_at__isnull=False).first()
    if tender is None or user is None:
        return {}
    return {bid.pk: content for bid, content in opening.read(tender, user=user)}


def _contents(bid: Bid, user: User | None) -> dict[str, Any]:
    """Price, text and file of a bid that was opened; empty for an envelope that stays closed. Raises NotYours, Partial."""
    return _opened(bid.tender.case, user).get(bid.pk, {})


def told(bid: Any, user: User | None) -> dict[str, Any]:
    """What lies in the bid, its file by name."""
    found = _contents(bid, user)
    if not found:
        return {"sealed": True, "envelope": _path(bid, "lukket")}
    file = found.get("file")
    return {**found, "file": _path(bid, file["name"]) if file else None}


def _path(bid: Bid, name: str) -> str:
    firm = re.sub(r"[^\w.\- ]", "_", bid.organisation.name)[:60]
    return (
        f"bud/{bid.pk}_{firm}_v{bid.number}.{name}"
        if name == "lukket"
        else f"bud/{bid.pk}_{firm}_{_plain(name)}"
    )


def _plain(name: str) -> str:
    return re.sub(r"[^\w.\- ]", "_", name)


def files(case: Case, user: User | None) -> Iterator[tuple[str, bytes]]:
    for bid in _bids(case):
        found = _contents(bid, user)
        if not found:
            yield _path(bid, "lukket"), bytes(bid.data)
        elif file := found.get("file"):
            content = base64.b64decode(file["data"])
            clean = scanning.is_clean(content)
            if clean is None:
                raise NotArchived(
                    _("Virusscanneren kan ikke nås, så filerne i buddene kan ikke tages med lige nu.")
                )
            if clean:
                yield _path(bid, file["name"]), content


def bids(case: Case, user: User | None) -> Iterator[Page]:
    rows, texts_ = [], []
    for bid in _bids(case):
        found = _contents(bid, user)
        state = _("Trukket tilbage") if bid.withdrawn_at else "" if found else _("Ikke åbnet")
        price = kroner(Decimal(found["price"])) if found else state
        rows.append(
            (
                str(bid.organisation),
                str(bid.number),
                _moment(bid.submitted_at),
                price,
                bid.fingerprint[:16] + "…",
            )
        )
        if found and found["text"]:
            texts_.append(Page(_("Bud fra %(firm)s") % {"firm": bid.organisation}, found["text"]))
    if rows:
        columns = (_("Virksomhed"), _("Version"), _("Modtaget"), _("Pris"), "SHA-256")
        yield Page(_("Bud"), "", columns, tuple(rows), (3,))
        yield from texts_


def pages(case: Case, _user: User | None) -> Iterator[Page]:
    tender = (
        Tender.objects.filter(case=case)
        .select_related("winner__organisation", "first_opener", "second_opener")
        .first()
    )
    if tender is None:
        return
    rows = [(_("Frist for bud"), _moment(tender.deadline))]
    if tender.published_at:
        rows.append((_("Offentliggjort"), _moment(tender.published_at)))
    if tender.members_until:
        rows.append((_("Kun for medlemmer indtil"), _moment(tender.members_until)))
    if tender.opened_at:
        rows.append(
            (
                _("Buddene åbnet"),
                f"{_moment(tender.opened_at)}, {tender.first_opener}, {tender.second_opener}",
            )
        )
    if tender.winner:
        rows += [(_("Valgt bud"), str(tender.winner.organisation)), (_("Begrundelse"), tender.award_reason)]
    yield Page(_("Udbuddet"), "", (_("Hvad"), ""), tuple(rows))
    for version in tender.versions.select_related("by"):
        heading = _("Udbudstekst, version %(number)s, %(day)s") % {
            "number": version.number,
            "day": _moment(version.at),
        }
        parts = [f"{label}: {text}" for label, text in texts.parts(case.type, version) if text]
        yield Page(heading, "\n\n".join([version.title, *parts, *filter(None, [version.reason])]))
    yield from _talks(tender, told=not _is_sealed(case))


def _talks(tender: Tender, *, told: bool) -> Iterator[Page]:
    meetings = tuple((_moment(row.at), row.place, row.told) for row in tender.meetings.all())
    if meetings:
        yield Page(_("Markedsdialog"), "", (_("Hvornår"), _("Hvor"), _("Referat")), meetings)
    questions = tuple(
        (
            _moment(row.asked_at),
            str(row.organisation) if told else "–",
            row.text,
            row.answer or row.closed_why or _("Ikke besvaret"),
        )
        for row in tender.questions.select_related("organisation")
    )
    if questions:
        yield Page(_("Spørgsmål og svar"), "", (_("Stillet"), _("Af"), _("Spørgsmål"), _("Svar")), questions)
    notices = tuple((_moment(row.at), row.text) for row in tender.notices.order_by("at", "pk"))
    if notices:
        yield Page(_("Meddelelser til alle"), "", (_("Hvornår"), _("Hvad")), notices)


def announcements(case: Case, _user: User | None) -> Iterator[Page]:
    """Who was told that the tender is out, in the order in which they were."""
    told = Announcement.objects.filter(tender__case=case)
    if rows := tuple((_moment(row.at), row.email) for row in told):
        yield Page(_("Fortalt, at opgaven er ude"), "", (_("Hvornår"), _("Til")), rows)


def _moment(at: Any) -> str:
    return str(formats.date_format(timezone.localtime(at), "SHORT_DATETIME_FORMAT")) if at else ""


archive.holds(Tender, "tender", of="case", pages=pages, without=("token",))
archive.holds(Version, "tender_texts", of="tender__case")
archive.holds(DialogueMeeting, "tender_meetings", of="tender__case")
archive.holds(Question, "tender_questions", of="tender__case", hidden=_askers)
archive.holds(Announcement, "tender_announcements", of="tender__case", pages=announcements)
archive.holds(Notice, "tender_notices", of="tender__case")
archive.holds(
    Bid, "tender_bids", of="tender__case", rows=_bids, pages=bids, files=files, told=told, without=("data",)
)
archive.leaves_out(
    Follower, "who asked to be written to when a tender changes: not what happened in the case"
)
