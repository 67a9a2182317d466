# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("register", "0005_organisations_by_place")]

    operations = [
        migrations.RemoveIndex(model_name="organisation", name="register_or_operato_86bc75_idx"),
        migrations.RemoveIndex(model_name="organisation", name="register_or_operato_e8169c_idx"),
        migrations.AddIndex(
            model_name="organisation",
            index=models.Index(
                fields=["operator", "status", "industry", "sort_name", "id"], name="register_by_industry"
            ),
        ),
        migrations.AddIndex(
            model_name="organisation",
            index=models.Index(
                fields=["operator", "status", "municipality_code", "sort_name", "id", "employees"],
                name="register_by_municipality",
            ),
        ),
    ]
