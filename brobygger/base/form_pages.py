# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""A page with a form that is shown until it is right: the same in every room, which adds its template and its way back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from brobygger.base.errors import UserError
from brobygger.base.versions import EditedMeanwhile


def form_page(
    request: HttpRequest, form: Any, save: Callable[[], Any], *, template: str, back: str, done: str,
    goes_to: Callable[[Any], str] | None = None, meanwhile: str = "", shown_as: Mapping[str, str] | None = None,
    **context: Any,
) -> HttpResponse:  # fmt: skip
    """Show a form; when it is right, call `save` and go to `back`, or where `goes_to` says of what was saved.

    What the service refuses is told with everything typed kept. When somebody saved in between, that is told (in the words of
    `meanwhile`, where there are some), the stored values stand beside the typed ones, and saving again is then a decision.
    """
    conflict: list[tuple[str, str, str]] = []
    told = ""
    if request.method == "POST" and form.is_valid():
        try:
            saved = save()
        except EditedMeanwhile as error:
            conflict, told = differences(form, error.current), meanwhile or str(error)
            form.data = form.data.copy()
            form.data["opened_version"] = str(error.current.version)
        except UserError as error:
            tell(form, error, shown_as)
        else:
            messages.success(request, done)
            return redirect(goes_to(saved) if goes_to else back)
    context = {"form": form, "back": back, "conflict": conflict, "told": told, **context}
    return render(request, template, context, status=409 if told else 200)


def tell(form: Any, error: UserError, shown_as: Mapping[str, str] | None = None) -> None:
    """Put what a service refused beside the fields it is about (`shown_as`: those that the form calls something else); the rest
    above the form."""
    faults = getattr(error, "faults", None)
    if not isinstance(faults, dict):
        form.add_error(None, str(error))
        return
    for field, message in faults.items():
        name = (shown_as or {}).get(field, field)
        form.add_error(name if name in form.fields else None, message)


def differences(form: Any, current: Any) -> list[tuple[str, str, str]]:
    """(field, typed, stored) for each field of the form where the two differ."""
    found = []
    for name in form.fields:
        if name == "opened_version" or name not in form.cleaned_data or not hasattr(current, name):
            continue
        typed, stored = form.cleaned_data[name], getattr(current, name)
        if (typed or "") != (stored or ""):
            found.append((str(form.fields[name].label or name), _shown(typed), _shown(stored)))
    return found


def _shown(value: Any) -> str:
    if value in (None, ""):
        return _("(tom)")
    if isinstance(value, bool):
        return _("ja") if value else _("nej")
    return str(value)
