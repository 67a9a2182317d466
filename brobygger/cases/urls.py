# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Addresses of the room."""

from django.urls import path

from brobygger.cases.views import acting, case, figures, files, lists, own, symbiosis

app_name = "cases"
urlpatterns = [
    path("", lists.cases, name="cases"),
    path("tavle/", lists.board, name="board"),
    path("hvem-har-hvad/", lists.load, name="load"),
    path("hvem-har-hvad/regneark/", lists.export_load, name="export_load"),
    path("ny/", lists.new, name="new"),
    path("regneark/", lists.export, name="export"),
    path("byggesager/", figures.building, name="building"),
    path("byggesager/regneark/", figures.export_building, name="export_building"),
    path("byggesager/import/", figures.import_building, name="import_building"),
    path("stoette/", figures.grants, name="grants"),
    path("stoette/regneark/", figures.export_grants, name="export_grants"),
    path("symbiose/har/<uuid:pk>/", symbiosis.from_listing, name="symbiosis_from_listing"),
    path("symbiose/match/<uuid:pk>/", symbiosis.from_match, name="symbiosis_from_match"),
    path("mine/", own.own_cases, name="own_cases"),
    path("mine/regneark/", own.export, name="export_own"),
    path("mine/ny/<int:firm>/<str:type_key>/", own.new, name="own_new"),
    path("mine/<int:pk>/", own.own_case, name="own_case"),
    path("mine/<int:pk>/oplysninger/", own.fill_in, name="own_fill_in"),
    path("mine/<int:pk>/svar/<int:event>/", own.answer, name="own_answer"),
    path("mine/<int:pk>/besked/", own.message, name="own_message"),
    path("mine/<int:pk>/fil/", own.upload, name="own_upload"),
    path("mine/<int:pk>/videre/<str:way>/", own.move, name="own_move"),
    path("mine/<int:pk>/senest/<int:duty>/", own.duty, name="own_duty"),
    path("dokument/<int:pk>/", files.document, name="document"),
    path("dokument/<int:pk>/fjern/", files.remove, name="remove_document"),
    path("<int:pk>/", case.case, name="case"),
    path("<int:pk>/dage/", case.days, name="days"),
    path("<int:pk>/oplysninger/", case.fill_in, name="fill_in"),
    path("<int:pk>/ret/", case.describe, name="describe"),
    path("<int:pk>/sagsbehandler/", case.assign, name="assign"),
    path("<int:pk>/tjekliste/", case.tick, name="tick"),
    path("<int:pk>/notat/", case.note, name="note"),
    path("<int:pk>/videre/<str:way>/", acting.move, name="move"),
    path("<int:pk>/stem/<str:way>/", acting.vote, name="vote"),
    path("<int:pk>/optael/<str:way>/", acting.count, name="count"),
    path("<int:pk>/vent/", acting.pause, name="pause"),
    path("<int:pk>/svar/<int:event>/", acting.resume, name="resume"),
    path("<int:pk>/haendelse/", acting.mark, name="mark"),
    path("<int:pk>/haendelse/<int:event>/dato/", acting.redate, name="redate"),
    path("<int:pk>/haendelse/<int:event>/tilbage/", acting.take_back, name="take_back"),
    path("<int:pk>/part/", acting.add_party, name="add_party"),
    path("<int:pk>/part/<int:party>/ud/", acting.end_party, name="end_party"),
    path("<int:pk>/inhabil/", acting.recuse, name="recuse"),
    path("<int:pk>/udbetaling/", acting.pay, name="pay"),
    path("<int:pk>/dokument/", files.add, name="add_document"),
    path("<int:pk>/arkivfil/", files.export, name="export_case"),
    path("<int:pk>/arkiv/", files.archive, name="archive"),
    path("<int:pk>/slet/", files.delete, name="delete"),
]
