# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Addresses of the room."""

from django.urls import path

from brobygger.boards.views import boards, meetings, recommendations

app_name = "boards"
urlpatterns = [
    path("", boards.boards, name="boards"),
    path("nyt/", boards.new, name="new_board"),
    path("anbefalinger/", boards.recommendations, name="recommendations"),
    path("anbefalinger/regneark/", boards.export_recommendations, name="export_recommendations"),
    path("<int:pk>/", boards.board, name="board"),
    path("<int:pk>/moeder/", boards.meetings, name="meetings"),
    path("<int:pk>/ret/", boards.edit, name="edit_board"),
    path("<int:pk>/slet/", boards.delete, name="delete_board"),
    path("<int:pk>/moeder.ics", boards.board_calendar, name="board_calendar"),
    path("<int:pk>/medlem/nyt/", boards.new_seat, name="new_seat"),
    path("plads/<int:pk>/", boards.seat, name="seat"),
    path("plads/<int:pk>/fjern/", boards.remove_seat, name="remove_seat"),
    path("<int:pk>/moede/nyt/", meetings.new, name="new_meeting"),
    path("moede/<int:pk>/", meetings.meeting, name="meeting"),
    path("moede/<int:pk>/ret/", meetings.edit, name="edit_meeting"),
    path("moede/<int:pk>/indkald/", meetings.summon, name="summon"),
    path("moede/<int:pk>/aflys/", meetings.cancel, name="cancel_meeting"),
    path("moede/<int:pk>/genoptag/", meetings.restore, name="restore_meeting"),
    path("moede/<int:pk>/slet/", meetings.delete, name="delete_meeting"),
    path("moede/<int:pk>/punkt/", meetings.add_item, name="add_item"),
    path("moede/<int:pk>/bilag/", meetings.add_paper, name="add_paper"),
    path("moede/<int:pk>/fremmoede/", meetings.attendance, name="attendance"),
    path("moede/<int:pk>/godkend/", meetings.approve, name="approve_minutes"),
    path("moede/<int:pk>/dagsorden.pdf", meetings.agenda_pdf, name="agenda_pdf"),
    path("moede/<int:pk>/referat.pdf", meetings.minutes_pdf, name="minutes_pdf"),
    path("moede/<int:pk>/moede.ics", meetings.meeting_calendar, name="meeting_calendar"),
    path("punkt/<int:pk>/", meetings.item, name="item"),
    path("punkt/<int:pk>/<str:way>/", meetings.move_item, name="move_item"),
    path("fjern-punkt/<int:pk>/", meetings.remove_item, name="remove_item"),
    path("bilag/<int:pk>/", meetings.paper, name="paper"),
    path("bilag/<int:pk>/slet/", meetings.remove_paper, name="remove_paper"),
    path("<int:pk>/anbefaling/ny/", recommendations.new, name="new_recommendation"),
    path("anbefaling/<int:pk>/", recommendations.recommendation, name="recommendation"),
    path("anbefaling/<int:pk>/ret/", recommendations.edit, name="edit_recommendation"),
    path("anbefaling/<int:pk>/svar/", recommendations.answer, name="answer"),
    path("anbefaling/<int:pk>/slet/", recommendations.delete, name="delete_recommendation"),
    path("anbefaling/<int:pk>/knyt/", recommendations.link, name="link"),
    path("anbefaling/<int:pk>/loesn/", recommendations.unlink, name="unlink"),
]
