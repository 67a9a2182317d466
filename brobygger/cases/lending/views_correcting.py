# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Pages where a loan is put right: each asks why, and what stood can still be read in the case."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from brobygger.accounts.access import SIGNED_IN, STAFF, access
from brobygger.accounts.http import Request
from brobygger.cases import rights
from brobygger.cases.forms.office import ReasonForm
from brobygger.cases.lending import correcting, forms
from brobygger.cases.lending.models import Loan
from brobygger.cases.lending.views import for_office, one, way_back
from brobygger.cases.views.common import form_page


@access(STAFF)
def terms(request: Request, case_pk: int) -> HttpResponse:
    """Other terms than were written."""
    loan = for_office(request, case_pk)
    rate = loan.first_rate
    first = {
        "principal": loan.principal, "paid_out_on": loan.paid_out_on, "percent": rate.percent if rate else None,
        "per_year": loan.per_year, "day_count": loan.day_count,
    }  # fmt: skip
    return _corrected(
        request, loan, loan, forms.AgreeForm, first, correcting.correct_terms, _("Ret vilkårene")
    )


@access(STAFF)
def remove_terms(request: Request, case_pk: int) -> HttpResponse:
    """The loan was written in the wrong case."""
    loan = for_office(request, case_pk)
    back = loan.case.get_absolute_url()
    return _removed(request, loan, loan, correcting.remove_terms, _("Fjern lånets vilkår?"), back)


@access(STAFF)
def rate(request: Request, case_pk: int, pk: int) -> HttpResponse:
    """Another day or another rate."""
    loan = for_office(request, case_pk)
    row = get_object_or_404(loan.rates, pk=pk)
    first = {"from_on": row.from_on, "percent": row.percent}
    return _corrected(
        request, loan, row, forms.RateForm, first, correcting.correct_rate, _("Ret rentesatsen")
    )


@access(STAFF)
def remove_rate(request: Request, case_pk: int, pk: int) -> HttpResponse:
    loan = for_office(request, case_pk)
    row = get_object_or_404(loan.rates, pk=pk)
    return _removed(request, loan, row, correcting.remove_rate, _("Fjern rentesatsen?"))


@access(STAFF)
def repayment(request: Request, case_pk: int, pk: int) -> HttpResponse:
    """Another day or another amount."""
    loan = for_office(request, case_pk)
    row = get_object_or_404(loan.repayments, pk=pk)
    first = {"on": row.on, "amount": row.amount}
    return _corrected(
        request, loan, row, forms.RepayForm, first, correcting.correct_repayment, _("Ret afdraget")
    )


@access(STAFF)
def remove_repayment(request: Request, case_pk: int, pk: int) -> HttpResponse:
    """It belongs to another loan, or was never paid."""
    loan = for_office(request, case_pk)
    row = get_object_or_404(loan.repayments, pk=pk)
    return _removed(request, loan, row, correcting.remove_repayment, _("Fjern afdraget?"))


@access(SIGNED_IN)
def report(request: Request, case_pk: int, pk: int) -> HttpResponse:
    """Other figures or words, by the borrower or by the office."""
    loan = one(request, case_pk)
    if not (rights.is_applicant(request.user, loan.case) or rights.is_officer(request.user, loan.case)):
        raise Http404
    row = get_object_or_404(loan.reports, pk=pk)
    first = {"new_jobs": row.new_jobs, "text": row.text}
    return _corrected(
        request, loan, row, forms.ReportForm, first, correcting.correct_report, _("Ret rapporten")
    )


@access(STAFF)
def remove_report(request: Request, case_pk: int, pk: int) -> HttpResponse:
    """The report was another firm's."""
    loan = for_office(request, case_pk)
    row = get_object_or_404(loan.reports, pk=pk)
    return _removed(request, loan, row, correcting.remove_report, _("Fjern rapporten?"))


def _corrected(
    request: Request, loan: Loan, row: Any, form: Any, first: dict[str, Any], act: Callable[..., Any], heading: str
) -> HttpResponse:  # fmt: skip
    asked: Any = forms.corrected(form)(
        request.POST or None, initial={**first, "opened_version": loan.case.version}
    )

    def save() -> object:
        typed = {name: value for name, value in asked.cleaned_data.items() if name != "opened_version"}
        return act(row, user=request.user, expected=asked.expected_version, **typed)

    return form_page(
        request,
        asked,
        save,
        heading=heading,
        path=way_back(loan, heading),
        back=reverse("lending:loan", args=[loan.case_id]),
        done=_("Det er rettet, og planen er regnet om."),
        lead=_("Det, der stod før, kan stadig ses i sagen."),
    )


def _removed(
    request: Request, loan: Loan, row: Any, act: Callable[..., Any], heading: str, after: str = ""
) -> HttpResponse:
    form = ReasonForm(request.POST or None, initial={"opened_version": loan.case.version})
    back = reverse("lending:loan", args=[loan.case_id])
    return form_page(
        request,
        form,
        lambda: act(
            row, reason=form.cleaned_data["reason"], user=request.user, expected=form.expected_version
        ),
        heading=heading,
        path=way_back(loan, heading),
        back=back,
        goes_to=lambda _made: after or back,
        done=_("Det er fjernet, og planen er regnet om."),
        lead=_("Det, der stod, kan stadig ses i sagen."),
        yes=_("Ja, fjern"),
    )
