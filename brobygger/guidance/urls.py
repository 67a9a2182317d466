# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Addresses of the room."""

from django.urls import path

from brobygger.guidance.views import (
    aid,
    aid_entries,
    answer_link,
    firm_schemes,
    partners,
    referral_answers,
    referrals,
    scheme_editing,
    schemes,
    start,
)

app_name = "guidance"
urlpatterns = [
    path("vejledning/", start.start, name="start"),
    path("ordninger/", schemes.catalogue, name="schemes"),
    path("ordninger/regneark/", schemes.export_catalogue, name="export_schemes"),
    path("ordninger/ny/", scheme_editing.new, name="new_scheme"),
    path("ordninger/fil/", scheme_editing.from_file, name="scheme_file"),
    path("ordninger/leverede/", scheme_editing.delivered, name="delivered_schemes"),
    path("ordninger/virksomhed/<int:organisation_pk>/", firm_schemes.of_firm, name="firm_schemes"),
    path("ordninger/<int:pk>/", schemes.scheme, name="scheme"),
    path("ordninger/<int:pk>/ret/", scheme_editing.edit, name="edit_scheme"),
    path("ordninger/<int:pk>/tag-ud/", scheme_editing.retire, name="retire_scheme"),
    path("ordninger/<int:pk>/regneark/", schemes.export_firms, name="export_firms"),
    path("ordninger/<int:pk>/tilbudt/", schemes.mark_offered, name="mark_offered"),
    path("ordninger/<int:pk>/virksomhed/<int:organisation_pk>/", firm_schemes.mark, name="mark"),
    path(
        "ordninger/<int:pk>/interesseret/<int:organisation_pk>/",
        firm_schemes.show_interest,
        name="show_interest",
    ),
    path("min-side/ordninger/", firm_schemes.own, name="own_schemes"),
    path("de-minimis/", aid.entries, name="aid"),
    path("de-minimis/regneark/", aid.export, name="export_aid"),
    path("de-minimis/virksomhed/<int:organisation_pk>/", aid.account, name="account"),
    path("de-minimis/virksomhed/<int:organisation_pk>/ny/", aid_entries.new, name="new_aid"),
    path("de-minimis/virksomhed/<int:organisation_pk>/forbind/", aid_entries.link, name="link"),
    path("de-minimis/virksomhed/<int:organisation_pk>/skil/", aid_entries.unlink, name="unlink"),
    path("de-minimis/<int:pk>/ret/", aid_entries.edit, name="edit_aid"),
    path("de-minimis/<int:pk>/slet/", aid_entries.delete, name="delete_aid"),
    path("partnere/", partners.partners, name="partners"),
    path("partnere/regneark/", partners.export, name="export_partners"),
    path("partnere/ny/", partners.new, name="new_partner"),
    path("partnere/<int:pk>/", partners.partner, name="partner"),
    path("partnere/<int:pk>/ret/", partners.edit, name="edit_partner"),
    path("partnere/<int:pk>/slet/", partners.delete, name="delete_partner"),
    path("partnere/<int:pk>/aftale/", partners.new_agreement, name="new_agreement"),
    path("partneraftale/<int:pk>/ret/", partners.edit_agreement, name="edit_agreement"),
    path("partneraftale/<int:pk>/slet/", partners.delete_agreement, name="delete_agreement"),
    path("henvisninger/", referrals.referrals, name="referrals"),
    path("henvisninger/regneark/", referrals.export, name="export_referrals"),
    path("henvisninger/ny/", referrals.new, name="new_referral"),
    path("henvisninger/modtaget/", referrals.received, name="received_referral"),
    path("henvisninger/<int:pk>/", referral_answers.referral, name="referral"),
    path("henvisninger/<int:pk>/svar/", referral_answers.answer, name="answer_referral"),
    path("henvisninger/<int:pk>/nyt-link/", answer_link.send_new, name="send_new_link"),
    path("henvisning/svar/<str:token>/", answer_link.answer_by_link, name="answer_by_link"),
    path("henvisninger/<int:pk>/note/", referral_answers.note, name="note_referral"),
    path("henvisninger/<int:pk>/traek-tilbage/", referral_answers.withdraw, name="withdraw_referral"),
    path("henvisninger/<int:pk>/slet/", referral_answers.delete, name="delete_referral"),
]
