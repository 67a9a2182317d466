# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""What the register's pages share: finding the organisation, and showing a form until it is right."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _

from brobygger.base.errors import UserError
from brobygger.base.forms import VersionedForm
from brobygger.base.versions import EditedMeanwhile
from brobygger.register import rights
from brobygger.register.forms import industry_options
from brobygger.register.models import Organisation


def organisation_of(request: HttpRequest, pk: int) -> Organisation:
    """The organisation, or 404 alike when it does not exist and when the person may not see it."""
    return get_object_or_404(Organisation.objects.visible_to(request.user), pk=pk)


def managed(request: HttpRequest, pk: int) -> Organisation:
    """The organisation, for the office's consultants and heads only."""
    organisation = organisation_of(request, pk)
    if not rights.can_manage(request.user, organisation):  # type: ignore[arg-type]
        raise PermissionDenied
    return organisation


def editable(request: HttpRequest, pk: int) -> Organisation:
    """The organisation, for the office and the firm itself."""
    organisation = organisation_of(request, pk)
    if not rights.can_edit(request.user, organisation):  # type: ignore[arg-type]
        raise PermissionDenied
    return organisation


def crumbs(organisation: Organisation, here: str) -> list[tuple[str, str | None]]:
    return [
        (_("Virksomheder"), reverse("register:organisations")),
        (organisation.name, organisation.get_absolute_url()),
        (here, None),
    ]


def form_page(
    request: HttpRequest,
    form: Any,
    save: Callable[[], Any],
    *,
    heading: str,
    path: list[tuple[str, str | None]],
    back: str,
    done: str,
    template: str = "register/form.html",
    **context: Any,
) -> HttpResponse:
    """Show a form; when it is right, call `save` and go to `back` (or where the saved record lives).

    A `UserError` of the service is shown on the form with everything typed kept. When somebody saved in between,
    the stored values stand beside the typed ones, and saving again is then a decision.
    """
    conflict: list[tuple[str, str, str]] = []
    told = ""
    if request.method == "POST" and form.is_valid():
        try:
            saved = save()
        except EditedMeanwhile as error:
            conflict, told = differences(form, error.current), str(error)
            form.data = form.data.copy()
            form.data["opened_version"] = str(error.current.version)
        except UserError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, done)
            return HttpResponseRedirect(saved.get_absolute_url() if isinstance(saved, Organisation) else back)
    return render(
        request,
        template,
        {
            "form": form,
            "heading": heading,
            "crumbs": path,
            "back": back,
            "conflict": conflict,
            "told": told,
            "industries": industry_options() if "industry" in form.fields else (),
            **context,
        },
        status=409 if told else 200,
    )


def differences(form: VersionedForm | forms.Form, current: models.Model) -> list[tuple[str, str, str]]:
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
