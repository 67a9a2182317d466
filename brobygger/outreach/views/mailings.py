# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Pages of mailings: the drafts and what was sent, one of them, trying it, sending it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from brobygger.accounts.access import STAFF, access
from brobygger.accounts.exporting import as_workbook
from brobygger.accounts.http import Request
from brobygger.base import mail
from brobygger.base.asking import ask
from brobygger.base.errors import UserError
from brobygger.outreach.errors import NoSegment
from brobygger.outreach.forms.mailings import MailingForm
from brobygger.outreach.lacking import at_firms
from brobygger.outreach.models import Mailing, Recipient
from brobygger.outreach.queries import mailings as queries
from brobygger.outreach.services import mailings as services
from brobygger.outreach.services import recipients
from brobygger.outreach.views.common import crumbs, form_page, page_of
from brobygger.outreach.wording import FIELDS


def _crumbs(*more: tuple[str, str | None]) -> list[tuple[str, str | None]]:
    return crumbs((_("Udsendelser"), reverse("outreach:mailings")), *more)


def _one(request: Request, pk: int) -> Mailing:
    rows = Mailing.objects.visible_to(request.user).select_related(
        "operator", "purpose", "segment", "sent_by", "job", "created_by"
    )
    return get_object_or_404(rows, pk=pk)


@access(STAFF)
def mailings(request: Request) -> HttpResponse:
    """Drafts and what was sent."""
    context = {
        "heading": _("Udsendelser"),
        "crumbs": crumbs((_("Udsendelser"), None)),
        "here": "mailings",
        "page": page_of(request, queries.of_operator(request.operator)),
    }
    return render(request, "outreach/mailings.html", context)


@access(STAFF)
def export_mailings(request: Request) -> HttpResponse:
    """The same list as an Excel workbook. Recorded in the audit trail."""
    lines = queries.export_mailings(request.operator)
    return as_workbook(request, _("Udsendelser"), "udsendelser", queries.MAILING_HEADINGS, lines)


@access(STAFF)
def new(request: Request) -> HttpResponse:
    """Write a mailing, from nothing or from one of the office's letters (`brev`)."""
    templates = queries.templates(request.operator)
    chosen = next((one for one in templates if str(one.pk) == request.GET.get("brev")), None)
    initial = {"subject": chosen.body["subject"], "body": chosen.body["body"]} if chosen else {}
    initial["segment"] = request.GET.get("segment", "")
    form = MailingForm(request.POST or None, operator=request.operator, initial=initial)
    return form_page(
        request,
        form,
        lambda: services.write(request.operator, _draft(form), user=request.user, definition=chosen),
        back=reverse("outreach:mailings"),
        goes_to=lambda saved: str(saved.get_absolute_url()),
        done=_("Kladden er gemt. Intet er sendt endnu."),
        template="outreach/mailing_form.html",
        heading=_("Ny udsendelse"),
        crumbs=_crumbs((_("Ny"), None)),
        fields=_fields(),
        templates=templates,
        here="mailings",
    )


def _draft(form: MailingForm) -> services.Draft:
    chosen = form.cleaned_data
    return services.Draft(chosen["subject"], chosen["body"], chosen["purpose"], chosen["segment"])


def _fields() -> list[tuple[str, Any]]:
    return [(f"{{{name}}}", meaning) for name, meaning in FIELDS.items()]


@access(STAFF)
def edit(request: Request, pk: int) -> HttpResponse:
    """Correct a draft."""
    found = _one(request, pk)
    if not found.is_draft:
        messages.error(request, _("Udsendelsen er allerede sendt og kan ikke ændres."))
        return redirect(found)
    form = MailingForm(request.POST or None, instance=_one(request, pk), operator=request.operator)
    return form_page(
        request,
        form,
        lambda: services.change(found, _draft(form), user=request.user, expected=form.expected_version),
        back=found.get_absolute_url(),
        done=_("Kladden er gemt."),
        template="outreach/mailing_form.html",
        heading=_("Ret udsendelsen"),
        crumbs=_crumbs((found.subject, found.get_absolute_url()), (_("Ret"), None)),
        fields=_fields(),
        here="mailings",
    )


@access(STAFF)
def mailing(request: Request, pk: int) -> HttpResponse:
    """One mailing as a chosen receiver sees it (`som`), and what came of it."""
    found = _one(request, pk)
    consents = queries.to_look_at(found)
    chosen = next((one for one in consents if str(one.pk) == request.GET.get("som")), None)
    chosen = chosen or (consents[0] if consents else None)
    firm = chosen.organisation if chosen else queries.any_firm(found.operator)
    context: dict[str, Any] = {
        "heading": found.subject,
        "crumbs": _crumbs((found.subject, None)),
        "here": "mailings",
        "mailing": found,
        "consents": consents,
        "chosen": chosen,
        "firm": firm,
        "outcomes": [] if found.is_draft else queries.outcomes(found),
        "came_back": 0 if found.is_draft else queries.came_back(found),
    }
    if firm:
        email = chosen.email if chosen else firm.email or "navn@eksempel.invalid"
        context["preview"] = services.text_for(
            found,
            firm,
            email,
            services.EXAMPLE_TOKEN,
            found.sent_by or request.user,
            chosen.person if chosen else None,
        )
    response = render(request, "outreach/mailing.html", context)
    if found.state == Mailing.State.SENDING and not found.has_stopped:
        response["Refresh"] = "3"
    return response


