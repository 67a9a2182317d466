# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""What the register's pages share: finding the organisation, and showing a form until it is right."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from brobygger.base import form_pages
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
    """As `base.form_pages.form_page`; what was saved is gone to where it is an organisation."""
    return form_pages.form_page(
        request, form, save, template=template, back=back, done=done, heading=heading, crumbs=path,
        goes_to=lambda saved: saved.get_absolute_url() if isinstance(saved, Organisation) else back,
        **{"industries": industry_options() if "industry" in form.fields else (), **context},
    )  # fmt: skip
