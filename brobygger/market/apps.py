# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
from django.apps import AppConfig


class MarketConfig(AppConfig):
    name = "brobygger.market"
    label = "market"
    verbose_name = "Marked"

    def ready(self) -> None:
        """Listings can be searched, and imported from a file, from the start."""
        from brobygger.market import receivers, search, usage  # noqa: F401
        from brobygger.register.imports import importers

        importers.register("listings", "brobygger.market.listing_import")
