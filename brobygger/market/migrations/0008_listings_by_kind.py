# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("market", "0007_newest_matches_first")]

    operations = [
        migrations.AddIndex(
            model_name="listing",
            index=models.Index(
                fields=["operator", "side", "kind", "status", "-created_at"], name="market_listing_by_kind"
            ),
        ),
    ]
