# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
from django.db import migrations

ONE_FOR_ALL = "CREATE INDEX base_searchdocument_vector ON base_searchdocument USING gin (vector) WITH (fastupdate = off)"


def drop_one_for_all(apps, schema_editor):
    """Each kind gets an index of its own when the migrations are over: see brobygger.base.search.indexing."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP INDEX base_searchdocument_vector")


def make_one_for_all(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(ONE_FOR_ALL)


class Migration(migrations.Migration):
    dependencies = [("base", "0007_newest_document")]
    operations = [migrations.RunPython(drop_one_for_all, make_one_for_all)]
