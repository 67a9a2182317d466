# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
from django.db import migrations

ADD = """UPDATE base_searchdocument SET vector = vector || ('''=' || kind || scope || ''':1')::tsvector"""


def write_scopes(apps, schema_editor):
    """On PostgreSQL the index itself narrows a search to its kind and scope; on SQLite it has done so from the first."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(ADD)


class Migration(migrations.Migration):
    dependencies = [("base", "0005_letters_by_day")]
    operations = [migrations.RunPython(write_scopes, migrations.RunPython.noop)]
