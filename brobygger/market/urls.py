# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
from django.urls import path

from brobygger.market import views

app_name = "market"
urlpatterns = [
    path("i-dag/", views.today, name="today"),
    path("har-og-mangler/", views.listings, name="listings"),
    path("har-og-mangler/<uuid:pk>/", views.listing, name="listing"),
    path("forslag/", views.suggestions, name="suggestions"),
    path("forslag/<uuid:pk>/", views.suggestion, name="suggestion"),
    path("match/", views.matches, name="matches"),
    path("match/<uuid:pk>/", views.match, name="match"),
    path("kredsloeb/", views.loops, name="loops"),
]
