# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""What the room's pages share."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.conf import settings
from django.core.paginator import Page, Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from brobygger.accounts.http import Request
from brobygger.base import form_pages
from brobygger.register.models import Organisation

Crumb = tuple[str, str | None]


def crumbs(*more: Crumb) -> list[Crumb]:
    """The way to a page of the room."""
    return [(_("Kontakt"), reverse("outreach:contact")), *more]


form_page = partial(form_pages.form_page, template="register/form.html")


def page_of(request: Request, rows: Any) -> Page[Any]:
    """The asked page of a list."""
    return Paginator(rows, settings.PAGE_SIZE).get_page(request.GET.get("side"))


def own_firm(request: Request, pk: int) -> Organisation:
    """An organisation of an office where the person is consultant or head; else not found."""
    found = get_object_or_404(Organisation.objects.visible_to(request.user).select_related("operator"), pk=pk)
    if not request.user.is_staff_of(found.operator_id):
        raise Http404
    return found
