# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Addresses of the worklist, the matches, and what came of them."""

from django.urls import path

from brobygger.market.views import letters, matches, results, today

matches_urls = [
    path("i-dag/", today.today, name="today"),
    path("match/", matches.matches, name="matches"),
    path("match/excel/", matches.export, name="matches_export"),
    path("match/<uuid:pk>/", matches.match, name="match"),
    path("match/<uuid:pk>/videre/", matches.move, name="match_move"),
    path("match/<uuid:pk>/ikke-til-noget/", matches.fell_through, name="match_fell_through"),
    path("match/<uuid:pk>/afslut/", matches.end, name="match_end"),
    path("match/<uuid:pk>/note/", matches.note, name="match_note"),
    path("match/<uuid:pk>/opfoelgning/", matches.follow_up, name="match_follow_up"),
    path("match/<uuid:pk>/overtag/", matches.take_over, name="match_take_over"),
    path("match/<uuid:pk>/sagt-ja/<slug:side>/", matches.owner_agreed, name="match_owner_agreed"),
    path("match/<uuid:pk>/introduktion/", letters.introduce, name="introduce"),
    path("match/<uuid:pk>/brev/<uuid:letter>/", letters.settle_letter, name="settle_letter"),
    path("match/<uuid:pk>/aftale/", results.new_agreement, name="new_agreement"),
    path("aftale/<uuid:pk>/ret/", results.change_agreement, name="change_agreement"),
    path("aftale/<uuid:pk>/slet/", results.delete_agreement, name="delete_agreement"),
    path("match/<uuid:pk>/leverance/", results.report_delivery, name="report_delivery"),
    path("leverance/<uuid:pk>/ret/", results.correct_delivery, name="correct_delivery"),
    path("leverance/<uuid:pk>/slet/", results.delete_delivery, name="delete_delivery"),
    path("match/<uuid:pk>/udbytte/", results.new_outcome, name="new_outcome"),
    path("udbytte/<uuid:pk>/slet/", results.delete_outcome, name="delete_outcome"),
    path("breve/", letters.templates, name="letter_templates"),
    path("breve/<slug:key>/", letters.template, name="letter_template"),
    path("breve/<slug:key>/oprindelig/", letters.restore_template, name="restore_letter_template"),
]
