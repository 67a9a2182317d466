# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Addresses of suggestions and loops."""

from django.urls import path

from brobygger.market.views import learning, loops, suggestions

suggestions_urls = [
    path("forslag/", suggestions.suggestions, name="suggestions"),
    path("forslag/opdater/", suggestions.refresh, name="refresh_suggestions"),
    path("forslag/vaegte/", learning.weights, name="weights"),
    path("forslag/vaegte/brug/", learning.use_weights, name="use_weights"),
    path("forslag/vaegte/brug/<int:number>/", learning.restore_weights, name="restore_weights"),
    path("forslag/<uuid:pk>/", suggestions.suggestion, name="suggestion"),
    path("forslag/<uuid:pk>/vaelg/", suggestions.accept, name="accept_suggestion"),
    path("forslag/<uuid:pk>/afvis/", suggestions.decline, name="decline_suggestion"),
    path("forslag/<uuid:pk>/udskyd/", suggestions.put_off, name="put_off_suggestion"),
    path("forslag/<uuid:pk>/tag-op/", suggestions.reopen, name="reopen_suggestion"),
    path("forslag/<uuid:pk>/interesseret/", suggestions.interested, name="interested_in_suggestion"),
    path("kredsloeb/", loops.loops, name="loops"),
]
