# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Addresses of the dialogue."""

from django.urls import path

from brobygger.dialogue import urls_outreach
from brobygger.dialogue.views import follow_ups, interactions, mail, writing

app_name = "dialogue"
urlpatterns = [
    path("samtaler/", interactions.interactions, name="interactions"),
    path("samtaler/ny/", writing.new, name="new_interaction"),
    path("samtaler/laes/", writing.read, name="read_note"),
    path("samtaler/find-virksomhed/", writing.find_firm, name="find_firm"),
    path("samtaler/regneark/", interactions.export, name="export_interactions"),
    path("samtaler/indbakke/", mail.tray, name="tray"),
    path("samtaler/indbakke/adresse/", mail.new_address, name="new_inbound_address"),
    path("samtaler/indbakke/<int:pk>/", mail.mail, name="mail"),
    path("samtaler/indbakke/<int:pk>/laeg/", mail.place, name="place_mail"),
    path("samtaler/indbakke/<int:pk>/kasser/", mail.discard, name="discard_mail"),
    path("samtaler/indbakke/fil/<int:pk>/", mail.mail_file, name="mail_file"),
    path("indgaaende/mail/", mail.hook, name="inbound_hook"),
    path("samtaler/<int:pk>/", interactions.interaction, name="interaction"),
    path("samtaler/<int:pk>/ret/", interactions.edit, name="edit_interaction"),
    path("samtaler/<int:pk>/slet/", interactions.delete, name="delete_interaction"),
    path("samtaler/<int:pk>/bilag/", interactions.attach, name="attach"),
    path("bilag/<int:pk>/", interactions.attachment, name="attachment"),
    path("bilag/<int:pk>/slet/", interactions.detach, name="detach"),
    path("opfoelgninger/", follow_ups.follow_ups, name="follow_ups"),
    path("opfoelgninger/regneark/", follow_ups.export, name="export_follow_ups"),
    path("opfoelgninger/ny/<int:organisation_pk>/", follow_ups.new, name="new_follow_up"),
    path("opfoelgninger/<int:pk>/", follow_ups.follow_up, name="follow_up"),
    path("opfoelgninger/<int:pk>/gjort/", follow_ups.finish, name="finish_follow_up"),
    path("opfoelgninger/<int:pk>/tag-op/", follow_ups.reopen, name="reopen_follow_up"),
    path("opfoelgninger/<int:pk>/slet/", follow_ups.drop, name="drop_follow_up"),
    *urls_outreach.urlpatterns,
]