@access(STAFF)
def receivers(request: Request, pk: int) -> HttpResponse:
    """Who gets it and who does not, and why: as it stands now for a draft, as it was for one that is sent."""
    found = _one(request, pk)
    outcome = request.GET.get("udfald", "")
    context: dict[str, Any] = {
        "heading": _("Hvem får den, og hvem gør ikke?")
        if found.is_draft
        else _("Hvem fik den, og hvem gjorde ikke?"),
        "crumbs": _crumbs((found.subject, found.get_absolute_url()), (_("Modtagere"), None)),
        "here": "mailings",
        "mailing": found,
        "outcome": outcome,
    }
    if found.is_draft:
        try:
            rows = _as_it_stands(request, found)
        except UserError as error:
            messages.error(request, str(error))
            return redirect(found)
        wanted, lack = rows, request.GET.get("mangler", "")
        context["lacks"] = services.lacks(found, rows, user=request.user)
        context["lack"] = at_firms(context["lacks"], lack)
        if context["lack"]:
            at = {firm.pk for firm in context["lack"].firms}
            wanted = [
                row for row in rows if row.organisation.pk in at and row.outcome == Recipient.Outcome.IN
            ]
        counts = recipients.counts(rows)
        context["outcomes"] = [
            (key, label, counts[key]) for key, label in Recipient.Outcome.choices if key in counts
        ]
        context["page"] = page_of(request, [row for row in wanted if outcome in ("", row.outcome)])
        context["labels"] = dict(Recipient.Outcome.choices)
    else:
        context["outcomes"] = queries.outcomes(found)
        context["page"] = page_of(request, queries.recipients(found, outcome))
    return render(request, "outreach/receivers.html", context)


def _as_it_stands(request: Request, found: Mailing) -> list[recipients.Found]:
    if found.segment is None:
        raise NoSegment
    segment = found.segment
    return recipients.find(found.operator, found.purpose, segment.name, segment.asked, request.user)


@access(STAFF)
def export(request: Request, pk: int) -> HttpResponse:
    """Who got it and who did not, as an Excel workbook."""
    found = _one(request, pk)
    rows = queries.recipients(found, request.GET.get("udfald", ""))
    return as_workbook(
        request, _("Modtagere"), f"udsendelse-{found.pk}", queries.HEADINGS, queries.export_rows(rows)
    )


@access(STAFF)
@require_POST
def test(request: Request, pk: int) -> HttpResponse:
    """Send it to oneself, as the chosen firm would get it."""
    found = _one(request, pk)
    consents = queries.to_look_at(found)
    chosen = next((one for one in consents if str(one.pk) == request.POST.get("som")), None)
    firm = chosen.organisation if chosen else queries.any_firm(found.operator)
    if firm is None:
        messages.error(request, _("Der er ingen virksomhed at vise den med endnu."))
        return redirect(found)
    person = chosen.person if chosen else None
    try:
        services.send_test(found, firm, user=request.user, person=person)
    except UserError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("En prøve er på vej til %(email)s.") % {"email": request.user.email})
    return redirect(found)


@access(STAFF)
def send(request: Request, pk: int) -> HttpResponse:
    """Ask, with the figures, and send. Two presses are one mailing."""
    found = _one(request, pk)
    if not found.is_draft:
        messages.info(request, _("Udsendelsen er sat i gang."))
        return redirect(found)
    if request.method == "POST":
        version = request.POST.get("version", "")
        try:
            services.send(found, user=request.user, expected=int(version) if version.isdecimal() else 0)
        except UserError as error:
            messages.error(request, str(error))
            return redirect(found)
        messages.success(request, _("Udsendelsen er sat i gang. Mailene sendes i baggrunden."))
        return redirect(found)
    try:
        rows = _as_it_stands(request, found)
        counts, lacks = recipients.counts(rows), services.lacks(found, rows, user=request.user)
    except UserError as error:
        messages.error(request, str(error))
        return redirect(found)
    context = {
        "heading": _("Send udsendelsen?"),
        "crumbs": _crumbs((found.subject, found.get_absolute_url()), (_("Send"), None)),
        "here": "mailings",
        "mailing": found,
        "reached": counts.get(Recipient.Outcome.IN, 0),
        "outcomes": [(key, label, counts[key]) for key, label in Recipient.Outcome.choices if key in counts],
        "lacks": lacks,
        "sender": "{} <{}>".format(*mail.sender(request.operator)),
    }
    return render(request, "outreach/mailing_send.html", context)


@access(STAFF)
@require_POST
def go_on(request: Request, pk: int) -> HttpResponse:
    """Take up a mailing that stopped on its way."""
    found = _one(request, pk)
    try:
        services.go_on(found, user=request.user)
    except UserError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("Udsendelsen fortsætter. Ingen får mailen to gange."))
    return redirect(found)


@access(STAFF)
def delete(request: Request, pk: int) -> HttpResponse:
    """Delete a draft, after asking."""
    found = _one(request, pk)
    return ask(
        request,
        lambda: services.delete(found, user=request.user),
        back=found.get_absolute_url(),
        after=reverse("outreach:mailings"),
        done=_("Kladden er slettet."),
        heading=_("Slet kladden?"),
        crumbs=_crumbs((found.subject, found.get_absolute_url()), (_("Slet"), None)),
        question=found.subject,
        consequence=_("Den kan ikke hentes tilbage."),
        yes=_("Ja, slet kladden"),
    )
