# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Whom to turn to: schemes and grants with their criteria, partners, and referrals with what came of them."""

from django.apps import AppConfig


class GuidanceConfig(AppConfig):
    name = "brobygger.guidance"
    label = "guidance"
    verbose_name = "Vejledning"

    def ready(self) -> None:
        """Whoever is erased from the register is erased here."""
        from brobygger.guidance import receivers  # noqa: F401
