# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DialogueConfig(AppConfig):
    name = "brobygger.dialogue"
    label = "dialogue"
    verbose_name = "Dialog"

    def ready(self) -> None:
        """What was said can be searched from the start."""
        from brobygger.dialogue import receivers, search, usage  # noqa: F401
        from brobygger.register.imports import importers

        importers.register("interactions", "brobygger.dialogue.imports", label=_("Samtaler fra fil"))
