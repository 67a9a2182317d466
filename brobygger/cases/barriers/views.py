# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""What the office does with a firm's list of customers and its course days, and the list as a workbook."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms as django_forms
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from brobygger.accounts.access import SIGNED_IN, STAFF, access
from brobygger.accounts.exporting import as_workbook
from brobygger.accounts.http import Request
from brobygger.accounts.models import STAFF as OFFICE
from brobygger.cases.barriers import forms, services
from brobygger.cases.barriers.case_words import TYPE
from brobygger.cases.barriers.models import CourseDay, PotentialCustomer
from brobygger.cases.models import Case
from brobygger.cases.views.common import attempt, crumbs, form_page
from brobygger.register.models import Organisation


def _handled(request: Request) -> QuerySet[Case]:
    """Cases of the programme at the offices where the person is consultant or head, without those of an own interest."""
    rows = Case.objects.visible_to(request.user).filter(type_key=TYPE, organisation__isnull=False)
    return rows.filter(operator__in=request.user.operators_as(OFFICE))


def _case(request: Request, pk: int) -> Case:
    rows = _handled(request).select_related("definition", "operator", "organisation")
    return get_object_or_404(rows, pk=pk)


def _customer(request: Request, pk: int) -> PotentialCustomer:
    rows = PotentialCustomer.objects.listed().filter(case__in=_handled(request).order_by().values("pk"))
    return get_object_or_404(rows.select_related("case", "organisation", "suggestion__need"), pk=pk)


@require_POST
@access(STAFF)
def propose(request: Request, case_pk: int) -> HttpResponse:
    """Fill the list from the market and the industries."""
    case = _case(request, case_pk)
    attempt(
        request,
        lambda: services.propose(case, user=request.user),
        _("Listen er gået igennem. Ret den, så den passer til virksomheden."),
    )
    return redirect(case.get_absolute_url())


@access(STAFF)
def add(request: Request, case_pk: int) -> HttpResponse:
    """Put a firm of the register on the list."""
    case = _case(request, case_pk)
    form = forms.AddForm(request.POST or None, operator=case.operator)

    def save() -> Any:
        firm = Organisation.objects.get(pk=form.cleaned_data["organisation"], operator=case.operator)
        return services.add(case, firm, reason=form.cleaned_data["reason"], user=request.user)

    return _page(request, case, form, save, _("Sæt en mulig kunde på"), _("Virksomheden er sat på listen."))


@access(STAFF)
def follow(request: Request, pk: int) -> HttpResponse:
    """Note how far the firm has come with one of them."""
    row = _customer(request, pk)
    first = {"state_on": row.state_on or timezone.localdate()}
    form = forms.FollowForm(request.POST or None, instance=row, initial=first)
    return _page(
        request,
        row.case,
        form,
        lambda: services.follow(row, user=request.user, expected=form.expected_version, **form.values),
        str(row.organisation),
        _("Det er noteret."),
    )


@access(STAFF)
def remove(request: Request, pk: int) -> HttpResponse:
    """Take one off the list."""
    row = _customer(request, pk)
    return _ask(
        request, row.case, lambda: services.remove(row, user=request.user),
        heading=_("Tag %(name)s af listen?") % {"name": row.organisation},
        lead=_("Den bliver ikke foreslået igen. I kan sætte den på igen."),
        yes=_("Ja, tag den af"), done=_("Virksomheden er taget af listen."),
    )  # fmt: skip


@access(STAFF)
def note_day(request: Request, case_pk: int) -> HttpResponse:
    """Note a course day."""
    case = _case(request, case_pk)
    form = forms.DayForm(request.POST or None, initial={"on": timezone.localdate()})
    return _page(
        request,
        case,
        form,
        lambda: services.note_day(case, user=request.user, **form.cleaned_data),
        _("Kursusdag"),
        _("Kursusdagen er skrevet ind."),
    )


@access(STAFF)
def remove_day(request: Request, pk: int) -> HttpResponse:
    """Take back a course day."""
    rows = CourseDay.objects.filter(case__in=_handled(request).order_by().values("pk"))
    day = get_object_or_404(rows.select_related("case"), pk=pk)
    return _ask(
        request, day.case, lambda: services.remove_day(day, user=request.user), heading=_("Fjern kursusdagen?"),
        lead=str(day), yes=_("Ja, fjern dagen"), done=_("Kursusdagen er fjernet."),
    )  # fmt: skip


@access(SIGNED_IN)
def export(request: Request, case_pk: int) -> HttpResponse:
    """The list as an Excel workbook, also for the firm itself once it is handed over. Recorded in the audit trail."""
    rows = PotentialCustomer.objects.visible_to(request.user).listed().filter(case_id=case_pk)
    found = list(rows.select_related("case__operator", "organisation", "suggestion__need"))
    if not found:
        raise Http404
    headings = [
        _("Mulig kunde"), _("CVR-nummer"), _("Hvorfor"), _("Hvor langt"), _("Dato"), _("Ordrer, kr."), _("Bemærkning"),
    ]  # fmt: skip
    lines = [
        [
            str(row.organisation), row.organisation.cvr or "", row.why, row.get_state_display(), row.state_on, row.dkk,
            row.note,
        ]
        for row in found
    ]  # fmt: skip
    case = found[0].case
    return as_workbook(
        request, _("Mulige kunder"), f"mulige-kunder-{case.number}", headings, lines, about=str(case),
        operator=case.operator,
    )  # fmt: skip


def _page(
    request: Request, case: Case, form: Any, save: Callable[[], Any], heading: str, done: str, **more: Any
) -> HttpResponse:
    path, back = crumbs(case, heading), case.get_absolute_url()
    return form_page(request, form, save, heading=heading, path=path, back=back, done=done, **more)


def _ask(
    request: Request, case: Case, act: Callable[[], Any], *, heading: str, lead: str, yes: str, done: str
) -> HttpResponse:
    form = django_forms.Form(request.POST) if request.method == "POST" else django_forms.Form()
    return _page(request, case, form, act, heading, done, template="register/form.html", lead=lead, yes=yes)
