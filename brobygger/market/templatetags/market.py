# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Suggestions in templates: `{% suggestions_of listing %}`, and a score as a word."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import template
from django.utils.translation import gettext as _

from brobygger.base.danish import number
from brobygger.market.models import Listing, Suggestion, WeightVersion
from brobygger.market.queries.suggestions import of_listing
from brobygger.market.suggestion_words import badge, confidence_words, grade, part_label
from brobygger.market.wording import goal_text

register = template.Library()
register.filter("goal_text", goal_text)
register.filter("grade", grade)
register.filter("grade_badge", badge)
register.filter("confidence_words", confidence_words)


@register.inclusion_tag("market/_suggestions_of.html", takes_context=True)
def suggestions_of(context: dict[str, Any], listing: Listing) -> dict[str, Any]:
    """The listing's best suggestions and then takers that posted nothing, as far as the person may see them."""
    request = context["request"]
    operator = getattr(request, "operator", None)
    shown = of_listing(listing, request.user, operator, request.GET.get("aftagere"))
    staff = request.user.is_authenticated and bool(
        request.user.is_staff_of(listing.operator_id) or (operator and request.user.is_staff_of(operator.pk))
    )
    return {
        "request": request,
        "listing": listing,
        "shown": shown,
        "office": staff,
        "may_change": context.get("may_change", False),
        "used_up": context.get("left") == "",
    }


@register.filter
def listed(numbers: Iterable[int | str]) -> str:
    """`1, 2 og 4`."""
    told = [str(one) for one in numbers]
    if len(told) < 2:
        return "".join(told)
    return _("%(first)s og %(last)s") % {"first": ", ".join(told[:-1]), "last": told[-1]}


@register.filter
def counterpart(suggestion: Suggestion, listing: Listing) -> Any:
    """The other side seen from a listing: the other listing, or the organisation that posted nothing."""
    if suggestion.need_id == listing.pk:
        return suggestion.have
    return suggestion.need or suggestion.organisation


@register.filter
def share(weight: float) -> str:
    """A weight as per cent of the whole: `17,5 %`."""
    return f"{number(round(weight * 100, 1))} %"


@register.filter
def weight_changes(version: WeightVersion) -> list[tuple[str, float, float]]:
    """(part, weight before, weight after) of the parts that the version changed."""
    return [
        (part_label(name), version.before[name], weight)
        for name, weight in version.weights.items()
        if weight != version.before[name]
    ]
