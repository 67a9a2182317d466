# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""A goal keeps its figure's unit: what was »t« is called »tons«, as everywhere else."""

from django.db import migrations

CALLED = {"t": "tons", "t CO2e": "tons CO2e"}


def call_them_tons(apps, schema_editor):
    goals = apps.get_model("plan", "Goal").objects.filter(indicator__startswith="market.")
    for before, now in CALLED.items():
        goals.filter(unit=before).update(unit=now)


class Migration(migrations.Migration):
    dependencies = [("plan", "0002_plans_and_tracks_are_edited")]
    operations = [migrations.RunPython(call_them_tons, migrations.RunPython.noop)]
