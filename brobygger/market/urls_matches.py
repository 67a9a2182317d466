# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Addresses of the worklist and the matches."""

from django.urls import path

from brobygger.market.views import matches, today

matches_urls = [
    path("i-dag/", today.today, name="today"),
    path("match/", matches.matches, name="matches"),
    path("match/<uuid:pk>/", matches.match, name="match"),
]
