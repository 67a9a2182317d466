# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("market", "0005_interested_firms_first")]

    operations = [
        migrations.AddIndex(
            model_name="listing",
            index=models.Index(fields=["operator", "status", "x", "y", "id"], name="market_listing_place"),
        ),
    ]
