# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Reaching firms: segments, consents, mailings, welcome letters to new firms, and talks they book themselves."""

from django.apps import AppConfig


class OutreachConfig(AppConfig):
    name = "brobygger.outreach"
    label = "outreach"
    verbose_name = "Opsøgende"

    def ready(self) -> None:
        from brobygger.outreach import receivers  # noqa: F401
