# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""The network of business angels."""

from django.apps import AppConfig


class AngelsConfig(AppConfig):
    name = "brobygger.cases.angels"
    label = "angels"
    verbose_name = "Business angels"
