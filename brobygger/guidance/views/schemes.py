# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""The catalogue of schemes, and a scheme's page with the firms that it fits: the worklist of a new scheme."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST

from brobygger.accounts.access import STAFF, access
from brobygger.accounts.exporting import as_workbook
from brobygger.accounts.http import Request
from brobygger.accounts.models import Role
from brobygger.base.danish import number
from brobygger.blueprints.models import Definition
from brobygger.guidance import applications
from brobygger.guidance.forms.schemes import FirmFilters, SchemeFilters
from brobygger.guidance.models import Offer
from brobygger.guidance.queries import schemes as queries
from brobygger.guidance.services import schemes as services
from brobygger.guidance.views.common import crumbs, own_scheme
from brobygger.market.queries.listings import MOST_COUNTED, QuickPaginator
from brobygger.register.models import Organisation

CATALOGUE_HEADINGS = (
    gettext_lazy("Ordning"), gettext_lazy("Udbyder"), gettext_lazy("Slags"), gettext_lazy("Formål"),
    gettext_lazy("Åbner"), gettext_lazy("Lukker"), gettext_lazy("De minimis"), gettext_lazy("Tilskud i procent"),
    gettext_lazy("Mindste beløb"), gettext_lazy("Største beløb"), gettext_lazy("Link"), gettext_lazy("Kilde"),
    gettext_lazy("Opdigtet"),
)  # fmt: skip


@access(STAFF)
def catalogue(request: Request) -> HttpResponse:
    """Every scheme that the office has in use, searched and narrowed."""
    filters = SchemeFilters(request.GET)
    rows = queries.current_schemes(request.operator, filters.wanted)
    today = timezone.localdate()
    context = {
        "heading": _("Ordninger"),
        "crumbs": crumbs((_("Ordninger"), None)),
        "filters": filters,
        "rows": [
            (row, row.content, row.content.is_open_on(today), row.content.next_deadline(today))
            for row in rows
        ],
        "may_change": Role.HEAD in request.roles,
    }
    return render(request, "guidance/schemes.html", context)


@access(STAFF)
def export_catalogue(request: Request) -> HttpResponse:
    """The same list as an Excel workbook."""
    rows = (
        [
            c.title, c.provider, c.help_word, ", ".join(c.purpose_words), c.opens_on, c.closes_on,
            "" if c.de_minimis is None else "ja" if c.de_minimis else "nej", c.rate_percent, c.min_dkk, c.max_dkk,
            c.link, c.source, "ja" if c.invented else "",
        ]
        for c in (row.content for row in queries.current_schemes(request.operator, SchemeFilters(request.GET).wanted))
    )  # fmt: skip
    return as_workbook(request, _("Ordninger"), "ordninger", CATALOGUE_HEADINGS, rows)


@access(STAFF)
def scheme(request: Request, pk: int) -> HttpResponse:
    """One scheme: what it offers, to whom, and which of the office's firms it fits."""
    found = own_scheme(request, pk)
    filters = FirmFilters(request.GET)
    rows = queries.by_answer(queries.firms_of(found, which=filters.which), found, filters.answer)
    keys = rows.order_by("sort_name", "pk").values_list("pk", flat=True)
    page = QuickPaginator(keys, settings.PAGE_SIZE).get_page(request.GET.get("side"))
    page.object_list = queries.fetch(list(page.object_list))
    answers = queries.offers_for(found, page.object_list)
    newer = None
    if not found.is_current:
        same = Definition.objects.current().filter(operator=found.operator, kind=found.kind, key=found.key)
        newer = same.first()
    today = timezone.localdate()
    way = applications.way_for(request.user, request.operator)
    context = {
        "heading": found.title,
        "crumbs": crumbs((_("Ordninger"), reverse("guidance:schemes")), (found.title, None)),
        "scheme": found,
        "content": found.content,
        "is_open": found.content.is_open_on(today),
        "deadline": found.content.next_deadline(today),
        "filters": filters,
        "page": page,
        "rows": [(firm, answers.get(firm.pk)) for firm in page.object_list],
        "most_counted": MOST_COUNTED,
        "newer": newer,
        "apply_at": way(found, None) if way and found.is_current else "",
        "may_change": Role.HEAD in request.roles,
    }
    return render(request, "guidance/scheme.html", context)


@access(STAFF)
def export_firms(request: Request, pk: int) -> HttpResponse:
    """The firms as an Excel workbook to write to: never one that is protected against advertising."""
    found = own_scheme(request, pk)
    filters = FirmFilters(request.GET)
    rows = queries.by_answer(queries.firms_of(found, which=filters.which), found, filters.answer)
    title = _("Virksomheder, der passer til %(scheme)s") % {"scheme": found.title}
    return as_workbook(
        request, title, found.key.replace("_", "-"), queries.HEADINGS, queries.for_mailing(rows, found)
    )


@access(STAFF)
@require_POST
def mark_offered(request: Request, pk: int) -> HttpResponse:
    """Note that the chosen firms have been told of the scheme. Those that have answered already keep their answer."""
    found = own_scheme(request, pk)
    chosen = [
        int(key) for key in request.POST.getlist("virksomhed")[:100] if key.isdecimal() and len(key) < 15
    ]
    firms = Organisation.objects.filter(pk__in=chosen, operator=request.operator)
    told = Offer.objects.filter(scheme_key=found.key, organisation__in=firms).values("organisation_id")
    fresh = list(firms.exclude(pk__in=told))
    for firm in fresh:
        services.mark(firm, found, Offer.State.OFFERED, user=request.user)
    if fresh:
        words = ngettext(
            "%(n)s virksomhed er markeret som tilbudt.",
            "%(n)s virksomheder er markeret som tilbudt.",
            len(fresh),
        )
        messages.success(request, words % {"n": number(len(fresh))})
    else:
        messages.info(request, _("Vælg mindst én virksomhed, der ikke har svaret."))
    query = request.POST.get("query", "")
    back = reverse("guidance:scheme", args=[pk])
    return redirect(f"{back}?{query}" if query and "\n" not in query else back)
