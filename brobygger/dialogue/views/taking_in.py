# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Taking many firms into the portfolio at once: the register's filtered list here, and what other rooms have chosen."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from brobygger.accounts import audit
from brobygger.accounts.access import STAFF, access
from brobygger.accounts.http import Request
from brobygger.base import jobs
from brobygger.base.danish import number
from brobygger.base.form_pages import tell
from brobygger.dialogue.errors import BadValues
from brobygger.dialogue.forms.portfolio import TakeInForm
from brobygger.dialogue.services import portfolio as services
from brobygger.dialogue.tasks import fill_portfolio
from brobygger.dialogue.views.portfolio import crumbs
from brobygger.register.queries import organisations

AT_ONCE = 200
"""More firms than this are taken in by a job."""
SAMPLE = 8
StartJob = Callable[[str, str, "int | None"], Any]
"""(title, why, key account) → the job that takes them in."""


@access(STAFF)
def take_in(request: Request) -> HttpResponse:
    """Take the register's filtered list into the portfolio: at once when it is short, else by a job."""
    listed = organisations(request.user, request.operator, request.GET)
    asked = request.GET.urlencode()

    def start(title: str, why: str, who: int | None) -> Any:
        return jobs.start(
            fill_portfolio,
            kind="portfolio",
            title=title,
            operator=request.operator,
            user=request.user,
            operator_id=request.operator.pk,
            user_id=request.user.pk,
            asked=asked,
            why=why,
            key_account_id=who,
        )

    return page(
        request,
        listed.every,
        start,
        asked=asked,
        narrowed=bool(listed.text or listed.filter.is_narrowed),
        back=f"{reverse('register:organisations')}?{asked}",
    )


def page(
    request: Request,
    firms: Any,
    start: StartJob,
    *,
    asked: str,
    back: str,
    narrowed: bool = True,
    why: str = "",
) -> HttpResponse:
    """Show how many come in, and on yes take them in. `asked`: how they were chosen, for the audit trail. `why`: proposed."""
    every = firms.filter(portfolio_place=None).order_by()
    count = every.count()
    form = TakeInForm(request.POST or None, operator=request.operator, initial={"why": why})
    if request.method == "POST" and count and form.is_valid():
        try:
            return _taken_in(request, form, count, every, start, asked)
        except BadValues as error:
            tell(form, error)
    context = {
        "heading": _("Tag virksomheder ind i porteføljen"),
        "crumbs": crumbs((_("Tag ind"), None)),
        "form": form,
        "count": count,
        "sample": list(every.order_by("sort_name", "pk").values_list("name", flat=True)[:SAMPLE]),
        "narrowed": narrowed,
        "back": back,
    }
    return render(request, "dialogue/take_in.html", context)


def _taken_in(
    request: Request, form: TakeInForm, count: int, every: Any, start: StartJob, asked: str
) -> HttpResponse:
    who, why = form.cleaned_data["key_account"], form.cleaned_data["why"]
    if count > AT_ONCE:
        title = _("Tager %(count)s virksomheder ind i porteføljen") % {"count": number(count)}
        return redirect("job", pk=start(title, why, who.pk if who else None).pk)
    keys = list(every.values_list("pk", flat=True))
    added = services.add_many(request.operator, keys, user=request.user, why=why, key_account=who)
    audit.record(
        "portfolio_filled",
        user=request.user,
        operator=request.operator,
        about=why,
        rows=added,
        asked=asked[:500],
    )
    told = ngettext("%(count)s virksomhed er taget ind.", "%(count)s virksomheder er taget ind.", added)
    messages.success(request, told % {"count": number(added)})
    return redirect("dialogue:portfolio")
