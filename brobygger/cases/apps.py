# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Things that go through gates against a clock, each after a definition."""

from django.apps import AppConfig


class CasesConfig(AppConfig):
    name = "brobygger.cases"
    label = "cases"
    verbose_name = "Sager"
