# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Addresses of tenders."""

from django.urls import path

from brobygger.cases.tenders import views, views_office

app_name = "tenders"
urlpatterns = [
    path("udbud/", views.tenders, name="tenders"),
    path("udbud/regneark/", views.export, name="export"),
    path("udbud/vores/", views.own, name="own"),
    path("udbud/<uuid:token>/", views.tender, name="tender"),
    path("udbud/<uuid:token>/spoergsmaal/", views.ask, name="ask"),
    path("udbud/<uuid:token>/foelg/", views.follow, name="follow"),
    path("udbud/<uuid:token>/bud/", views.bid, name="bid"),
    path("udbud/<uuid:token>/bud/<int:organisation_pk>/tilbage/", views.withdraw, name="withdraw"),
    path("sager/<int:case_pk>/udbud/", views_office.manage, name="manage"),
    path("sager/<int:case_pk>/udbud/frist/", views_office.set_up, name="set_up"),
    path("sager/<int:case_pk>/udbud/forlaeng/", views_office.extend, name="extend"),
    path("sager/<int:case_pk>/udbud/tekst/", views_office.change_text, name="change_text"),
    path("sager/<int:case_pk>/udbud/moede/", views_office.meeting, name="meeting"),
    path("sager/<int:case_pk>/udbud/moede/<int:pk>/", views_office.tell_meeting, name="tell_meeting"),
    path("sager/<int:case_pk>/udbud/spoergsmaal/<int:pk>/", views_office.answer, name="answer"),
    path("sager/<int:case_pk>/udbud/spoergsmaal/<int:pk>/luk/", views_office.close, name="close"),
    path("sager/<int:case_pk>/udbud/aabn/", views_office.open_bids, name="open"),
    path("sager/<int:case_pk>/udbud/vaelg/", views_office.choose, name="choose"),
    path("sager/<int:case_pk>/udbud/bud/regneark/", views_office.export_bids, name="export_bids"),
    path("sager/<int:case_pk>/udbud/bud/<int:pk>/", views_office.bid_file, name="bid_file"),
]
