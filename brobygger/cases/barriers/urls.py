# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Addresses of the barrier programme, by its case."""

from django.urls import path

from brobygger.cases.barriers import views

app_name = "barriers"
urlpatterns = [
    path("sager/<int:case_pk>/kunder/foreslaa/", views.propose, name="propose"),
    path("sager/<int:case_pk>/kunder/ny/", views.add, name="add"),
    path("sager/<int:case_pk>/kunder/excel/", views.export, name="export"),
    path("sager/kunder/<int:pk>/", views.follow, name="follow"),
    path("sager/kunder/<int:pk>/fjern/", views.remove, name="remove"),
    path("sager/<int:case_pk>/kursusdage/ny/", views.note_day, name="note_day"),
    path("sager/kursusdage/<int:pk>/fjern/", views.remove_day, name="remove_day"),
]
