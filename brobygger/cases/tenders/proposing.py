# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Firms that could do a task, for the office to call: by the words of the task against what firms write and offer."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _

from brobygger.base.danish import join
from brobygger.cases import fitting
from brobygger.cases.models import Case
from brobygger.cases.tenders.case_words import INDUSTRIES
from brobygger.knowledge.industries import industry_title
from brobygger.market.models import Listing
from brobygger.register import industry_picker
from brobygger.register.models import Organisation

MOST = 8


@dataclass(frozen=True, slots=True)
class Proposal:
    """A firm, and why it could do the task."""

    firm: Organisation
    why: str


def proposals(case: Case) -> list[Proposal]:
    """The best first. Firms of the named industries, or where none is named those that write or offer something. Nobody under
    advertising protection, and nothing that tells who has bid."""
    codes = industry_picker.codes_in(case.values.get(INDUSTRIES))
    rows = fitting.approachable(case.operator_id, codes).filter(
        kind__in=(Organisation.Kind.FIRM, Organisation.Kind.SOLE_TRADER, Organisation.Kind.KNOWLEDGE)
    )
    if not codes:
        has = Listing.objects.filter(
            organisation=OuterRef("pk"), side=Listing.Side.HAVE, status=Listing.Status.ACTIVE
        ).exclude(visibility=Listing.Visibility.BROKER)
        rows = rows.filter(~Q(description="") | Exists(has))
    said = f"{case.title} {case.value('challenge') or ''}"
    found = fitting.best_first(said, rows, listed=Listing.Side.HAVE)
    chosen = [(firm, fit) for firm, fit in found if codes or fit is not fitting.NONE]
    return [Proposal(firm, _why(firm, fit, bool(codes))) for firm, fit in chosen[:MOST]]


def _why(firm: Organisation, fit: fitting.Fit, asked_for: bool) -> str:
    industry = industry_title(firm.industry) or firm.industry
    first = (
        _("Branchen er en af dem, I har valgt: %(industry)s.") if asked_for else _("Branche: %(industry)s.")
    )
    parts = [first % {"industry": industry}] if industry else []
    if fit.words:
        parts.append(_("Ord, der passer: %(words)s.") % {"words": join(list(fit.words))})
    return " ".join(parts)
