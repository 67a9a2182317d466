# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
from django.urls import path

from brobygger.accounts import views

app_name = "accounts"
urlpatterns = [
    path("", views.office, name="office"),
    path("profil/", views.profile, name="profile"),
]
