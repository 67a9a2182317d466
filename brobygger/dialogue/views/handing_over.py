# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Pages where somebody's work is given to a colleague, and where that is undone."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from brobygger.accounts.access import STAFF, access
from brobygger.accounts.http import Request
from brobygger.accounts.models import Role, User
from brobygger.base.asking import ask
from brobygger.base.errors import UserError
from brobygger.base.form_pages import tell
from brobygger.dialogue.errors import BadValues
from brobygger.dialogue.forms.portfolio import GiverForm, HandOverForm
from brobygger.dialogue.models import HandOver
from brobygger.dialogue.services import handing_over as services
from brobygger.dialogue.views.portfolio import crumbs

SHOWN = 10


@access(STAFF)
def hand_over(request: Request) -> HttpResponse:
    """Give what somebody holds to a colleague: all of it, or what is ticked. Below, what was handed over lately."""
    is_head = Role.HEAD in request.roles
    chooser = (
        GiverForm(request.GET if "fra" in request.GET else None, operator=request.operator)
        if is_head
        else None
    )
    giver = _giver(request, chooser)
    form = None
    if giver is not None:
        form = HandOverForm(request.POST or None, operator=request.operator, giver=giver)
        if request.method == "POST" and form.is_valid():
            try:
                done = services.hand_over(
                    request.operator,
                    giver,
                    form.cleaned_data["receiver"],
                    user=request.user,
                    firms=form.chosen_firms,
                    kinds=form.cleaned_data["kinds"],
                )
            except BadValues as error:
                tell(form, error)
            except UserError as error:
                form.add_error(None, str(error))
            else:
                messages.success(request, _told(done))
                return redirect("dialogue:hand_over")
    recent = HandOver.objects.visible_to(request.user).filter(operator=request.operator)
    context = {
        "heading": _("Overdrag til en kollega"),
        "crumbs": crumbs((_("Overdrag"), None)),
        "chooser": chooser,
        "giver": giver,
        "form": form,
        "anything": bool(form and form.fields["kinds"].choices),  # type: ignore[attr-defined]
        "recent": [
            (row, services.in_words(row), _may_undo(row, request.user, is_head))
            for row in recent.select_related("giver", "receiver", "by")[:SHOWN]
        ],
    }
    return render(request, "dialogue/hand_over.html", context)


def _giver(request: Request, chooser: GiverForm | None) -> User | None:
    """The head chooses; everybody else gives their own."""
    if chooser is None:
        return request.user
    if chooser.is_valid():
        chosen: User = chooser.cleaned_data["fra"]
        return chosen
    return None


def _told(done: HandOver) -> str:
    what = services.in_words(done)
    told = _("Overdraget: %(what)s.") % {"what": what} if what else _("Der var intet at overdrage.")
    return " ".join(part for part in (told, services.left_in_words(done.left)) if part)


def _may_undo(done: HandOver, user: Any, is_head: bool) -> bool:
    return done.undone_at is None and (is_head or user.pk in {done.by_id, done.giver_id})


def _undone(stayed: dict[str, list[str]]) -> str:
    told = [_("Overdragelsen er fortrudt."), services.left_in_words(stayed)]
    return " ".join(part for part in told if part)


@access(STAFF)
def undo(request: Request, pk: int) -> HttpResponse:
    """What the receiver still has of it goes back, after asking."""
    rows = HandOver.objects.visible_to(request.user).select_related("giver", "receiver")
    done = get_object_or_404(rows, pk=pk)
    return ask(
        request,
        lambda: services.undo(done, user=request.user, expected=done.version),
        heading=_("Fortryd overdragelsen?"),
        question=_("%(what)s går tilbage til %(who)s.")
        % {"what": services.in_words(done) or _("Intet"), "who": done.giver},
        consequence=_(
            "Det gælder kun det, som %(who)s stadig har. Det, der er afsluttet eller givet videre siden, bliver, hvor det er."
        )
        % {"who": done.receiver},
        yes=_("Ja, fortryd"),
        back=reverse("dialogue:hand_over"),
        done=_undone,
    )
