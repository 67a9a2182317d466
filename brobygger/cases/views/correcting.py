# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Putting right what was written: a note's wording, a payment."""

from __future__ import annotations

from decimal import Decimal

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from brobygger.accounts.access import STAFF, access
from brobygger.accounts.http import Request
from brobygger.cases.forms.office import CorrectedPaymentForm, NoteForm
from brobygger.cases.services import correcting
from brobygger.cases.views.common import crumbs, form_page, handled


@access(STAFF)
def note(request: Request, pk: int, event: int) -> HttpResponse:
    """Another wording of a note."""
    found = handled(request, pk)
    written = get_object_or_404(found.events.filter(kind="note"), pk=event)
    form = NoteForm(request.POST or None, initial={"text": written.text})
    return form_page(
        request,
        form,
        lambda: correcting.correct_note(found, written, form.cleaned_data["text"], user=request.user),
        heading=_("Ret notatet"),
        path=crumbs(found, _("Ret notatet")),
        back=found.get_absolute_url() + "#sket",
        done=_("Notatet er rettet."),
        lead=_("Det, der stod før, kan stadig ses."),
    )


@access(STAFF)
def payment(request: Request, pk: int, event: int) -> HttpResponse:
    """Another amount, day or text of a payment."""
    found = handled(request, pk)
    paid = get_object_or_404(found.payments.select_related("event"), event_id=event)
    first = {"amount": paid.amount, "on": paid.on, "text": paid.text, "opened_version": found.version}
    form = CorrectedPaymentForm(request.POST or None, initial=first)

    def save() -> object:
        typed = form.cleaned_data
        amount: Decimal = typed["amount"]
        return correcting.correct_payment(
            found, paid.event, amount, on=typed["on"], text=typed["text"], reason=typed["reason"], user=request.user,
            expected=form.expected_version,
        )  # fmt: skip

    return form_page(
        request,
        form,
        save,
        heading=_("Ret udbetalingen"),
        path=crumbs(found, _("Ret udbetalingen")),
        back=found.get_absolute_url() + "#udbetalinger",
        done=_("Udbetalingen er rettet, og alle tal er regnet om."),
        lead=_(
            "Det, der stod før, kan stadig ses. Er pengene slet ikke udbetalt, så vælg »Tag tilbage« i stedet."
        ),
    )
