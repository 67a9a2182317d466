# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Firms that could do a task, for the office to call: by the words of the task against what firms write and offer."""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce
from operator import or_

from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext as _

from brobygger.base.danish import join
from brobygger.cases import fitting
from brobygger.cases.models import Case
from brobygger.cases.tenders.case_words import INDUSTRIES
from brobygger.knowledge.industries import industry_title
from brobygger.market.models import Listing
from brobygger.register import industry_picker
from brobygger.register.filters import industry_clause
from brobygger.register.models import Organisation

READ, MOST = 1_000, 8


@dataclass(frozen=True, slots=True)
class Proposal:
    """A firm, and why it could do the task."""

    firm: Organisation
    why: str


def proposals(case: Case) -> list[Proposal]:
    """The best first. Firms of the named industries, or where none is named those that write or offer something. Nobody under
    advertising protection, and nothing that tells who has bid."""
    codes = industry_picker.codes_in(case.values.get(INDUSTRIES))
    rows = Organisation.objects.filter(
        operator_id=case.operator_id, status=Organisation.Status.ACTIVE, ad_protected=False,
        kind__in=(Organisation.Kind.FIRM, Organisation.Kind.SOLE_TRADER, Organisation.Kind.KNOWLEDGE),
    )  # fmt: skip
    if codes:
        rows = rows.filter(reduce(or_, map(industry_clause, codes)))
    else:
        has = Listing.objects.filter(
            organisation=OuterRef("pk"), side=Listing.Side.HAVE, status=Listing.Status.ACTIVE
        ).exclude(visibility=Listing.Visibility.BROKER)
        rows = rows.filter(~Q(description="") | Exists(has))
    firms = list(rows.order_by(F("employees").desc(nulls_last=True), "pk")[:READ])
    said = f"{case.title} {case.value('challenge') or ''}"
    fits = fitting.fits(said, firms, listed=Listing.Side.HAVE)
    chosen = [firm for firm in firms if codes or firm.pk in fits]
    chosen.sort(
        key=lambda firm: -round(fits.get(firm.pk, fitting.NONE).score, 2)
    )  # stable: the largest first among equals
    return [
        Proposal(firm, _why(firm, fits.get(firm.pk, fitting.NONE), bool(codes))) for firm in chosen[:MOST]
    ]


def _why(firm: Organisation, fit: fitting.Fit, asked_for: bool) -> str:
    industry = industry_title(firm.industry) or firm.industry
    first = (
        _("Branchen er en af dem, I har valgt: %(industry)s.") if asked_for else _("Branche: %(industry)s.")
    )
    parts = [first % {"industry": industry}] if industry else []
    if fit.words:
        parts.append(_("Ord, der passer: %(words)s.") % {"words": join(list(fit.words))})
    return " ".join(parts)
