# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""What every room stands on: page layout, lists, history in words, jobs with progress, Danish formats."""

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class BaseConfig(AppConfig):
    name = "brobygger.base"
    label = "base"
    verbose_name = "Grundlag"

    def ready(self) -> None:
        """Find each room's measurable facts (`indicators.py`), its pieces of other rooms' pages (`panels.py`), and
        the kinds of definition it runs on (`blueprints.py`)."""
        autodiscover_modules("indicators", "panels", "blueprints", "calendar_feed", "digest")
