# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
from django.apps import AppConfig


class DialogueConfig(AppConfig):
    name = "brobygger.dialogue"
    label = "dialogue"
    verbose_name = "Dialog"

    def ready(self) -> None:
        """What was said can be searched from the start."""
        from brobygger.dialogue import search, usage  # noqa: F401
