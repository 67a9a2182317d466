# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""What the pages of cases share: finding the case, and showing a form until it is right."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from brobygger.accounts.http import Request
from brobygger.base import form_pages
from brobygger.base.errors import UserError
from brobygger.base.form_pages import tell as tell
from brobygger.base.versions import EditedMeanwhile
from brobygger.cases.models import Case

Crumbs = list[tuple[str, str | None]]


def visible(request: Request, pk: int) -> Case:
    """The case, from the office's side or a deciding party's; else not found."""
    rows = Case.objects.visible_to(request.user).select_related(
        "definition", "operator", "organisation", "officer"
    )
    return get_object_or_404(rows, pk=pk)


def handled(request: Request, pk: int) -> Case:
    """The case, of an office where the person is consultant or head; else not found."""
    found = visible(request, pk)
    if not request.user.is_staff_of(found.operator_id):
        raise Http404
    return found


def own(request: Request, pk: int) -> Case:
    """A case of an organisation that the person acts for; else not found."""
    rows = Case.objects.own_of(request.user).select_related(
        "definition", "operator", "organisation", "officer"
    )
    return get_object_or_404(rows, pk=pk)


def crumbs(case: Case | None = None, *more: str) -> Crumbs:
    """The way back."""
    found: Crumbs = [(_("Sager"), reverse("cases:cases"))]
    if case:
        found.append((case.number, case.get_absolute_url() if more else None))
    return [*found, *((word, None) for word in more)]


def form_page(
    request: Request, form: Any, save: Callable[[], Any], *, heading: str, path: Crumbs, back: str, done: str,
    template: str = "cases/form.html", goes_to: Callable[[Any], str] | None = None, **context: Any,
) -> HttpResponse:  # fmt: skip
    """As `base.form_pages.form_page`, in the words of cases."""
    return form_pages.form_page(
        request, form, save, template=template, back=back, done=done, goes_to=goes_to, heading=heading, crumbs=path,
        meanwhile=_("Sagen er ændret, mens du skrev. Se den, og gem igen, hvis dit stadig skal gælde."), **context,
    )  # fmt: skip


def attempt(request: Request, act: Callable[[], Any], done: str) -> bool:
    """Do what a button asks for, and tell how it went. Whether it did."""
    try:
        act()
    except EditedMeanwhile:
        messages.error(request, _("Sagen er ændret, siden du åbnede den. Se efter, og prøv igen."))
    except UserError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, done)
        return True
    return False


def opened_version(request: Request) -> int:
    """The version that a button was pressed on; 0, which no case has, when it is missing."""
    typed = request.POST.get("opened_version", "")
    return int(typed) if typed.isdecimal() and len(typed) < 10 else 0
