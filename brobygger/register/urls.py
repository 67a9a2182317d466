# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
from django.urls import path

from brobygger.register import views

app_name = "register"
urlpatterns = [
    path("", views.organisations, name="organisations"),
    path("<int:pk>/", views.organisation, name="organisation"),
]
