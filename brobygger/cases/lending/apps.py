# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Concept loans that are paid out."""

from django.apps import AppConfig


class LendingConfig(AppConfig):
    name = "brobygger.cases.lending"
    label = "lending"
    verbose_name = "Konceptlån"
