# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Business councils and steering groups: members, meetings, recommendations and what became of them."""

from django.apps import AppConfig


class BoardsConfig(AppConfig):
    name = "brobygger.boards"
    label = "boards"
    verbose_name = "Råd"

    def ready(self) -> None:
        from brobygger.boards import bodies, receivers  # noqa: F401
