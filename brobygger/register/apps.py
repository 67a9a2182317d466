# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
from django.apps import AppConfig


class RegisterConfig(AppConfig):
    name = "brobygger.register"
    label = "register"
    verbose_name = "Register"

    def ready(self) -> None:
        from django.utils.module_loading import autodiscover_modules

        from brobygger.base import search
        from brobygger.register import receivers  # noqa: F401
        from brobygger.register.imports import importers
        from brobygger.register.merging import declared  # noqa: F401
        from brobygger.register.models import Organisation
        from brobygger.register.search import KIND, documents

        search.register(search.Kind(KIND, model=Organisation, build=documents))
        importers.register("cvr", "brobygger.register.cvr.files")
        importers.register("organisations", "brobygger.register.imports.organisations")
        autodiscover_modules("merging", "handed_over")
