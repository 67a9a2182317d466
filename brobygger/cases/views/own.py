# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""The applicant's own cases, in the applicant's words: see them, answer, fill in, upload, write."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from brobygger.accounts.access import SIGNED_IN, access
from brobygger.accounts.exporting import as_workbook
from brobygger.accounts.http import Request
from brobygger.base import panels
from brobygger.base.asking import ask
from brobygger.base.errors import UserError
from brobygger.blueprints.models import Definition
from brobygger.cases import duties
from brobygger.cases.definition.gates import APPLICANT
from brobygger.cases.forms.fields import ValuesForm
from brobygger.cases.forms.many import BeginForm
from brobygger.cases.forms.office import DocumentForm, NoteForm, ResumeForm, WayForm
from brobygger.cases.kinds.grant import for_scheme
from brobygger.cases.models import Case, CaseEvent
from brobygger.cases.queries import lists, one
from brobygger.cases.queries.waiting import as_own
from brobygger.cases.services import contents, documents, moving, waiting
from brobygger.cases.services.opening import discard as discard_draft
from brobygger.cases.services.opening import is_draft, open_case
from brobygger.cases.views.common import Crumbs, attempt, form_page, own, tell
from brobygger.cases.words import for_applicant
from brobygger.register.models import Organisation

PANELS = "cases.own_case"
MINE = frozenset({APPLICANT})


def _crumbs(*more: tuple[str, str | None]) -> Crumbs:
    return [(_("Jeres sager"), reverse("cases:own_cases")), *more]


@access(SIGNED_IN)
def own_cases(request: Request) -> HttpResponse:
    """The cases of the firms that the person acts for, and those where they are asked to decide."""
    page = Paginator(_all(request), settings.PAGE_SIZE).get_page(request.GET.get("side"))
    firms = list(
        Organisation.objects.acted_for_by(request.user).select_related("operator").order_by("sort_name")[:20]
    )
    context = {
        "heading": _("Jeres sager"),
        "page": page,
        "rows": as_own(page.object_list),
        "deciding": lists.to_decide(request.user),
        "may_open": _may_open(firms),
        "several": len(firms) > 1,
    }
    return render(request, "cases/own_cases.html", context)


def _may_open(firms: list[Organisation]) -> list[tuple[Organisation, list[Definition]]]:
    """Firm and what it may begin, those that may begin something. One question for each office."""
    offices = {firm.operator_id: firm.operator for firm in firms}
    open_ = {
        pk: [kind for kind in lists.types_of(office) if kind.content.applicant_may_open]
        for pk, office in offices.items()
    }
    return [(firm, open_[firm.operator_id]) for firm in firms if open_[firm.operator_id]]


def _all(request: Request) -> Any:
    return lists.as_listed(Case.objects.own_of(request.user)).order_by("-is_open", "-opened_on", "-pk")


@access(SIGNED_IN)
def export(request: Request) -> HttpResponse:
    """The firms' own cases as an Excel workbook, in the applicant's words. Recorded in the audit trail."""
    headings = [
        _("Sagsnummer"),
        _("Virksomhed"),
        _("Handler om"),
        _("Hvor langt"),
        _("Begyndt"),
        _("Slut"),
        _("Kontakt"),
    ]
    rows = as_own(_all(request)[: lists.MOST_EXPORTED])
    lines = (
        [
            case.number, str(case.organisation), case.title, case.waits_for or case.at_stage.applicant_name, case.opened_on, case.closed_on,
            str(case.officer or ""),
        ]
        for case in rows
    )  # fmt: skip
    return as_workbook(request, _("Jeres sager"), "jeres-sager", headings, lines)


