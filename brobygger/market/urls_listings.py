# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Addresses of the listings."""

from django.urls import path

from brobygger.market.views import listing_writing, listings

ONE = "har-og-mangler/<uuid:pk>/"

listings_urls = [
    path("har-og-mangler/", listings.listings, name="listings"),
    path("har-og-mangler/ny/", listing_writing.new_listing, name="new_listing"),
    path("har-og-mangler/laes/", listing_writing.read_sentence, name="read_sentence"),
    path("har-og-mangler/regneark/", listings.export_listings, name="export_listings"),
    path(ONE, listings.listing, name="listing"),
    path(f"{ONE}ret/", listing_writing.change_listing, name="change_listing"),
    path(f"{ONE}pause/", listings.move_listing, {"move": "pause"}, name="pause_listing"),
    path(f"{ONE}genoptag/", listings.move_listing, {"move": "genoptag"}, name="resume_listing"),
    path(f"{ONE}opfyldt/", listings.move_listing, {"move": "opfyldt"}, name="fulfil_listing"),
    path(f"{ONE}traek-tilbage/", listings.withdraw_listing, name="withdraw_listing"),
    path(f"{ONE}samtykke/", listings.agree_to_be_shown, name="agree_to_be_shown"),
    path(f"{ONE}interesse/", listings.show_interest, name="show_interest"),
]
