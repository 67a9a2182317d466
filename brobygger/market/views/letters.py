# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Pages of letters: the introduction, a letter that got stuck, and the office's own wording."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from brobygger.accounts.access import STAFF, access
from brobygger.accounts.http import Request
from brobygger.base import mail
from brobygger.base.errors import UserError
from brobygger.base.form_pages import form_page, opened_anew
from brobygger.base.versions import EditedMeanwhile
from brobygger.market.forms.matches import IntroductionForm, OpenedForm, TemplateForm
from brobygger.market.models import MailTemplate, Match
from brobygger.market.queries.matches import introductions
from brobygger.market.services import letters as service
from brobygger.market.services.letter_texts import FIELDS, SHIPPED
from brobygger.market.services.matches import owners_to_ask
from brobygger.market.views.match_pages import crumbs, match_url, office_match


@access(STAFF)
def introduce(request: Request, pk: UUID) -> HttpResponse:
    """The letter that brings the two together, filled in for the consultant to edit and send."""
    match = office_match(request, pk)
    if match.stage not in service.MAY_WRITE or owners_to_ask(match):
        messages.error(request, _refusal(match))
        return redirect(match_url(match))
    parties = service.parties(match)
    form = IntroductionForm(request.POST or None, parties=parties, initial=_initial(request, match, parties))
    heading = _("Sæt dem i forbindelse")
    return form_page(
        request,
        form,
        lambda: service.introduce(
            match,
            subject=form.cleaned_data["subject"],
            body=form.cleaned_data["body"],
            sides=form.cleaned_data["to"],
            user=request.user,
            version=form.expected_version,
            follow_up_on=form.cleaned_data["follow_up_on"],
        ),
        template="market/letter_introduce.html",
        back=match_url(match),
        done=_("Brevet er lagt i udbakken og bliver sendt om et øjeblik."),
        meanwhile=_(
            "Matchet er ændret, mens du skrev. Måske er brevet allerede sendt. Se matchet først, så de to ikke får to breve."
        ),
        heading=heading,
        crumbs=crumbs(match, heading),
        match=match,
        missing=[party for party in parties if not party.email],
        template_url=reverse("market:letter_template", args=[service.template_key(match)]),
    )


def _refusal(match: Match) -> str:
    owners = owners_to_ask(match)
    if owners:
        return _("Introduktionen kan ikke skrives endnu: %(who)s skal først sige ja til at blive vist.") % {
            "who": ", ".join(str(owner) for owner in owners)
        }
    return _("De to er allerede i gang med hinanden, så der skal ikke skrives en introduktion.")


def _initial(request: Request, match: Match, parties: list[service.Party]) -> dict[str, object]:
    """The draft. On a second letter only those are ticked whose first letter did not get through."""
    stuck = {
        address
        for row in introductions(match)
        if row.letter and (row.letter.state == "failed" or mail.is_unsure(row.letter))
        for address in row.letter.to
    }
    first = match.stage == Match.Stage.CHOSEN
    subject, body = service.draft(match, request.user)
    planned = match.follow_up_on
    return {
        "subject": subject,
        "body": body,
        "to": [party.side for party in parties if party.email and (first or party.email in stuck)],
        "follow_up_on": planned
        if planned and planned >= timezone.localdate()
        else service.follow_up_default(),
        "opened_version": match.version,
    }


@access(STAFF)
@require_POST
def settle_letter(request: Request, pk: UUID, letter: UUID) -> HttpResponse:
    """A person decides about a letter that got stuck: send it again, or it did arrive."""
    match = office_match(request, pk)
    row = next((one for one in introductions(match) if one.letter_id == letter), None)
    if row is None or row.letter is None:
        raise Http404
    try:
        if request.POST.get("do") == "sent":
            service.mark_sent(match, row.letter, request.user)
            messages.success(request, _("Noteret: brevet er kommet frem."))
        else:
            service.send_again(match, row.letter, request.user)
            messages.success(request, _("Brevet er lagt i udbakken igen."))
    except UserError as error:
        messages.info(request, str(error))
    return redirect(match_url(match))


