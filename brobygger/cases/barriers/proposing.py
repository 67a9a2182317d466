# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Who the firm could become a supplier of, each once, best first.

Where the officer has named the customers' industries these come first: firms there that lack what it has or use it, then those
whose own words fit what it can deliver, then the largest. What the engine found elsewhere follows only where it is about what the
firm says it delivers: a grocer who draws plans is not led to pig farms by the fruit it has left over."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from brobygger.base.danish import join
from brobygger.cases import fitting
from brobygger.cases.barriers.case_words import INDUSTRIES, MOST, SELLS
from brobygger.cases.barriers.models import PotentialCustomer
from brobygger.cases.models import Case
from brobygger.engine.identify import CERTAIN, identify
from brobygger.engine.text_index import TextIndex
from brobygger.knowledge import load
from brobygger.knowledge.industries import industry_title
from brobygger.market.models import Listing, Suggestion
from brobygger.register import industry_picker
from brobygger.register.models import Organisation

LOOK = 60
"""So many of each kind are looked at: some stand on the list already."""
ABOUT = 0.5
"""From this share of what the firm delivers a listing is about the same."""
Origin = PotentialCustomer.Origin


def proposals(case: Case) -> Iterator[PotentialCustomer]:
    """Unsaved, the best first. Never because of a confidential listing of somebody else."""
    seen = set(PotentialCustomer.objects.filter(case=case).values_list("organisation_id", flat=True))
    for found in _all(case):
        if found.organisation_id not in seen:
            seen.add(found.organisation_id)
            yield found


def _all(case: Case) -> Iterator[PotentialCustomer]:
    codes = industry_picker.codes_in(case.value(INDUSTRIES))
    lacking_it, using_it = list(_who_lack_it(case)), list(_who_use_it(case))
    if not codes:
        yield from [*lacking_it, *using_it]
        return
    yield from (row for row in [*lacking_it, *using_it] if row.organisation.industry.startswith(tuple(codes)))
    yield from _of_industries(case, codes)
    said = str(case.value(SELLS) or "")
    yield from (
        row for row in [*lacking_it, *using_it] if row.suggestion and _is_about(row.suggestion.have, said)
    )


def _is_about(have: Listing, said: str) -> bool:
    """Whether the listing is of what the firm has said that it wants to deliver in the programme."""
    if not said.strip():
        return False
    types = {guess.type for guess in identify(said, load()) if guess.certainty >= CERTAIN}
    if have.resource_type and have.resource_type in types:
        return True
    return any(hit.score >= ABOUT for hit in TextIndex([f"{have.title} {have.text}"]).search(said))


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
    for row in rows.exclude(need__organisation=case.organisation).select_related(
        "need__organisation", "have"
    )[:LOOK]:
        assert row.need is not None
        yield PotentialCustomer(
            case=case, organisation=row.need.organisation, origin=Origin.NEED, suggestion=row
        )


def _who_use_it(case: Case) -> Iterator[PotentialCustomer]:
    """They have asked for nothing: those under advertising protection are left in peace."""
    rows = Suggestion.objects.filter(
        _suggested(case), kind=Suggestion.Kind.TAKER, organisation__status=Organisation.Status.ACTIVE,
        organisation__ad_protected=False,
    ).exclude(organisation=case.organisation)  # fmt: skip
    for row in rows.select_related("organisation", "have")[:LOOK]:
        yield PotentialCustomer(case=case, organisation=row.organisation, origin=Origin.TAKER, suggestion=row)


def _of_industries(case: Case, codes: list[str]) -> Iterator[PotentialCustomer]:
    """First those whose own words fit what the firm can deliver, the best fit first; then the largest."""
    rows = fitting.approachable(case.operator_id, codes).exclude(pk=case.organisation_id or 0)
    found = fitting.best_first(str(case.value(SELLS) or ""), rows, listed=Listing.Side.NEED)
    for firm, fit in found[:LOOK]:
        yield PotentialCustomer(case=case, organisation=firm, origin=Origin.INDUSTRY, reason=_told(firm, fit))


def _told(firm: Organisation, fit: fitting.Fit) -> str:
    parts = [_("Branche: %(industry)s.") % {"industry": industry_title(firm.industry) or firm.industry}]
    if fit.words:
        parts.append(_("Passer til det, I kan levere: %(words)s.") % {"words": join(list(fit.words))})
    if firm.employees:
        parts.append(
            ngettext("%(number)s ansat.", "%(number)s ansatte.", firm.employees) % {"number": firm.employees}
        )
    return " ".join(parts)[:500]


def lacking(case: Case) -> int:
    """How many more the list has room for."""
    listed = PotentialCustomer.objects.filter(case=case).listed()
    return max(0, MOST - listed.exclude(state=PotentialCustomer.State.IRRELEVANT).count())
