# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""`brobygger restore FIL`: read an archive made by `brobygger backup` into an empty database."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.contrib.auth import get_user_model
from django.core import serializers
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.management.color import no_style
from django.db import connection, models, transaction

from brobygger.base.archive import stored_models

BATCH = 1000


@contextmanager
def moments_as_they_were(model: type[models.Model]) -> Iterator[None]:
    """Records stored inside keep the moments that the model else sets by itself (`auto_now`, `auto_now_add`)."""
    switches = [
        (field, switch)
        for field in model._meta.local_fields
        for switch in ("auto_now", "auto_now_add")
        if getattr(field, switch, False)
    ]
    for field, switch in switches:
        setattr(field, switch, False)
    try:
        yield
    finally:
        for field, switch in switches:
            setattr(field, switch, True)


class Command(BaseCommand):
    help = "Læs et arkiv ind i en tom database."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file")

    def handle(self, *args: Any, **options: Any) -> None:
        path = Path(options["file"])
        try:
            archive = zipfile.ZipFile(path)
            about = json.loads(archive.read("about.json"))
        except (OSError, zipfile.BadZipFile, KeyError, ValueError) as error:
            raise CommandError(f"{path} er ikke et arkiv fra Brobygger: {error}", returncode=2) from error
        if self._holds_people():
            raise CommandError(
                "Databasen er ikke tom. Indlæs i en ny database, så intet bliver overskrevet.", returncode=2
            )
        call_command("migrate", verbosity=0, interactive=False)
        with archive, transaction.atomic(), connection.constraint_checks_disabled():
            read = sum(self._read(archive, model) for model in stored_models())
            connection.check_constraints()
            self._files(archive)
        self._sequences()
        call_command("reindex", stdout=self.stdout)
        self.stdout.write(f"Indlæst {read} poster fra {about['made'][:16]}.")

    def _holds_people(self) -> bool:
        """Whether an office or somebody is in this database already; one without tables is as empty as can be."""
        tables = connection.introspection.table_names()
        people: list[Any] = [get_user_model(), apps.get_model("accounts", "Operator")]
        return any(model._meta.db_table in tables and model.objects.exists() for model in people)

    def _read(self, archive: zipfile.ZipFile, model: Any) -> int:
        name = f"records/{model._meta.label_lower}.jsonl"
        if name not in archive.namelist():
            return 0
        batch: list[Any] = []
        links: list[Any] = []
        read = 0
        with archive.open(name) as lines:
            for item in serializers.deserialize("jsonl", (line.decode() for line in lines)):
                batch.append(item.object)
                links.append(item)
                if len(batch) >= BATCH:
                    read += self._save(model, batch, links)
        return read + self._save(model, batch, links)

    def _save(self, model: Any, batch: list[Any], links: list[Any]) -> int:
        count = len(batch)
        with moments_as_they_were(model):
            model._base_manager.bulk_create(batch)
        for item in links:
            for name, keys in (item.m2m_data or {}).items():
                self._link(model._meta.get_field(name), item.object.pk, keys)
        batch.clear()
        links.clear()
        return count

    def _link(self, field: Any, key: Any, others: Any) -> None:
        """Rows of a many-to-many table, straight in: to `set` them would write history that is in the archive already."""
        through, here, there = field.remote_field.through, field.m2m_column_name(), field.m2m_reverse_name()
        through._base_manager.bulk_create(through(**{here: key, there: other}) for other in others)

    def _files(self, archive: zipfile.ZipFile) -> None:
        root = Path(settings.MEDIA_ROOT).resolve()
        for name in archive.namelist():
            if not name.startswith("files/") or name.endswith("/"):
                continue
            target = (root / name.removeprefix("files/")).resolve()
            if root not in target.parents:
                raise CommandError(f"arkivet peger uden for filmappen: {name}", returncode=2)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(archive.read(name))

    def _sequences(self) -> None:
        with connection.cursor() as cursor:
            for statement in connection.ops.sequence_reset_sql(no_style(), stored_models()):
                cursor.execute(statement)