@access(SIGNED_IN)
def own_case(request: Request, pk: int) -> HttpResponse:
    """One of the person's own cases."""
    found = own(request, pk)
    stage = found.at_stage
    context = {
        "heading": found.title,
        "crumbs": _crumbs((found.number, None)),
        "case": found,
        "stage": stage,
        "asked": [row for _name, row, theirs in one.open_pauses(found) if theirs],
        "waits": [found.type.pause(row.name) for _name, row, theirs in one.open_pauses(found) if not theirs],
        "ways": [move for move in stage.moves if APPLICANT in move.by and not move.ballots],
        "values": one.values_of(found, MINE),
        "documents": one.documents_of(found, MINE),
        "duties": duties.with_addresses(found, found.duties.filter(of_applicant=True)),
        "lines": for_applicant(found),
        "written": one.unanswered(found),
        "is_draft": is_draft(found),
        "document_form": DocumentForm(case=found, by_applicant=True),
        "message_form": NoteForm(),
        "panels": panels.render(PANELS, request, found),
    }
    return render(request, "cases/own_case.html", context)


@access(SIGNED_IN)
def new(request: Request, firm: int, type_key: str) -> HttpResponse:
    """A firm begins a case itself, where the type lets it."""
    organisation = get_object_or_404(
        Organisation.objects.acted_for_by(request.user).select_related("operator"), pk=firm
    )
    kind = next((row for row in lists.types_of(organisation.operator) if row.key == type_key), None)
    if kind is None or not kind.content.applicant_may_open:
        raise Http404
    asked = request.GET.get("ordning", "")
    scheme_title, first = for_scheme(kind.content, organisation.operator, asked)
    form = BeginForm(request.POST or None, initial={"title": scheme_title})
    sort = kind.content.subtypes[0].key if kind.content.subtypes else ""
    return form_page(
        request,
        form,
        lambda: open_case(
            organisation.operator,
            type_key,
            title=form.cleaned_data["title"],
            user=request.user,
            organisation=organisation,
            subtype=sort,
            values=first,
            entry_key=form.cleaned_data["entry_key"],
        ),
        heading=_("%(what)s: %(firm)s") % {"what": kind.title, "firm": organisation.name},
        path=_crumbs((_("Ny"), None)),
        back=reverse("cases:own_cases"),
        done=_("Sagen er oprettet. Udfyld resten, når I er klar."),
        goes_to=lambda made: reverse("cases:own_case", args=[made.pk]),
        lead=kind.content.applicant_intro,
        yes=_("Begynd"),
    )


@access(SIGNED_IN)
def fill_in(request: Request, pk: int) -> HttpResponse:
    """The fields that the applicant may fill in at this stage."""
    found = own(request, pk)
    form = ValuesForm(request.POST or None, case=found, keys=found.at_stage.applicant_edits)
    return form_page(
        request,
        form,
        lambda: contents.fill_in(found, form.typed, user=request.user, expected=form.expected_version),
        heading=_("Oplysninger"),
        path=_crumbs((found.number, reverse("cases:own_case", args=[pk])), (_("Oplysninger"), None)),
        back=reverse("cases:own_case", args=[pk]),
        done=_("Oplysningerne er gemt."),
    )


@access(SIGNED_IN)
def answer(request: Request, pk: int, event: int) -> HttpResponse:
    """Answer what the office asks."""
    found = own(request, pk)
    asked = get_object_or_404(CaseEvent, pk=event, case=found, kind="paused")
    form = ResumeForm(request.POST or None)
    del form.fields["on"], form.fields["reason"]
    form.fields["text"].label, form.fields["text"].required = _("Jeres svar"), True
    return form_page(
        request,
        form,
        lambda: waiting.resume(found, asked, user=request.user, text=form.cleaned_data["text"]),
        heading=_("Svar på vores spørgsmål"),
        path=_crumbs((found.number, reverse("cases:own_case", args=[pk])), (_("Svar"), None)),
        back=reverse("cases:own_case", args=[pk]),
        done=_("Tak. Svaret er sendt, og vi er i gang igen."),
        lead=asked.text,
        yes=_("Send svaret"),
    )


