# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
from django.urls import include, path

from brobygger.register.views import duplicates, lists, merges, organisation, people, sites

app_name = "register"
urlpatterns = [
    path("", lists.organisations, name="organisations"),
    path("kort.json", lists.points, name="points"),
    path("import/", include("brobygger.register.urls_imports")),
    path("eksport/", lists.export_organisations, name="export"),
    path("ny/", organisation.new, name="new"),
    path("dubletter/", duplicates.duplicates, name="duplicates"),
    path("dubletter/find/", duplicates.find, name="find_duplicates"),
    path("dubletter/<int:pk>/ikke-den-samme/", duplicates.apart, name="not_duplicates"),
    path("dubletter/<int:pk>/igen/", duplicates.again, name="duplicates_again"),
    path("sammenlagt/", merges.merges, name="merges"),
    path("sammenlagt/<int:pk>/", merges.merged, name="merge"),
    path("sammenlagt/<int:pk>/skil-ad/", merges.undo, name="undo_merge"),
    path("<int:pk>/laeg-sammen/", merges.choose, name="choose_merge"),
    path("<int:pk>/laeg-sammen/<int:other_pk>/", merges.merge, name="merge_with"),
    path("<int:pk>/", organisation.organisation, name="organisation"),
    path("<int:pk>/ret/", organisation.edit, name="edit"),
    path("<int:pk>/ophoert/", organisation.dissolve, name="dissolve"),
    path("<int:pk>/aktiv/", organisation.reactivate, name="reactivate"),
    path("<int:pk>/steder/ny/", sites.new_place, name="new_place"),
    path("<int:pk>/steder/<int:place_pk>/", sites.edit_place, name="edit_place"),
    path("<int:pk>/steder/<int:place_pk>/luk/", sites.end_place, name="end_place"),
    path("<int:pk>/tilladelser/ny/", sites.new_permit, name="new_permit"),
    path("<int:pk>/tilladelser/<int:permit_pk>/", sites.edit_permit, name="edit_permit"),
    path("<int:pk>/tilladelser/<int:permit_pk>/fjern/", sites.remove_permit, name="remove_permit"),
    path("<int:pk>/personer/ny/", people.new, name="new_person"),
    path("<int:pk>/personer/<int:affiliation_pk>/", people.edit, name="edit_person"),
    path("<int:pk>/personer/<int:affiliation_pk>/slut/", people.end, name="end_person"),
    path("<int:pk>/personer/<int:affiliation_pk>/udtraek/", people.export, name="export_person"),
    path("<int:pk>/personer/<int:affiliation_pk>/slet/", people.erase, name="erase_person"),
    path("<int:pk>/personer/<int:affiliation_pk>/adgang/", people.invite, name="invite_person"),
]
