# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""A page with a form that is shown until it is right: the same in every room, which adds its way back, and a template of its
own where something stands beside the form (`{% extends "base/form_page.html" %}`)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import formats
from django.utils.translation import gettext as _

from brobygger.base.danish import join, number
from brobygger.base.errors import IsItRight, UserError
from brobygger.base.forms import AskingForm
from brobygger.base.versions import EditedMeanwhile

TEMPLATE = "base/form_page.html"


def form_page(
    request: HttpRequest, form: Any, save: Callable[[], Any], *, template: str = TEMPLATE, back: str, done: str,
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
            conflict, told = opened_anew(form, error), meanwhile or str(error)
        except UserError as error:
            tell(form, error, shown_as)
        else:
            messages.success(request, done)
            return redirect(goes_to(saved) if goes_to else back)
    context = {"form": form, "back": back, "conflict": conflict, "told": told, **context}
    return render(request, template, context, status=409 if told else 200)


def opened_anew(form: Any, error: EditedMeanwhile) -> list[tuple[str, str, str]]:
    """Let the form carry the version that is stored now, so that saving again is a decision; returns `differences`."""
    found = differences(form, error.current)
    form.data = form.data.copy()
    form.data[form.add_prefix("opened_version")] = str(error.current.version)
    return found


def tell(form: Any, error: UserError, shown_as: Mapping[str, str] | None = None) -> None:
    """Put what a service refused beside the fields it is about (`shown_as`: those that the form calls something else); the rest
    above the form. What is only asked about (`IsItRight`) gets a box to say yes in."""
    if isinstance(error, IsItRight) and isinstance(form, AskingForm):
        form.ask(error)
        return
    faults = getattr(error, "faults", None)
    if not isinstance(faults, dict):
        form.add_error(None, str(error))
        return
    for field, message in faults.items():
        name = (shown_as or {}).get(field, field)
        form.add_error(name if name in form.fields else None, message)


def differences(form: Any, current: Any) -> list[tuple[str, str, str]]:
    """(field, typed, stored) for each field of the form where the two differ. What a record calls something else than the form
    does, the form finds: `stored(current)` gives name → value. A field of codes says them `in_words`."""
    found = []
    known = form.stored(current) if hasattr(form, "stored") else {}
    for name, field in form.fields.items():
        if name == "opened_version" or name not in form.cleaned_data:
            continue
        if name not in known and not hasattr(current, name):
            continue
        typed, stored = (
            _plain(form.cleaned_data[name]),
            _plain(known[name] if name in known else getattr(current, name)),
        )
        if (typed or "") != (stored or ""):
            found.append((str(field.label or name), _shown(field, typed), _shown(field, stored)))
    return found


def _plain(value: Any) -> Any:
    """Sets of several, typed or stored, as lists in one order."""
    if hasattr(value, "all"):
        value = value.all()
    return sorted(value, key=str) if isinstance(value, list | tuple | set | QuerySet) else value


def _shown(field: forms.Field, value: Any) -> str:
    if isinstance(value, list):
        return join([_shown(field, one) for one in value]) or _("(tom)")
    if value in (None, ""):
        return _("(tom)")
    if hasattr(field, "in_words"):
        return str(field.in_words(value))
    if isinstance(value, bool):
        return _("ja") if value else _("nej")
    if isinstance(field, forms.ChoiceField) and not isinstance(field, forms.ModelChoiceField):
        return str(_labels(field.choices).get(str(value), value))
    if isinstance(value, date):
        return formats.date_format(value, "SHORT_DATE_FORMAT")
    if isinstance(value, Decimal):
        exact = value.normalize()
        return number(exact, max(0, -int(exact.as_tuple().exponent)))
    return str(value)


def _labels(choices: Any) -> dict[str, Any]:
    """Value → label, of groups of choices too."""
    found: dict[str, Any] = {}
    for value, label in choices:
        found |= _labels(label) if isinstance(label, list | tuple) else {str(value): label}
    return found
