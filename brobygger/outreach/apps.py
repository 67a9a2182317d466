# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Reaching firms: segments, consents, mailings, welcome letters to new firms, and talks they book themselves."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OutreachConfig(AppConfig):
    name = "brobygger.outreach"
    label = "outreach"
    verbose_name = "Opsøgende"

    def ready(self) -> None:
        from brobygger.outreach import receivers  # noqa: F401
        from brobygger.register.imports import importers

        importers.register("consents", "brobygger.outreach.imports", label=_("Samtykker fra fil"))
