# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Who the firm could become a supplier of: those that lack what it has, those whose industry uses it, and firms of the
industries that the officer names. In this order, each once, best first."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import reduce
from operator import or_

from django.db.models import F, Q
from django.utils.translation import gettext as _

from brobygger.cases.barriers.case_words import INDUSTRIES, MOST
from brobygger.cases.barriers.models import PotentialCustomer
from brobygger.cases.models import Case
from brobygger.knowledge.industries import industry_title
from brobygger.market.models import Listing, Suggestion
from brobygger.register.filters import industry_clause
from brobygger.register.models import Organisation

LOOK = 60
"""So many of each kind are looked at: some stand on the list already."""
Origin = PotentialCustomer.Origin


def proposals(case: Case) -> Iterator[PotentialCustomer]:
    """Unsaved, the best first. Never because of a confidential listing of somebody else."""
    seen = set(PotentialCustomer.objects.filter(case=case).values_list("organisation_id", flat=True))
    for found in _all(case):
        if found.organisation_id not in seen:
            seen.add(found.organisation_id)
            yield found


def _all(case: Case) -> Iterator[PotentialCustomer]:
    yield from _who_lack_it(case)
    yield from _who_use_it(case)
    yield from _of_industries(case)


def _suggested(case: Case) -> Q:
    """What the engine found for the firm's own listings and nobody has turned down."""
    return Q(
        operator_id=case.operator_id, have__organisation_id=case.organisation_id, have__status=Listing.Status.ACTIVE,
        state__in=[Suggestion.State.NEW, Suggestion.State.PUT_OFF, Suggestion.State.ACCEPTED],
    )  # fmt: skip


def _who_lack_it(case: Case) -> Iterator[PotentialCustomer]:
    rows = Suggestion.objects.filter(
        _suggested(case), kind=Suggestion.Kind.PAIR, need__status=Listing.Status.ACTIVE,
        need__organisation__operator_id=case.operator_id, need__organisation__status=Organisation.Status.ACTIVE,
    ).exclude(need__visibility=Listing.Visibility.BROKER)  # fmt: skip
    for row in rows.exclude(need__organisation=case.organisation).select_related("need")[:LOOK]:
        assert row.need is not None
        yield PotentialCustomer(
            case=case, organisation_id=row.need.organisation_id, origin=Origin.NEED, suggestion=row
        )


def _who_use_it(case: Case) -> Iterator[PotentialCustomer]:
    """They have asked for nothing: those under advertising protection are left in peace."""
    rows = Suggestion.objects.filter(
        _suggested(case), kind=Suggestion.Kind.TAKER, organisation__status=Organisation.Status.ACTIVE,
        organisation__ad_protected=False,
    ).exclude(organisation=case.organisation)  # fmt: skip
    for row in rows.select_related("organisation")[:LOOK]:
        yield PotentialCustomer(case=case, organisation=row.organisation, origin=Origin.TAKER, suggestion=row)


def _of_industries(case: Case) -> Iterator[PotentialCustomer]:
    codes = re.findall(r"\d{2,6}", str(case.value(INDUSTRIES) or "").replace(".", ""))
    if not codes:
        return
    rows = Organisation.objects.filter(
        reduce(or_, map(industry_clause, codes)), operator_id=case.operator_id, ad_protected=False,
        status=Organisation.Status.ACTIVE,
    ).exclude(pk=case.organisation_id or 0)  # fmt: skip
    for firm in rows.order_by(F("employees").desc(nulls_last=True), "pk")[:LOOK]:
        what = industry_title(firm.industry) or firm.industry
        told = (
            _("Branche: %(industry)s. %(number)s ansatte.") % {"industry": what, "number": firm.employees}
            if firm.employees
            else _("Branche: %(industry)s.") % {"industry": what}
        )
        yield PotentialCustomer(case=case, organisation=firm, origin=Origin.INDUSTRY, reason=told[:500])


def lacking(case: Case) -> int:
    """How many more the list has room for."""
    listed = PotentialCustomer.objects.filter(case=case).listed()
    return max(0, MOST - listed.exclude(state=PotentialCustomer.State.IRRELEVANT).count())
