# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Build the search index anew."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from brobygger.base import search


class Command(BaseCommand):
    """`brobygger reindex [KIND …]`: after a change in how text is read, or when in doubt."""

    help = "Bygger søgeregistret op forfra."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("kinds", nargs="*", help="hvilke slags; alle, når ingen er nævnt")

    def handle(self, *args: Any, **options: Any) -> None:
        known = [kind.key for kind in search.every()]
        for key in options["kinds"] or known:
            if key not in known:
                raise CommandError(f"Kender ikke {key}. Vælg mellem {', '.join(known)}.")
            count = search.reindex(key, partial(self._tell, key))
            self.stdout.write(f"{key}: {count} poster er søgbare.")

    def _tell(self, key: str, done: int) -> None:
        self.stdout.write(f"{key}: {done}", ending="\r")
