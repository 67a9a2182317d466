# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "brobygger.accounts"
    label = "accounts"
    verbose_name = "Konti"

    def ready(self) -> None:
        from brobygger.accounts import receivers  # noqa: F401
