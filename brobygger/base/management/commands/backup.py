# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""`brobygger backup FIL`: everything that was entered, in one archive; `brobygger restore FIL` reads it again.

The archive (zip) holds the records as JSON lines, independent of the database's kind, and the uploaded files. The site may
run on meanwhile: the records are those of one moment.
"""

from __future__ import annotations

import json
import tempfile
import zipfile
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core import serializers
from django.core.management.base import BaseCommand, CommandParser
from django.db.migrations.recorder import MigrationRecorder
from django.db.models import Model
from django.utils import timezone

from brobygger import __version__
from brobygger.base.archive import Exact, records, snapshot, stored_models


class Command(BaseCommand):
    help = "Gem alle oplysninger og filer i ét arkiv."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", nargs="?", help="standard: brobygger-DATO.zip")

    def handle(self, *args: Any, **options: Any) -> None:
        now: datetime = timezone.localtime()
        target = Path(options["file"] or f"brobygger-{now:%Y-%m-%d-%H%M}.zip")
        partly = target.with_suffix(".partly")
        with zipfile.ZipFile(partly, "w", zipfile.ZIP_DEFLATED) as archive:
            with snapshot():
                counts = {model._meta.label_lower: self._write(archive, model) for model in stored_models()}
                migrations = MigrationRecorder.Migration.objects.values_list("app", "name")
                names = sorted(f"{app}.{name}" for app, name in migrations)
            self._write_files(archive)
            about = {"version": __version__, "made": now.isoformat(), "counts": counts, "migrations": names}
            archive.writestr("about.json", json.dumps(about, ensure_ascii=False, indent=1))
        partly.replace(target)
        self.stdout.write(f"Gemt i {target}: {sum(counts.values())} poster.")

    def _write(self, archive: zipfile.ZipFile, model: type[Model]) -> int:
        """One line a record. Returns how many."""
        with tempfile.NamedTemporaryFile("w+", suffix=".jsonl", encoding="utf-8") as lines:
            serializers.serialize("jsonl", records(model), stream=lines, cls=Exact)
            lines.flush()
            archive.write(lines.name, f"records/{model._meta.label_lower}.jsonl")
            lines.seek(0)
            return sum(1 for _line in lines)

    def _write_files(self, archive: zipfile.ZipFile) -> None:
        """The uploaded files, after the records: what came in between is a file too many, which does no harm."""
        root = Path(settings.MEDIA_ROOT)
        for path in sorted(root.rglob("*")):
            if path.is_file():
                with suppress(FileNotFoundError):  # somebody deleted it just now
                    archive.write(path, f"files/{path.relative_to(root)}")
