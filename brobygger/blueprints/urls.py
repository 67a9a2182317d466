# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Addresses of the room."""

from django.urls import path

from brobygger.blueprints import views

app_name = "blueprints"
urlpatterns = [
    path("", views.definitions, name="definitions"),
    path("regneark/", views.export, name="export"),
    path("ny/<slug:kind>/", views.new, name="new"),
    path("<slug:kind>/<slug:key>/", views.definition, name="definition"),
    path("<slug:kind>/<slug:key>/fil/", views.file, name="file"),
    path("<slug:kind>/<slug:key>/sammenlign/", views.differences, name="differences"),
    path("<slug:kind>/<slug:key>/tag-i-brug/", views.adopt, name="adopt"),
    path("<slug:kind>/<slug:key>/ret/", views.change, name="change"),
    path("<slug:kind>/<slug:key>/ud-af-brug/", views.retire, name="retire"),
]
