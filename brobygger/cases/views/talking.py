# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""What the office does with news: read it, take the case, answer; and its own duties."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from brobygger.accounts.access import STAFF, access
from brobygger.accounts.http import Request
from brobygger.cases.forms.office import NoteForm
from brobygger.cases.services import contents, letters, news, opening
from brobygger.cases.views.common import attempt, crumbs, form_page, handled, opened_version


@access(STAFF)
@require_POST
def read(request: Request, pk: int) -> HttpResponse:
    """What is new in the case is read."""
    found = handled(request, pk)
    typed = request.POST.get("news", "")
    seen = int(typed) if typed.isdecimal() and len(typed) < 18 else 0
    attempt(request, lambda: news.say_read(found, seen, user=request.user), _("Noteret som læst."))
    return redirect(found.get_absolute_url())


@access(STAFF)
@require_POST
def take(request: Request, pk: int) -> HttpResponse:
    """Take a case that nobody has."""
    found = handled(request, pk)
    attempt(
        request,
        lambda: opening.assign(found, request.user, user=request.user, expected=opened_version(request)),
        _("Sagen er din."),
    )
    return redirect(found.get_absolute_url())


@access(STAFF)
def write(request: Request, pk: int) -> HttpResponse:
    """Write to the applicant: kept in the case, and sent as a letter."""
    found = handled(request, pk)
    to = letters.address(found)
    form = NoteForm(request.POST or None)
    form.fields["text"].label = _("Besked til ansøger")
    lead = (
        _("Sendes som mail til %(to)s, og står på ansøgerens side.") % {"to": to}
        if to
        else _("Ansøgeren har ingen e-mailadresse. Beskeden gemmes i sagen, men sendes ikke: ring i stedet.")
    )
    return form_page(
        request,
        form,
        lambda: contents.write_to_applicant(
            found, form.cleaned_data["text"], user=request.user, entry_key=form.cleaned_data["entry_key"]
        ),
        heading=_("Skriv til ansøger"),
        path=crumbs(found, _("Skriv")),
        back=found.get_absolute_url(),
        done=_("Beskeden er sendt.") if to else _("Beskeden er gemt i sagen, men ikke sendt."),
        yes=_("Send") if to else _("Gem"),
        lead=lead,
    )


@access(STAFF)
def duty(request: Request, pk: int, duty: int) -> HttpResponse:
    """Tick off what the office itself had to do, with a note of what came of it."""
    found = handled(request, pk)
    due = get_object_or_404(found.duties.filter(of_applicant=False, done_on=None), pk=duty)
    if not found.is_open:
        messages.info(request, _("Det skal ikke gøres længere, for sagen er slut."))
        return redirect(found.get_absolute_url())
    form = NoteForm(request.POST or None)
    form.fields["text"].label = _("Hvad kom der ud af det?")
    return form_page(
        request,
        form,
        lambda: contents.do_duty(found, due, text=form.cleaned_data["text"], user=request.user),
        heading=due.title,
        path=crumbs(found, due.title),
        back=found.get_absolute_url(),
        done=_("Noteret som gjort."),
        yes=_("Gjort"),
        lead=found.title,
    )
