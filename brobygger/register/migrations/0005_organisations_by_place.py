# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("register", "0004_import_attempts")]

    operations = [
        migrations.RemoveIndex(model_name="organisation", name="register_or_operato_50594d_idx"),
        migrations.AddIndex(
            model_name="organisation",
            index=models.Index(
                fields=["operator", "x", "y", "status", "sort_name", "id"], name="register_by_place"
            ),
        ),
    ]
