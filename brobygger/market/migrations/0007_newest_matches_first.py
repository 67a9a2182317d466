# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("market", "0006_listings_by_place")]

    operations = [
        migrations.AddIndex(
            model_name="match",
            index=models.Index(fields=["operator", "-stage_at"], name="market_matc_operato_6b5f4d_idx"),
        ),
        migrations.RemoveIndex(model_name="listing", name="market_listing_place"),
        migrations.AddIndex(
            model_name="listing",
            index=models.Index(fields=["operator", "x", "y", "status", "id"], name="market_listing_by_place"),
        ),
    ]
