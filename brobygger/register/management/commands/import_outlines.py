# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""`brobygger import outlines FILE`: the municipalities' outlines for the maps."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from brobygger.base.errors import UserError
from brobygger.register import outlines


class Command(BaseCommand):
    """Exit status 2 with one line when the file cannot be used."""

    help = "Importer kommunernes omrids fra udgiverens GeoJSON-fil (DAGI)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="filen")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            count = outlines.store(options["file"])
        except UserError as error:
            self.stderr.write(str(error))
            sys.exit(2)
        self.stdout.write(f"Omrids af {count} kommuner vises nu på kortene.")
