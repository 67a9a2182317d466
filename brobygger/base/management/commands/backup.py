# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""`brobygger backup FIL`: everything that was entered, in one archive; `brobygger restore FIL` reads it again.

The archive (zip) holds the records as JSON lines, independent of the database's kind, and the uploaded files.
"""

from __future__ import annotations

import json
import tempfile
import zipfile
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core import serializers
from django.core.management.base import BaseCommand, CommandParser
from django.db import transaction
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone

from brobygger import __version__
from brobygger.base.archive import Exact, records, stored_models


class Command(BaseCommand):
    help = "Gem alle oplysninger og filer i ét arkiv."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", nargs="?", help="standard: brobygger-DATO.zip")

    def handle(self, *args: Any, **options: Any) -> None:
        now: datetime = timezone.localtime()
        target = Path(options["file"] or f"brobygger-{now:%Y-%m-%d-%H%M}.zip")
        partly = target.with_suffix(".partly")
        counts: dict[str, int] = {}
        with transaction.atomic(), zipfile.ZipFile(partly, "w", zipfile.ZIP_DEFLATED) as archive:
            for model in stored_models():
                with tempfile.NamedTemporaryFile("w", suffix=".jsonl", encoding="utf-8") as lines:
                    serializers.serialize("jsonl", records(model), stream=lines, cls=Exact)
                    lines.flush()
                    archive.write(lines.name, f"records/{model._meta.label_lower}.jsonl")
                counts[model._meta.label_lower] = model._default_manager.count()
            for path in sorted(Path(settings.MEDIA_ROOT).rglob("*")):
                if path.is_file():
                    archive.write(path, f"files/{path.relative_to(settings.MEDIA_ROOT)}")
            about = {
                "version": __version__,
                "made": now.isoformat(),
                "counts": counts,
                "migrations": sorted(
                    f"{app}.{name}"
                    for app, name in MigrationRecorder.Migration.objects.values_list("app", "name")
                ),
            }
            archive.writestr("about.json", json.dumps(about, ensure_ascii=False, indent=1))
        partly.replace(target)
        self.stdout.write(f"Gemt i {target}: {sum(counts.values())} poster.")
