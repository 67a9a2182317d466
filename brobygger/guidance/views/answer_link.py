# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""A referral as its receiver sees it by the link in the letter, without sign-in; and the office's new link to them."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from brobygger.accounts.access import PUBLIC, STAFF, access
from brobygger.accounts.http import Request
from brobygger.base.errors import UserError
from brobygger.base.form_pages import tell
from brobygger.base.secret_links import by_secret_link, not_to_be_guessed
from brobygger.base.versions import EditedMeanwhile
from brobygger.guidance.errors import BadValues, LinkIsOver
from brobygger.guidance.forms.referrals import LinkAnswerForm
from brobygger.guidance.models import Referral
from brobygger.guidance.services import answer_links, link_answers


@access(PUBLIC)
@by_secret_link
@not_to_be_guessed
def answer_by_link(request: HttpRequest, token: str) -> HttpResponse:
    """What was shared, and a form to say yes, no, or what came of it. Nothing is changed by opening it."""
    try:
        found = answer_links.find(token)
    except LinkIsOver as error:
        return _over(request, error)
    if found is None:
        raise Http404
    if answer_links.is_answered(found):
        return _page(request, found, None)
    form = LinkAnswerForm(request.POST or None, referral=found)
    if request.method == "POST" and form.is_valid():
        try:
            found = link_answers.answer(token, form.given, expected=form.expected_version)
        except BadValues as error:
            tell(form, error)
        except (EditedMeanwhile, LinkIsOver, UserError) as error:
            messages.error(request, str(error))
            return redirect("guidance:answer_by_link", token=token)
        else:
            messages.success(request, _("Tak. %(office)s har fået jeres svar.") % {"office": found.operator})
            return redirect("guidance:answer_by_link", token=token)
    return _page(request, found, form)


def _page(request: HttpRequest, found: Referral, form: LinkAnswerForm | None) -> HttpResponse:
    context = {
        "heading": _("Henvisning fra %(office)s") % {"office": found.operator},
        "office": found.operator,
        "shared": found.shared if form else [],
        "state": found.get_state_display(),
        "taken": found.state == Referral.State.IN_PROGRESS,
        "form": form,
    }
    return render(request, "guidance/answer_link.html", context)


def _over(request: HttpRequest, error: LinkIsOver) -> HttpResponse:
    context = {"heading": str(error), "office": error.referral.operator if error.referral else None}
    return render(request, "guidance/answer_link_over.html", context, status=410)


@access(STAFF)
@require_POST
def send_new(request: Request, pk: int) -> HttpResponse:
    """Mail the receiver a new link."""
    found = get_object_or_404(Referral.objects.visible_to(request.user), pk=pk)
    try:
        link_answers.send_new(found, user=request.user)
        messages.success(request, _("Et nyt svarlink er sendt. Det gamle virker ikke længere."))
    except UserError as error:
        messages.error(request, str(error))
    return redirect(found.get_absolute_url())
