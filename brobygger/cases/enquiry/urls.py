# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Addresses of prospectuses."""

from django.urls import path

from brobygger.cases.enquiry import views

app_name = "enquiry"
urlpatterns = [
    path("sager/<int:case_pk>/prospekt/nyt/", views.make, name="make"),
    path("sager/prospekt/<int:pk>/", views.prospectus, name="prospectus"),
    path("sager/prospekt/<int:pk>/linjer/", views.choose, name="lines"),
    path("sager/prospekt/<int:pk>/pdf/", views.as_pdf, name="pdf"),
    path("sager/prospekt/<int:pk>/send/", views.send, name="send"),
    path("prospekt/<uuid:token>/", views.public, name="public"),
    path("prospekt/<uuid:token>/pdf/", views.public_pdf, name="public_pdf"),
]
