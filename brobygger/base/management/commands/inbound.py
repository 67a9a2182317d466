# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""`brobygger inbound`: take in mail, one message from standard input or every `.eml` file of a folder.

A mail server hands over one message at a time: `|/srv/brobygger/.venv/bin/brobygger inbound` in an alias. Files of a folder
are moved to `taget-ind/` or, when nobody knew what they were or they could not be read, to `ukendt/`.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from brobygger.base import inbound
from brobygger.base.errors import UserError
from brobygger.base.raw_mail import LARGEST

TAKEN, UNKNOWN = "taget-ind", "ukendt"


class Command(BaseCommand):
    help = "Tag imod mail: afviste breve og kopier til Brobygger. Én mail på standard input, eller alle .eml-filer i en mappe."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "folder", nargs="?", help="mappe med .eml-filer; udeladt: én mail på standard input"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["folder"] is None:
            self._one("standard input", sys.stdin.buffer.read(LARGEST + 1))
            return
        folder = Path(options["folder"])
        for file in sorted(folder.glob("*.eml")):
            known = self._one(file.name, file.read_bytes())
            target = folder / (TAKEN if known else UNKNOWN)
            target.mkdir(exist_ok=True)
            file.rename(target / file.name)

    def _one(self, name: str, raw: bytes) -> bool:
        try:
            told = inbound.take_in(raw)
        except UserError as error:
            self.stdout.write(f"{name}: {error}")
            return False
        self.stdout.write(f"{name}: {told or 'ingen ved, hvad det er'}")
        return bool(told)
