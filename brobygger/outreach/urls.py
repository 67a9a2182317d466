# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Addresses of the room."""

from django.urls import URLPattern

app_name = "outreach"
urlpatterns: list[URLPattern] = []
