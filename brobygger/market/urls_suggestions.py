# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Addresses of suggestions and loops."""

from django.urls import path

from brobygger.market.views import loops, suggestions

suggestions_urls = [
    path("forslag/", suggestions.suggestions, name="suggestions"),
    path("forslag/<uuid:pk>/", suggestions.suggestion, name="suggestion"),
    path("kredsloeb/", loops.loops, name="loops"),
]
