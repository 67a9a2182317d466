# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Addresses of the listings."""

from django.urls import path

from brobygger.market.views import listings

listings_urls = [
    path("har-og-mangler/", listings.listings, name="listings"),
    path("har-og-mangler/<uuid:pk>/", listings.listing, name="listing"),
]
