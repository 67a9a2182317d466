# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
from django.db import migrations


class Migration(migrations.Migration):
    """The newest hits are met by reading the list itself, so no index tells which documents are the latest."""

    dependencies = [("base", "0009_kept_entries")]

    operations = [
        migrations.RemoveIndex(model_name="searchdocument", name="base_search_kind_ca93a8_idx"),
    ]
