# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Things that go through gates against a clock, each after a definition."""

import importlib
import pkgutil

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _


class CasesConfig(AppConfig):
    name = "brobygger.cases"
    label = "cases"
    verbose_name = "Sager"

    def ready(self) -> None:
        """Named rules and hooks: those of this room (`rules/`, `kinds/`) and of any other (`case_rules.py`), and what goes
        into a case's archive (`case_archive.py`)."""
        for folder in ("rules", "kinds"):
            package = importlib.import_module(f"{self.name}.{folder}")
            for found in pkgutil.iter_modules(package.__path__):
                importlib.import_module(f"{package.__name__}.{found.name}")
        autodiscover_modules("case_rules")
        autodiscover_modules("case_archive")
        from brobygger.cases import search, tasks  # noqa: F401
        from brobygger.register.imports import importers

        importers.register(
            "building_cases", "brobygger.cases.building.importing", label=_("Byggesager fra fil")
        )
