# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Good practice as readable files: what a definition may hold, and which ones an office has adopted."""

from django.apps import AppConfig


class BlueprintsConfig(AppConfig):
    name = "brobygger.blueprints"
    label = "blueprints"
    verbose_name = "Opskrifter"
