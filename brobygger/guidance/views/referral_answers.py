# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""One referral: what was shared, how far it has come, what came of it; taking it back."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from brobygger.accounts.access import STAFF, access
from brobygger.accounts.http import Request
from brobygger.base.asking import ask
from brobygger.base.errors import UserError
from brobygger.guidance.forms.referrals import AnswerForm, NoteForm
from brobygger.guidance.models import Referral
from brobygger.guidance.models.referral import ANSWER_WITHIN, OPEN, UNANSWERED
from brobygger.guidance.services import adopting, answers
from brobygger.guidance.services import referrals as services
from brobygger.guidance.services.answer_links import may_be_sent
from brobygger.guidance.views.common import Crumbs, crumbs
from brobygger.market.forms.matches import OpenedForm
from brobygger.register.views.common import form_page


def one(request: Request, pk: int) -> Referral:
    """A referral of the office's own, else not found."""
    related = ("operator", "partner", "scheme", "organisation", "consultant", "letter", "follow_up")
    return get_object_or_404(Referral.objects.visible_to(request.user).select_related(*related), pk=pk)


def crumbs_of(found: Referral, *more: tuple[str, str | None]) -> Crumbs:
    """The way to it, and on."""
    back = reverse("guidance:referrals") + ("" if found.is_out else "?retning=ind")
    last = (str(found), found.get_absolute_url() if more else None)
    return crumbs((_("Henvisninger"), back), last, *more)


def _may_answer(found: Referral) -> bool:
    return bool(answers.REACHABLE[found.state]) and not (found.is_out and found.counterpart_id)


@access(STAFF)
def referral(request: Request, pk: int) -> HttpResponse:
    """Everything the office holds about one referral."""
    found = one(request, pk)
    context = {
        "heading": str(found),
        "crumbs": crumbs_of(found),
        "referral": found,
        "may_answer": _may_answer(found),
        "may_adopt": adopting.is_offered(found),
        "was_withdrawn": not found.is_out and found.state == Referral.State.WITHDRAWN,
        "may_withdraw": found.is_out and found.state in OPEN,
        "is_late": found.state in UNANSWERED and found.sent_on <= timezone.localdate() - ANSWER_WITHIN,
        "may_send_link": may_be_sent(found),
        "answered_by_them": found.is_out and found.counterpart_id is not None,
    }
    return render(request, "guidance/referral.html", context)


@access(STAFF)
def answer(request: Request, pk: int) -> HttpResponse:
    """Say how far it has come, and what came of it."""
    found = one(request, pk)
    form = AnswerForm(request.POST or None, referral=found)
    if not _may_answer(found):
        messages.info(request, _("Henvisningen kan ikke ændres her."))
        return redirect(found.get_absolute_url())
    return form_page(
        request,
        form,
        lambda: answers.answer(found, form.given, user=request.user, expected=form.expected_version),
        heading=_("Hvad blev der af henvisningen?"),
        path=crumbs_of(found, (_("Svar"), None)),
        back=found.get_absolute_url(),
        done=_("Svaret er gemt."),
        lead=str(found),
    )


@access(STAFF)
def note(request: Request, pk: int) -> HttpResponse:
    """The office's own note, and who follows it."""
    found = one(request, pk)
    form = NoteForm(request.POST or None, referral=found)
    return form_page(
        request,
        form,
        lambda: services.change_note(
            found,
            note=form.cleaned_data["note"],
            consultant=form.cleaned_data["consultant"],
            user=request.user,
            expected=form.expected_version,
        ),
        heading=_("Intern note"),
        path=crumbs_of(found, (_("Intern note"), None)),
        back=found.get_absolute_url(),
        done=_("Noten er gemt."),
        lead=str(found),
    )


@access(STAFF)
def withdraw(request: Request, pk: int) -> HttpResponse:
    """Consent was taken back, after asking."""
    found = one(request, pk)
    form = OpenedForm(request.POST or None, initial={"opened_version": found.version})
    if request.method == "POST" and form.is_valid():
        try:
            services.withdraw(found, user=request.user, expected=form.expected_version)
            messages.success(request, _("Henvisningen er trukket tilbage."))
        except UserError as error:
            messages.error(request, str(error))
        return redirect(found.get_absolute_url())
    context = {
        "heading": _("Er samtykket trukket tilbage?"),
        "crumbs": crumbs_of(found, (_("Træk tilbage"), None)),
        "question": str(found),
        "consequence": _("Det, der er delt, slettes her og hos et andet kontor i Brobygger.")
        + " "
        + (
            _("%(target)s får en e-mail om, at det skal slettes også dér.") % {"target": found.target}
            if found.letter and found.receiver_address
            else _("Har I fortalt %(target)s om det på anden måde, så bed dem selv om at slette det.")
            % {"target": found.target}
        ),
        "yes": _("Ja, træk henvisningen tilbage"),
        "back": found.get_absolute_url(),
        "form": form,
    }
    return render(request, "base/confirm.html", context)


@access(STAFF)
def delete(request: Request, pk: int) -> HttpResponse:
    """Delete the office's own record, after asking."""
    found = one(request, pk)
    return ask(
        request,
        lambda: services.delete(found, user=request.user),
        heading=_("Slet henvisningen?"),
        crumbs=crumbs_of(found, (_("Slet"), None)),
        question=str(found),
        consequence=_(
            "Så tæller den ikke længere med i tallene. Det, der er delt, og historikken slettes. At den er slettet, og af "
            "hvem, står i revisionssporet."
        ),
        yes=_("Ja, slet henvisningen"),
        back=found.get_absolute_url(),
        done=_("Henvisningen er slettet."),
        after=reverse("guidance:referrals"),
    )
