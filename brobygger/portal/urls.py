# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
from django.urls import path

from brobygger.portal import views

app_name = "portal"
urlpatterns = [
    path("", views.front, name="front"),
    path("aabne/", views.browse, name="browse"),
    path("aabne/<uuid:pk>/", views.open_listing, name="open_listing"),
    path("min-side/", views.own, name="own"),
    path("tilgaengelighed/", views.accessibility, name="accessibility"),
    path("persondata/", views.privacy, name="privacy"),
]
