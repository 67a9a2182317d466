# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Addresses of the market."""

from brobygger.market.urls_listings import listings_urls
from brobygger.market.urls_matches import matches_urls
from brobygger.market.urls_network import network_urls
from brobygger.market.urls_suggestions import suggestions_urls

app_name = "market"
urlpatterns = [*listings_urls, *suggestions_urls, *matches_urls, *network_urls]
