# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
from django.urls import path

from brobygger.accounts import views, views_address

app_name = "accounts"
urlpatterns = [
    path("", views.office, name="office"),
    path("oplysninger/", views.change_office, name="change_office"),
    path("inviter/", views.invite, name="invite"),
    path("invitationer/<int:pk>/tilbage/", views.withdraw, name="withdraw"),
    path("adgang/<int:pk>/luk/", views.end_membership, name="end_membership"),
    path("revisionsspor/", views.audit_trail, name="audit"),
    path("profil/", views.profile, name="profile"),
    path("profil/adresse/", views_address.change_address, name="change_address"),
    path("profil/adresse/<str:token>/", views_address.confirm_address, name="confirm_address"),
    path("profil/kalender/", views.change_calendar, name="change_calendar"),
    path("kalender/<str:token>.ics", views.own_calendar, name="calendar"),
    path("skift/<int:pk>/", views.switch, name="switch"),
    path("invitation/<str:token>/", views.accept, name="accept"),
]
