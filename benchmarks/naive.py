# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""The named alternative to our pages: the same lists as one writes them first in Django.

Same data, same server, same sign-in and the same rule of who may see what. Words are searched with `icontains`, pages
are counted with `Paginator`'s COUNT(*), related records are read where the template asks for them. The pages have no
layout, menu, filters or map, so the comparison is in the alternative's favour where rendering is what costs.
"""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpResponse
from django.template import engines
from django.urls import path
from django.utils import timezone

from brobygger.accounts.access import STAFF, access
from brobygger.accounts.http import Request
from brobygger.cases.models import Case
from brobygger.dialogue.models import PortfolioFirm
from brobygger.market.models import Listing, Match, Suggestion
from brobygger.register.models import Organisation

_LIST = """<!doctype html><h1>{{ page.paginator.count }}</h1><ul>{% for row in page %}
<li><a href="{{ prefix }}{{ row.pk|stringformat:'s' }}/">{{ row }}</a> {{ row.operator }} {{ row.organisation }} {{ row.giver }} {{ row.have.organisation }}
{% endfor %}</ul>"""
_ONE = """<!doctype html><h1>{{ row }}</h1>{% for other in others %}<p>{{ other }} {{ other.organisation }}{% endfor %}"""
_MENU = """{% for label, rows in parts %}<h2>{{ label }}</h2>{% for row in rows %}<p>{{ row }} {{ row.have.organisation }}{% endfor %}{% endfor %}"""


def _page(request: Request, rows: Any, prefix: str) -> HttpResponse:
    page = Paginator(rows, 25).get_page(request.GET.get("side"))
    return _rendered(_LIST, page=page, prefix=prefix)


def _rendered(template: str, **context: Any) -> HttpResponse:
    return HttpResponse(engines["django"].from_string(template).render(context))


@access(STAFF)
def organisations(request: Request) -> HttpResponse:
    rows = Organisation.objects.visible_to(request.user).filter(status="active")
    for word in request.GET.get("q", "").split():
        rows = rows.filter(Q(name__icontains=word) | Q(city__icontains=word) | Q(cvr__icontains=word))
    if industry := request.GET.get("branche"):
        rows = rows.filter(industry__startswith=industry)
    if municipality := request.GET.get("kommune"):
        rows = rows.filter(municipality_code=municipality)
    if request.GET.get("ansatte") == "10":
        rows = rows.filter(employees__range=(10, 49))
    return _page(request, rows.order_by("sort_name", "pk"), "/virksomheder/")


@access(STAFF)
def organisation(request: Request, pk: int) -> HttpResponse:
    row = Organisation.objects.visible_to(request.user).get(pk=pk)
    related = (row.establishments, row.affiliations, row.permits, row.tags, row.listings, row.history)
    others = [other for relation in related for other in relation.all()]
    return _rendered(_ONE, row=row, others=others)


@access(STAFF)
def listings(request: Request) -> HttpResponse:
    rows = Listing.objects.visible_to(request.user).filter(operator=request.operator, status="active")
    for word in request.GET.get("q", "").split():
        rows = rows.filter(Q(text__icontains=word) | Q(organisation__name__icontains=word))
    if side := request.GET.get("retning"):
        rows = rows.filter(side=side)
    if kind := request.GET.get("slags"):
        rows = rows.filter(kind=kind)
    return _page(request, rows.order_by("-created_at", "pk"), "/har-og-mangler/")


@access(STAFF)
def listing(request: Request, pk: Any) -> HttpResponse:
    row = Listing.objects.visible_to(request.user).get(pk=pk)
    visible = Suggestion.objects.visible_to(request.user).filter(Q(have=row) | Q(need=row))
    return _rendered(_ONE, row=row, others=[*visible.order_by("-score")[:20], *row.history.all()])


@access(STAFF)
def suggestions(request: Request) -> HttpResponse:
    rows = Suggestion.objects.visible_to(request.user).filter(operator=request.operator, state="new")
    return _page(request, rows.order_by("-score", "pk"), "/forslag/")


@access(STAFF)
def suggestion(request: Request, pk: Any) -> HttpResponse:
    row = Suggestion.objects.visible_to(request.user).get(pk=pk)
    return _rendered(_ONE, row=row, others=[row.have, row.need] if row.need else [row.have])


@access(STAFF)
def matches(request: Request) -> HttpResponse:
    rows = Match.objects.visible_to(request.user).filter(operator=request.operator)
    return _page(request, rows.order_by("-stage_at", "pk"), "/match/")


@access(STAFF)
def match(request: Request, pk: Any) -> HttpResponse:
    row = Match.objects.visible_to(request.user).get(pk=pk)
    deliveries = [delivery for agreement in row.agreements.all() for delivery in agreement.deliveries.all()]
    return _rendered(_ONE, row=row, others=[*row.notes.all(), *deliveries, *row.history.all()])


@access(STAFF)
def today(request: Request) -> HttpResponse:
    open_matches = [
        row for row in Match.objects.visible_to(request.user).filter(operator=request.operator) if row.is_open
    ]
    due = [row for row in open_matches if row.follow_up_on and row.follow_up_on <= timezone.localdate()]
    best = Suggestion.objects.visible_to(request.user).filter(operator=request.operator, state="new")
    parts = [("due", due[:12]), ("waiting", open_matches[:12]), ("best", best.order_by("-score")[:8])]
    return _rendered(_MENU, parts=parts)


@access(STAFF)
def cases(request: Request) -> HttpResponse:
    rows = Case.objects.visible_to(request.user).filter(operator=request.operator)
    if words := request.GET.get("q"):
        rows = rows.filter(Q(title__icontains=words) | Q(values__icontains=words))
    else:
        rows = rows.filter(is_open=True)
    return _page(request, rows.order_by("due_on", "pk"), "/sager/")


@access(STAFF)
def case(request: Request, pk: Any) -> HttpResponse:
    row = Case.objects.visible_to(request.user).get(pk=pk)
    return _rendered(_ONE, row=row, others=[*row.events.all(), *row.parties.all()])


@access(STAFF)
def board(request: Request) -> HttpResponse:
    rows = list(Case.objects.visible_to(request.user).filter(operator=request.operator, is_open=True))
    parts = [
        (stage, [row for row in rows if row.stage == stage][:12])
        for stage in sorted({row.stage for row in rows})
    ]
    return _rendered(_MENU, parts=parts)


@access(STAFF)
def load(request: Request) -> HttpResponse:
    rows = list(Case.objects.visible_to(request.user).filter(operator=request.operator, is_open=True))
    counted = Counter(str(row.officer) for row in rows)
    return _rendered(_MENU, parts=[("open", [f"{name}: {count}" for name, count in counted.most_common()])])


@access(STAFF)
def building(request: Request) -> HttpResponse:
    decided = Case.objects.filter(operator=request.operator, decided_on__isnull=False)
    kept = Counter(
        f"{row.decided_on:%Y-%m}" for row in decided if (row.days_used or 0) <= (row.goal_days or 0)
    )
    return _rendered(_MENU, parts=[("kept", [f"{month}: {count}" for month, count in sorted(kept.items())])])


@access(STAFF)
def portfolio(request: Request) -> HttpResponse:
    rows = PortfolioFirm.objects.filter(operator=request.operator)
    return _page(request, rows.order_by("organisation__sort_name"), "/portefoelje/")


@access(STAFF)
def visits(request: Request) -> HttpResponse:
    rows = [
        (row.organisation.interactions.order_by("-on").first(), row)
        for row in PortfolioFirm.objects.filter(operator=request.operator)
    ]
    longest = sorted(rows, key=lambda row: row[0].on if row[0] else date.min)[:12]
    return _rendered(_MENU, parts=[("longest ago", [row for _, row in longest])])


urlpatterns = [
    path("virksomheder/", organisations),
    path("virksomheder/<int:pk>/", organisation),
    path("har-og-mangler/", listings),
    path("har-og-mangler/<uuid:pk>/", listing),
    path("forslag/", suggestions),
    path("forslag/<uuid:pk>/", suggestion),
    path("match/", matches),
    path("match/<uuid:pk>/", match),
    path("i-dag/", today),
    path("sager/", cases),
    path("sager/tavle/", board),
    path("sager/hvem-har-hvad/", load),
    path("sager/byggesager/", building),
    path("sager/<int:pk>/", case),
    path("portefoelje/", portfolio),
    path("portefoelje/besoeg/", visits),
]
