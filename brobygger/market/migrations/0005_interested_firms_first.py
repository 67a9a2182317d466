# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("market", "0004_listings_of_every_status")]

    operations = [
        migrations.AddIndex(
            model_name="suggestion",
            index=models.Index(
                condition=models.Q(("giver_interested_at__isnull", False)),
                fields=["operator", "giver_interested_at"],
                name="market_giver_is_interested",
            ),
        ),
        migrations.AddIndex(
            model_name="suggestion",
            index=models.Index(
                condition=models.Q(("taker_interested_at__isnull", False)),
                fields=["operator", "taker_interested_at"],
                name="market_taker_is_interested",
            ),
        ),
    ]
