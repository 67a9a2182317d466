# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""What the room's pages share."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from brobygger.accounts.http import Request
from brobygger.base.errors import UserError
from brobygger.base.versions import EditedMeanwhile
from brobygger.outreach.errors import BadValues
from brobygger.register.models import Organisation
from brobygger.register.views.common import differences

Crumb = tuple[str, str | None]


def crumbs(*more: Crumb) -> list[Crumb]:
    """The way to a page of the room."""
    return [(_("Kontakt"), reverse("outreach:contact")), *more]


def tell(form: Any, error: UserError) -> None:
    """Put what the service refused beside the fields it is about."""
    if isinstance(error, BadValues):
        for field, message in error.faults.items():
            form.add_error(field if field in form.fields else None, message)
    else:
        form.add_error(None, str(error))


def form_page(
    request: Request,
    form: Any,
    save: Callable[[], Any],
    *,
    back: str,
    done: str,
    template: str = "register/form.html",
    then: Callable[[Any], str] | None = None,
    **context: Any,
) -> HttpResponse:
    """Show a form; when it is right, save and go on. What was typed stays when the service refuses it."""
    told, conflict = "", []
    if request.method == "POST" and form.is_valid():
        try:
            saved = save()
        except EditedMeanwhile as error:
            told, conflict = str(error), differences(form, error.current)
            form.data = form.data.copy()
            form.data["opened_version"] = str(error.current.version)
        except UserError as error:
            tell(form, error)
        else:
            messages.success(request, done)
            return redirect(then(saved) if then else back)
    context = {"form": form, "back": back, "told": told, "conflict": conflict, **context}
    return render(request, template, context, status=409 if told else 200)


def page_of(request: Request, rows: Any) -> Page[Any]:
    """The asked page of a list."""
    return Paginator(rows, settings.PAGE_SIZE).get_page(request.GET.get("side"))


def own_firm(request: Request, pk: int) -> Organisation:
    """An organisation of an office where the person is consultant or head; else not found."""
    found = get_object_or_404(Organisation.objects.visible_to(request.user).select_related("operator"), pk=pk)
    if not request.user.is_staff_of(found.operator_id):
        raise Http404
    return found
