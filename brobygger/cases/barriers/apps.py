# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""The barrier programme."""

from django.apps import AppConfig


class BarriersConfig(AppConfig):
    name = "brobygger.cases.barriers"
    label = "barriers"
    verbose_name = "Barriereprogram"
