# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Addresses of the room."""

from django.urls import path

from brobygger.cases.views import case, own

app_name = "cases"
urlpatterns = [
    path("<int:pk>/", case.case, name="case"),
    path("mine/<int:pk>/", own.own_case, name="own_case"),
]
