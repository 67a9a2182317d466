# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Making a prospectus and sending it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import asdict
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from brobygger.accounts.models import User
from brobygger.base import mail, pdf
from brobygger.base.forms import clean_text
from brobygger.cases.enquiry import queries
from brobygger.cases.enquiry.errors import BadAddress, NotAnEnquiry, OldFigures
from brobygger.cases.enquiry.models import ProspectusVersion
from brobygger.cases.enquiry.prospectus import compute, of_lines
from brobygger.cases.enquiry.scope import TYPE, scope_of
from brobygger.cases.models import Case, CaseEvent
from brobygger.cases.services.derive import locked, record, require_officer, require_open

OF_LINES = ("skills", "sites", "area")
"""Figures that are counted from the lines."""


@transaction.atomic
def make(case: Case, *, introduction: str, user: User | None) -> ProspectusVersion:
    """Compute the prospectus as of today and keep it as the next version. Raises NotYours, Conflicted, CaseIsOver,
    NotAnEnquiry, NoIndustry, UnknownIndustry, UnknownMunicipality."""
    stored = _officers(case, user)
    found = compute(stored.operator, scope_of(stored), timezone.localdate())
    newest = ProspectusVersion.objects.filter(case=stored).order_by("-number").first()
    made = ProspectusVersion.objects.create(
        case=stored,
        number=newest.number + 1 if newest else 1,
        introduction=clean_text(introduction)[:5000],
        body=found.as_json(),
        made_by=user,
    )
    record(stored, CaseEvent.Kind.OTHER, user=user, name="prospectus", text=_told(made))
    return made


@transaction.atomic
def choose(version: ProspectusVersion, keys: Collection[str], *, user: User) -> ProspectusVersion:
    """Leave lines out, and put others in: the same figures of the same day as the next version, with those lines alone.
    `keys`: those of `queries.lines` that are to be in it. Raises NotYours, Conflicted, CaseIsOver, OldFigures."""
    stored = _officers(version.case, user)
    if ProspectusVersion.objects.filter(case=stored, number__gt=version.number).exists():
        raise OldFigures
    body = dict(version.body)
    before = body.get("others", {})
    others: dict[str, list[Any]] = {}
    for part in queries.PARTS:
        inside = [(f"{part}-in-{at}", row) for at, row in enumerate(body[part])]
        outside = [(f"{part}-out-{at}", row) for at, row in enumerate(before.get(part, []))]
        body[part] = [row for key, row in inside + outside if key in keys]
        others[part] = [row for key, row in inside + outside if key not in keys]
    if all(body[part] == version.body[part] for part in queries.PARTS):
        return version
    kept = [figure for figure in body["figures"] if figure["key"] not in OF_LINES]
    lines = [asdict(figure) for figure in of_lines(body["skills"], body["sites"])]
    at = next((n for n, figure in enumerate(kept) if figure["key"] in ("exchanges", "tonnes")), len(kept))
    body |= {"others": others, "figures": [*kept[:at], *lines, *kept[at:]]}
    made = ProspectusVersion.objects.create(
        case=stored, number=version.number + 1, introduction=version.introduction, body=body, made_by=user
    )
    record(stored, CaseEvent.Kind.OTHER, user=user, name="prospectus", text=_told(made))
    return made


@transaction.atomic
def send(version: ProspectusVersion, *, to: str, message: str, user: User) -> ProspectusVersion:
    """Send the newest version as a PDF and a link. Raises NotYours, Conflicted, CaseIsOver, BadAddress, OldFigures."""
    stored = _officers(version.case, user)
    if ProspectusVersion.objects.filter(case=stored, number__gt=version.number).exists():
        raise OldFigures
    attached = mail.Attachment(f"prospekt-{stored.number}.pdf", pdf.CONTENT_TYPE, queries.as_pdf(version))
    link = settings.SITE_URL + reverse("enquiry:public", args=[version.token])
    body = clean_text(message)
    if stored.operator.portal_open:
        body = f"{body}\n\n{link}"
    try:
        letter = mail.write(
            to=[to.strip()],
            subject=_("%(number)s: prospekt") % {"number": stored.number},
            body=body,
            operator=stored.operator,
            user=user,
            reply_to=user.email,
            attachments=[attached],
        )
    except ValidationError:
        raise BadAddress from None
    version.sent_at, version.letter = timezone.now(), letter
    version.save(update_fields=["sent_at", "letter"])
    record(
        stored, CaseEvent.Kind.OTHER, user=user, name="prospectus_sent", text=_told(version), letter=letter
    )
    return version


def _officers(case: Case, user: User | None) -> Case:
    stored = locked(case)
    require_officer(user, stored)
    require_open(stored)
    if stored.type_key != TYPE:
        raise NotAnEnquiry
    return stored


def _told(version: ProspectusVersion) -> str:
    return _("Prospekt, version %(number)s") % {"number": version.number}