@access(SIGNED_IN)
@require_POST
def message(request: Request, pk: int) -> HttpResponse:
    """Write to the office."""
    found = own(request, pk)
    form = NoteForm(request.POST)
    if form.is_valid():
        attempt(
            request,
            lambda: contents.message(
                found, form.cleaned_data["text"], user=request.user, entry_key=form.cleaned_data["entry_key"]
            ),
            _("Beskeden er sendt."),
        )
    else:
        messages.error(request, _("Skriv noget."))
    return redirect("cases:own_case", pk=pk)


@access(SIGNED_IN)
@require_POST
def upload(request: Request, pk: int) -> HttpResponse:
    """Add a file."""
    found = own(request, pk)
    form = DocumentForm(request.POST, request.FILES, case=found, by_applicant=True)
    if form.is_valid():
        try:
            documents.add(found, form.cleaned_data["file"], kind=form.cleaned_data["kind"], user=request.user)
        except UserError as error:
            tell(form, error)
        else:
            messages.success(request, _("Filen er gemt."))
            return redirect("cases:own_case", pk=pk)
    for faults in form.errors.values():
        for fault in faults:
            messages.error(request, str(fault))
    return redirect("cases:own_case", pk=pk)


@access(SIGNED_IN)
def move(request: Request, pk: int, way: str) -> HttpResponse:
    """Take one of the ways that are the applicant's: withdraw, for one."""
    found = own(request, pk)
    taken = found.type.move(found.stage, way)
    if taken is None or APPLICANT not in taken.by:
        raise Http404
    name = taken.applicant_name or taken.name
    first = {"opened_version": found.version}
    form = WayForm(request.POST or None, way=taken, told=False, dated=False, initial=first)
    return form_page(
        request,
        form,
        lambda: moving.move(
            found, way, user=request.user, expected=form.expected_version, reason=form.cleaned_data["reason"]
        ),
        heading=name,
        path=_crumbs((found.number, reverse("cases:own_case", args=[pk])), (name, None)),
        back=reverse("cases:own_case", args=[pk]),
        done=found.type.stage(taken.to).applicant_name + ".",
        yes=name,
        lead=found.title,
    )


@access(SIGNED_IN)
def discard(request: Request, pk: int) -> HttpResponse:
    """Delete what was only begun; asks first."""
    found = own(request, pk)
    if not is_draft(found):
        raise Http404
    return ask(
        request,
        lambda: discard_draft(found, user=request.user),
        heading=_("Vil I slette det, I har begyndt på?"),
        crumbs=_crumbs((found.number, reverse("cases:own_case", args=[pk])), (_("Slet"), None)),
        question=found.title,
        consequence=_("Oplysninger og filer slettes og kan ikke hentes tilbage."),
        yes=_("Slet"),
        back=reverse("cases:own_case", args=[pk]),
        after=reverse("cases:own_cases"),
        done=_("Slettet."),
    )


@access(SIGNED_IN)
def duty(request: Request, pk: int, duty: int) -> HttpResponse:
    """Do what is due: the report, for one."""
    found = own(request, pk)
    due = get_object_or_404(found.duties.filter(of_applicant=True, done_on=None), pk=duty)
    if not found.is_open:
        messages.info(request, _("Det skal ikke gøres længere, for sagen er slut."))
        return redirect("cases:own_case", pk=pk)
    if duties.is_answered_elsewhere(found, due):
        if address := duties.address(found, due):
            return redirect(address)
        messages.info(request, _("Den er ikke åben endnu. Svar først på den, der kommer før."))
        return redirect("cases:own_case", pk=pk)
    form = NoteForm(request.POST or None)
    form.fields["text"].label = _("Jeres svar")
    return form_page(
        request,
        form,
        lambda: contents.do_duty(found, due, text=form.cleaned_data["text"], user=request.user),
        heading=due.title,
        path=_crumbs((found.number, reverse("cases:own_case", args=[pk])), (due.title, None)),
        back=reverse("cases:own_case", args=[pk]),
        done=_("Tak. Det er sendt."),
        yes=_("Send"),
    )