@access(STAFF)
def templates(request: Request) -> HttpResponse:
    """The letters the office sends, and whose wording they have."""
    own = set(MailTemplate.objects.filter(operator=request.operator).values_list("key", flat=True))
    rows = [(key, wording.title, key in own) for key, wording in SHIPPED.items()]
    context = {
        "heading": _("Brevskabeloner"),
        "crumbs": [(_("Kontoret"), reverse("accounts:office")), (_("Brevskabeloner"), None)],
        "rows": rows,
    }
    return render(request, "market/letter_templates.html", context)


@access(STAFF)
def template(request: Request, key: str) -> HttpResponse:
    """Edit one letter's wording, with a preview. When somebody else saved meanwhile, what is stored stands beside what
    was typed, and saving again is a decision."""
    if key not in SHIPPED:
        raise Http404
    stored = _own_template(request, key)
    wording = service.wording_of(request.operator, key)
    opened = stored.version if stored else service.SHIPPED_VERSION
    initial = {"subject": wording.subject, "body": wording.body, "opened_version": opened}
    form = TemplateForm(request.POST or None, initial=initial)
    preview, conflict, told = None, [], ""
    if request.method == "POST" and form.is_valid():
        subject, body = form.cleaned_data["subject"], form.cleaned_data["body"]
        try:
            preview = service.preview(request.operator, request.user, subject, body)
            if "preview" not in request.POST:
                service.save_template(
                    request.operator, key, subject, body, request.user, version=form.expected_version
                )
                messages.success(request, _("Brevet er gemt og bruges fra nu af."))
                return redirect("market:letter_templates")
        except EditedMeanwhile as error:
            conflict, told, preview = opened_anew(form, error), str(error), None
        except UserError as error:
            form.add_error(None, str(error))
    context = {
        "heading": wording.title,
        "crumbs": [
            (_("Kontoret"), reverse("accounts:office")),
            (_("Brevskabeloner"), reverse("market:letter_templates")),
            (wording.title, None),
        ],
        "form": form,
        "preview": preview,
        "conflict": conflict,
        "told": told,
        "fields": [(f"{{{name}}}", meaning) for name, meaning in FIELDS.items()],
        "stored": stored,
        "key": key,
    }
    return render(request, "market/letter_template.html", context)


def _own_template(request: Request, key: str) -> MailTemplate | None:
    return MailTemplate.objects.filter(operator=request.operator, key=key).first()


@access(STAFF)
def restore_template(request: Request, key: str) -> HttpResponse:
    """Ask, then go back to the shipped wording."""
    if key not in SHIPPED:
        raise Http404
    stored = _own_template(request, key)
    opened = stored.version if stored else service.SHIPPED_VERSION
    form = OpenedForm(request.POST or None, initial={"opened_version": opened})
    if request.method == "POST" and form.is_valid():
        try:
            service.restore_template(request.operator, key, request.user, version=form.expected_version)
        except EditedMeanwhile:
            messages.warning(
                request, _("En anden har rettet brevet, mens du så på det. Her er det, der står nu.")
            )
            return redirect("market:letter_template", key)
        messages.success(request, _("Brevet har igen den tekst, der fulgte med Brobygger."))
        return redirect("market:letter_templates")
    context = {
        "heading": _("Brug den oprindelige tekst?"),
        "question": _("Vil du gå tilbage til den tekst, der fulgte med Brobygger?"),
        "consequence": _("Jeres egen tekst bliver slettet. Den står stadig i historikken."),
        "yes": _("Ja, brug den oprindelige"),
        "back": reverse("market:letter_template", args=[key]),
        "form": form,
    }
    return render(request, "base/confirm.html", context)
