# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
from django.urls import path

from brobygger.plan import views

app_name = "plan"
urlpatterns = [
    path("", views.plan, name="plan"),
    path("<int:pk>/", views.plan, name="one"),
    path("ny/", views.new_plan, name="new_plan"),
    path("<int:pk>/ret/", views.change_plan, name="change_plan"),
    path("<int:pk>/spor/ny/", views.new_track, name="new_track"),
    path("spor/<int:pk>/ret/", views.change_track, name="change_track"),
    path("spor/<int:pk>/indsats/ny/", views.new_initiative, name="new_initiative"),
    path("indsats/<int:pk>/ret/", views.change_initiative, name="change_initiative"),
    path("indsats/<int:pk>/maal/nyt/", views.new_goal, name="new_goal"),
    path("maal/<int:pk>/", views.goal, name="goal"),
    path("maal/<int:pk>/ret/", views.change_goal, name="change_goal"),
    path("maal/<int:pk>/slet/", views.delete_goal, name="delete_goal"),
    path("maal/<int:pk>/maaling/", views.measure, name="measure"),
    path("maaling/<int:pk>/slet/", views.delete_measurement, name="delete_measurement"),
]
