# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Challenges and tenders."""

from django.apps import AppConfig


class TendersConfig(AppConfig):
    name = "brobygger.cases.tenders"
    label = "tenders"
    verbose_name = "Udbud og udfordringer"
