# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
from django.urls import path

from brobygger.plan import views

app_name = "plan"
urlpatterns = [
    path("", views.plan, name="plan"),
]
