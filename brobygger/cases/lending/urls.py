# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Addresses of loans, by their case."""

from django.urls import path

from brobygger.cases.lending import views, views_correcting

app_name = "lending"
urlpatterns = [
    path("sager/<int:case_pk>/laan/", views.loan, name="loan"),
    path("sager/<int:case_pk>/laan/vilkaar/", views.agree, name="agree"),
    path("sager/<int:case_pk>/laan/vilkaar/ret/", views_correcting.terms, name="correct_terms"),
    path("sager/<int:case_pk>/laan/vilkaar/fjern/", views_correcting.remove_terms, name="remove_terms"),
    path("sager/<int:case_pk>/laan/excel/", views.export, name="export"),
    path("sager/<int:case_pk>/laan/pdf/", views.as_pdf, name="pdf"),
    path("sager/<int:case_pk>/laan/rente/", views.rate, name="rate"),
    path("sager/<int:case_pk>/laan/afdrag/", views.repay, name="repay"),
    path("sager/<int:case_pk>/laan/rapport/", views.report, name="report"),
    path("sager/<int:case_pk>/laan/rente/<int:pk>/", views_correcting.rate, name="correct_rate"),
    path("sager/<int:case_pk>/laan/rente/<int:pk>/fjern/", views_correcting.remove_rate, name="remove_rate"),
    path("sager/<int:case_pk>/laan/afdrag/<int:pk>/", views_correcting.repayment, name="correct_repayment"),
    path(
        "sager/<int:case_pk>/laan/afdrag/<int:pk>/fjern/",
        views_correcting.remove_repayment,
        name="remove_repayment",
    ),
    path("sager/<int:case_pk>/laan/rapport/<int:pk>/", views_correcting.report, name="correct_report"),
    path(
        "sager/<int:case_pk>/laan/rapport/<int:pk>/fjern/",
        views_correcting.remove_report,
        name="remove_report",
    ),
]
