# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""`brobygger compile`: what the engine calculates with, as machine code and kept on disk. Else who comes first waits for it."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from brobygger.market.warmth import warm_up


class Command(BaseCommand):
    help = "Oversæt matchmotorens beregninger til maskinkode på forhånd."
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        warm_up()
