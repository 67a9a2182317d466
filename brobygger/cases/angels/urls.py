# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Addresses of the network."""

from django.urls import path

from brobygger.cases.angels import views

app_name = "angels"
urlpatterns = [
    path("business-angels/", views.angels, name="angels"),
    path("business-angels/regneark/", views.export, name="export"),
    path("business-angels/ny/", views.join, name="join"),
    path("business-angels/<int:pk>/", views.angel, name="angel"),
    path("sendt-til-mig/", views.sent_to_me, name="sent_to_me"),
    path("sendt-til-mig/regneark/", views.export_sent, name="export_sent"),
    path("sendt-til-mig/<int:pk>/", views.sending, name="sending"),
]
