# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Addresses of loans, by their case."""

from django.urls import path

from brobygger.cases.lending import views

app_name = "lending"
urlpatterns = [
    path("sager/<int:case_pk>/laan/", views.loan, name="loan"),
    path("sager/<int:case_pk>/laan/vilkaar/", views.agree, name="agree"),
    path("sager/<int:case_pk>/laan/excel/", views.export, name="export"),
    path("sager/<int:case_pk>/laan/pdf/", views.as_pdf, name="pdf"),
    path("sager/<int:case_pk>/laan/rente/", views.rate, name="rate"),
    path("sager/<int:case_pk>/laan/afdrag/", views.repay, name="repay"),
    path("sager/<int:case_pk>/laan/rapport/", views.report, name="report"),
]
