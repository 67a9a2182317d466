# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Pages of a loan: the plan with its exports, its terms, a new rate, a repayment, a report."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from brobygger.accounts.access import SIGNED_IN, STAFF, access
from brobygger.accounts.exporting import as_file, as_workbook
from brobygger.accounts.http import Request
from brobygger.base import pdf
from brobygger.cases import rights
from brobygger.cases.lending import forms, queries, services
from brobygger.cases.lending.case_rules import following, next_report
from brobygger.cases.lending.case_words import GRANTED, RUNNING, TYPE
from brobygger.cases.lending.models import Loan
from brobygger.cases.models import Case
from brobygger.cases.views.common import form_page


@access(STAFF)
def agree(request: Request, case_pk: int) -> HttpResponse:
    """Write down the terms that bank and borrower agreed on."""
    case = get_object_or_404(Case.objects.visible_to(request.user), pk=case_pk, type_key=TYPE, stage=GRANTED)
    first = {
        "principal": case.granted.amount if case.granted else None,
        "paid_out_on": timezone.localdate(),
    }
    form = forms.AgreeForm(request.POST or None, initial=first)
    return form_page(
        request,
        form,
        lambda: services.agree(case, user=request.user, **form.cleaned_data),
        heading=_("Lånets vilkår"),
        path=[(str(case), case.get_absolute_url()), (_("Lånets vilkår"), None)],
        back=case.get_absolute_url(),
        goes_to=lambda _made: reverse("lending:loan", args=[case.pk]),
        lead=queries.shape_words(following(case)),
        done=_("Lånet er skrevet ind, og betalingsplanen er regnet ud."),
    )


def one(request: Request, case_pk: int) -> Loan:
    rows = Loan.objects.visible_to(request.user).select_related(
        "case__operator", "case__organisation", "case__definition"
    )
    return get_object_or_404(rows.prefetch_related("rates", "repayments"), case_id=case_pk)


def for_office(request: Request, case_pk: int) -> Loan:
    """The loan, where the person may handle its case; else not found."""
    loan = one(request, case_pk)
    if not rights.is_officer(request.user, loan.case):
        return get_object_or_404(Loan.objects.none(), pk=0)
    return loan


@access(SIGNED_IN)
def loan(request: Request, case_pk: int) -> HttpResponse:
    """The payment plan, what is owed, the jobs, the reports."""
    found = one(request, case_pk)
    case, office = found.case, rights.is_officer(request.user, found.case)
    context = {
        "heading": _("Betalingsplan"),
        "crumbs": [(case.title, _case_address(request, case)), (_("Betalingsplan"), None)],
        "loan": found,
        "plan": found.plan,
        "words": {kind.value: word for kind, word in queries.kind_words().items()},
        "assumptions": queries.assumptions(found),
        "rates": found.rates.all(),
        "jobs": queries.jobs_of(found),
        "reports": found.reports.select_related("by")[:40],
        "next_report": next_report(found),
        "repayments": found.repayments.all(),
        "office": office,
        "may_report": case.stage == RUNNING and (office or rights.is_applicant(request.user, case)),
        "may_correct": office or rights.is_applicant(request.user, case),
        "running": case.is_open,
        "may_remove": office and case.stage == GRANTED,
        "today": timezone.localdate(),
    }
    return render(request, "lending/loan.html", context)


def _case_address(request: Request, case: Case) -> str:
    """The applicant reads the case on its own page; the office and whoever decides on the common one."""
    if rights.is_applicant(request.user, case) and not rights.is_officer(request.user, case):
        return reverse("cases:own_case", args=[case.pk])
    return case.get_absolute_url()


@access(SIGNED_IN)
def export(request: Request, case_pk: int) -> HttpResponse:
    """The plan as an Excel workbook. Recorded in the audit trail."""
    found = one(request, case_pk)
    return as_workbook(
        request, _("Betalingsplan"), f"betalingsplan-{found.case.number}", queries.headings(), queries.rows(found.plan),
        about=str(found.case), operator=found.case.operator,
    )  # fmt: skip


@access(SIGNED_IN)
def as_pdf(request: Request, case_pk: int) -> HttpResponse:
    """The plan as a PDF. Recorded in the audit trail."""
    found = one(request, case_pk)
    return as_file(
        request, queries.as_pdf(found), pdf.CONTENT_TYPE, f"betalingsplan-{found.case.number}.pdf",
        about=str(found.case), operator=found.case.operator,
    )  # fmt: skip


@access(STAFF)
def rate(request: Request, case_pk: int) -> HttpResponse:
    """The variable rate changes."""
    found = for_office(request, case_pk)
    form = forms.RateForm(request.POST or None)
    return _page(request, found, form, services.new_rate, _("Ny rentesats"), _("Renten er ændret."))


@access(STAFF)
def repay(request: Request, case_pk: int) -> HttpResponse:
    """An extraordinary repayment."""
    found = for_office(request, case_pk)
    form = forms.RepayForm(request.POST or None, initial={"on": timezone.localdate()})
    return _page(
        request, found, form, services.repay, _("Ekstraordinært afdrag"), _("Afdraget er skrevet ind.")
    )


@access(SIGNED_IN)
def report(request: Request, case_pk: int) -> HttpResponse:
    """The borrower, or the office for it, reports."""
    found = one(request, case_pk)
    form = forms.ReportForm(request.POST or None)
    return _page(
        request, found, form, services.report, _("Rapport om udviklingen"), _("Rapporten er modtaget. Tak.")
    )


def _page(
    request: Request, found: Loan, form: Any, act: Callable[..., Any], heading: str, done: str
) -> HttpResponse:
    return form_page(
        request,
        form,
        lambda: act(found, user=request.user, **form.cleaned_data),
        heading=heading,
        path=way_back(found, heading),
        back=reverse("lending:loan", args=[found.case_id]),
        done=done,
    )


def way_back(found: Loan, heading: str) -> list[tuple[str, str | None]]:
    """The crumbs of a page under the loan."""
    return [(_("Betalingsplan"), reverse("lending:loan", args=[found.case_id])), (heading, None)]
