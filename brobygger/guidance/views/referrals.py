# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Referrals out and in: the lists, and writing a new one after seeing exactly what will be shared."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from brobygger.accounts.access import STAFF, access
from brobygger.accounts.exporting import as_workbook
from brobygger.accounts.http import Request
from brobygger.base import search
from brobygger.base.errors import UserError
from brobygger.base.form_pages import tell
from brobygger.guidance.errors import BadValues
from brobygger.guidance.forms.referrals import ReferralFilters, ReferralForm
from brobygger.guidance.models import Referral
from brobygger.guidance.queries import referrals as queries
from brobygger.guidance.services import referrals as services
from brobygger.guidance.services import sharing
from brobygger.guidance.views.common import crumbs
from brobygger.market.queries.listings import MOST_COUNTED, QuickPaginator
from brobygger.register.models import Organisation

MOST_FOUND = 8


@access(STAFF)
def referrals(request: Request) -> HttpResponse:
    """The office's referrals in one direction, newest first."""
    filters = ReferralFilters(request.GET, user=request.user)
    wanted = filters.wanted
    firms = Organisation.objects.filter(operator=request.operator)
    context = {
        "heading": _("Henvisninger"),
        "crumbs": crumbs((_("Henvisninger"), None)),
        "filters": filters,
        "page": QuickPaginator(queries.of_office(request.operator, wanted), settings.PAGE_SIZE).get_page(
            request.GET.get("side")
        ),
        "is_out": wanted.direction == Referral.Direction.OUT,
        "most_counted": MOST_COUNTED,
        "about": firms.filter(pk=wanted.organisation).first() if wanted.organisation else None,
    }
    return render(request, "guidance/referrals.html", context)


@access(STAFF)
def export(request: Request) -> HttpResponse:
    """The same list as an Excel workbook."""
    rows = queries.of_office(request.operator, ReferralFilters(request.GET, user=request.user).wanted)
    return as_workbook(
        request, _("Henvisninger"), "henvisninger", queries.HEADINGS, queries.export_rows(rows)
    )


@access(STAFF)
def new(request: Request) -> HttpResponse:
    """Refer a firm (`virksomhed`) or an entrepreneur (`person=1`); without either, choose."""
    return _write(request, incoming=False)


@access(STAFF)
def received(request: Request) -> HttpResponse:
    """Note a referral that came in by telephone or mail."""
    return _write(request, incoming=True)


def _write(request: Request, *, incoming: bool) -> HttpResponse:
    firm = _firm(request)
    if firm is None and not request.GET.get("person"):
        return _choose(request, incoming)
    form = ReferralForm(
        request.POST or None,
        operator=request.operator,
        firm=firm,
        incoming=incoming,
        initial={"target": request.GET.get("til", "")},
    )
    preview: list[dict[str, str]] = []
    if request.method == "POST" and form.is_valid():
        wish = form.wish(request.user)
        act: Any = services.note_received if incoming else services.send
        try:
            sharing.check(request.operator, wish, request.user, incoming=incoming)
            if request.POST.get("action") == "preview" and not incoming:
                preview = sharing.snapshot(wish)
            else:
                sent = act(
                    request.operator, wish, user=request.user, entry_key=form.cleaned_data["entry_key"]
                )
                messages.success(request, _done(sent))
                return redirect(sent.get_absolute_url())
        except BadValues as error:
            tell(form, error)
        except UserError as error:
            form.add_error(None, str(error))
    who = firm.name if firm else _("en iværksætter")
    here = _("Modtaget henvisning") if incoming else _("Ny henvisning")
    context = {
        "heading": (_("Modtaget: %(who)s") if incoming else _("Henvis %(who)s")) % {"who": who},
        "crumbs": crumbs((_("Henvisninger"), reverse("guidance:referrals")), (here, None)),
        "form": form,
        "firm": firm,
        "incoming": incoming,
        "preview": preview,
        "back": firm.get_absolute_url() if firm else reverse("guidance:referrals"),
    }
    return render(request, "guidance/referral_form.html", context)


def _done(sent: Referral) -> str:
    if not sent.is_out:
        return _("Henvisningen er noteret.")
    if sent.letter:
        return _("Henvisningen er sendt til %(target)s.") % {"target": sent.target}
    return _("Henvisningen er noteret. Der er ikke sendt noget på e-mail, så giv selv modtageren besked.")


def _firm(request: Request) -> Organisation | None:
    asked = request.GET.get("virksomhed", "")
    if not asked:
        return None
    rows = Organisation.objects.filter(operator=request.operator).select_related("operator")
    return get_object_or_404(rows, pk=int(asked) if asked.isdecimal() and len(asked) < 15 else 0)


def _choose(request: Request, incoming: bool) -> HttpResponse:
    """Who is it about? A firm found by words, or an entrepreneur without one."""
    words = request.GET.get("q", "")[:200].strip()
    keys = (
        search.find("organisation", words, scopes=[str(request.operator.pk)], limit=MOST_FOUND).keys
        if words
        else []
    )
    rows = Organisation.objects.filter(operator=request.operator).in_bulk(keys)
    context = {
        "heading": _("Hvem er henvist til jer?") if incoming else _("Hvem vil du henvise?"),
        "crumbs": crumbs((_("Henvisninger"), reverse("guidance:referrals")), (_("Ny"), None)),
        "words": words,
        "found": [rows[key] for key in keys if key in rows],
        "to": request.GET.get("til", "")[:40],
    }
    return render(request, "guidance/referral_who.html", context)
