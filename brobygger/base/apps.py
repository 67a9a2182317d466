# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""What every room stands on: page layout, lists, history in words, jobs with progress, Danish formats."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.module_loading import autodiscover_modules


class BaseConfig(AppConfig):
    name = "brobygger.base"
    label = "base"
    verbose_name = "Grundlag"

    def ready(self) -> None:
        """Find each room's measurable facts (`indicators.py`), its pieces of other rooms' pages (`panels.py`), and
        the kinds of definition it runs on (`blueprints.py`)."""
        from brobygger.base.history import share_manager_classes
        from brobygger.base.search.indexing import make_indexes
        from brobygger.base.statistics import after_migrating

        share_manager_classes()
        post_migrate.connect(after_migrating, sender=self, dispatch_uid="base.statistics")
        post_migrate.connect(make_indexes, sender=self, dispatch_uid="base.search")
        autodiscover_modules("indicators", "panels", "blueprints", "calendar_feed", "busy", "digest")
