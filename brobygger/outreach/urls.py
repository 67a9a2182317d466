# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Addresses of the room."""

from django.urls import URLPattern, path

from brobygger.outreach.views import consents, contact, mailings, segments

app_name = "outreach"
urlpatterns: list[URLPattern] = [
    path("kontakt/", contact.contact, name="contact"),
    path("kontakt/segmenter/", segments.segments, name="segments"),
    path("kontakt/segmenter/nyt/", segments.new, name="new_segment"),
    path("kontakt/segmenter/<int:pk>/", segments.segment, name="segment"),
    path("kontakt/segmenter/<int:pk>/antal/", segments.count, name="count_segment"),
    path("kontakt/segmenter/<int:pk>/ret/", segments.edit, name="edit_segment"),
    path("kontakt/segmenter/<int:pk>/slet/", segments.delete, name="delete_segment"),
    path("kontakt/segmenter/<int:pk>/regneark/", segments.export_segment, name="export_segment"),
    path("kontakt/samtykker/", consents.consents, name="consents"),
    path("kontakt/samtykker/regneark/", consents.export, name="export_consents"),
    path("kontakt/samtykker/nyt/<int:pk>/", consents.new, name="new_consent"),
    path("kontakt/samtykker/<int:pk>/tilbage/", consents.withdraw, name="withdraw_consent"),
    path("kontakt/formaal/nyt/", consents.new_purpose, name="new_purpose"),
    path("kontakt/formaal/almindelige/", consents.shipped_purposes, name="shipped_purposes"),
    path("kontakt/formaal/<int:pk>/", consents.edit_purpose, name="edit_purpose"),
    path("kontakt/emner/nyt/", consents.add_interest, name="add_interest"),
    path("kontakt/emner/<int:pk>/slet/", consents.delete_interest, name="delete_interest"),
    path("kontakt/adresser/<int:pk>/", consents.revive, name="revive_address"),
    path("kontakt/udsendelser/", mailings.mailings, name="mailings"),
    path("kontakt/udsendelser/ny/", mailings.new, name="new_mailing"),
    path("kontakt/udsendelser/<int:pk>/", mailings.mailing, name="mailing"),
    path("kontakt/udsendelser/<int:pk>/ret/", mailings.edit, name="edit_mailing"),
    path("kontakt/udsendelser/<int:pk>/slet/", mailings.delete, name="delete_mailing"),
    path("kontakt/udsendelser/<int:pk>/modtagere/", mailings.receivers, name="receivers"),
    path("kontakt/udsendelser/<int:pk>/regneark/", mailings.export, name="export_receivers"),
    path("kontakt/udsendelser/<int:pk>/proev/", mailings.test, name="test_mailing"),
    path("kontakt/udsendelser/<int:pk>/send/", mailings.send, name="send_mailing"),
    path("vi-maa-skrive-til-jer/", consents.own, name="own_consents"),
    path("vi-maa-skrive-til-jer/<int:pk>/<int:purpose_pk>/", consents.own_change, name="change_own_consent"),
    path("afmeld/<str:token>/", consents.unsubscribe, name="unsubscribe"),
]
