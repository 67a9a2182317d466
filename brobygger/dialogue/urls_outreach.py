# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Addresses of assessments, action plans, the portfolio and the visit plan."""

from django.urls import path

from brobygger.dialogue.views import (
    action_plans,
    assessments,
    funnels,
    handing_over,
    non_users,
    own_plans,
    portfolio,
    visits,
)

urlpatterns = [
    path("vurderinger/firma/<int:organisation_pk>/", assessments.of_firm, name="assessments_of"),
    path("vurderinger/ny/<int:organisation_pk>/<slug:key>/", assessments.new, name="new_assessment"),
    path("vurderinger/<int:pk>/", assessments.assessment, name="assessment"),
    path("vurderinger/<int:pk>/ret/", assessments.edit, name="edit_assessment"),
    path("vurderinger/<int:pk>/slet/", assessments.delete, name="delete_assessment"),
    path("handlingsplaner/", action_plans.action_plans, name="action_plans"),
    path("handlingsplaner/ny/<int:organisation_pk>/", action_plans.new, name="new_action_plan"),
    path("handlingsplaner/<int:pk>/", action_plans.action_plan, name="action_plan"),
    path("handlingsplaner/<int:pk>/ret/", action_plans.edit, name="edit_action_plan"),
    path("handlingsplaner/<int:pk>/afslut/", action_plans.close, name="close_action_plan"),
    path("handlingsplaner/<int:pk>/tag-op/", action_plans.reopen, name="reopen_action_plan"),
    path("handlingsplaner/<int:pk>/slet/", action_plans.delete, name="delete_action_plan"),
    path("handlingsplaner/<int:pk>/del/", action_plans.share, name="share_action_plan"),
    path("handlingsplaner/<int:pk>/pdf/", own_plans.as_pdf, name="action_plan_pdf"),
    path("min-side/handlingsplaner/<int:pk>/", own_plans.own_plan, name="own_action_plan"),
    path(
        "handlingsplaner/<int:pk>/skridt/<int:step_pk>/fjern/",
        action_plans.drop_step,
        name="drop_action_step",
    ),
    path("portefoelje/", portfolio.portfolio, name="portfolio"),
    path("portefoelje/regneark/", portfolio.export, name="export_portfolio"),
    path("portefoelje/tag-ind/", portfolio.take_in, name="take_in"),
    path("portefoelje/tag-ind/<int:organisation_pk>/", portfolio.add, name="add_to_portfolio"),
    path("portefoelje/overdrag/", handing_over.hand_over, name="hand_over"),
    path("portefoelje/overdrag/<int:pk>/fortryd/", handing_over.undo, name="undo_hand_over"),
    path("portefoelje/noeglekonsulent/", portfolio.key_accounts, name="key_accounts"),
    path("portefoelje/tal/", portfolio.figures, name="outreach_settings"),
    path("portefoelje/<int:pk>/", portfolio.member, name="portfolio_firm"),
    path("portefoelje/<int:pk>/ud/", portfolio.remove, name="leave_portfolio"),
    path("portefoelje/klar/", funnels.ready, name="ready"),
    path("portefoelje/niveau/ind/<int:organisation_pk>/<slug:key>/", funnels.enter, name="enter_funnel"),
    path("portefoelje/niveau/<int:pk>/ryk/", funnels.move, name="move_in_funnel"),
    path("portefoelje/niveau/<int:pk>/bliv/", funnels.decline, name="decline_move"),
    path("portefoelje/niveau/<int:pk>/ud/", funnels.leave, name="leave_funnel"),
    path("portefoelje/besoeg/", visits.visits, name="visits"),
    path("portefoelje/besoeg/foreslaa/", visits.propose, name="propose_visits"),
    path("portefoelje/besoeg/ny/<int:organisation_pk>/", visits.plan_one, name="plan_visit"),
    path("portefoelje/besoeg/<int:pk>/aftal/", visits.accept, name="accept_visit"),
    path("portefoelje/besoeg/<int:pk>/tid/", visits.agree, name="agree_visit"),
    path("portefoelje/besoeg/<int:pk>/flyt/", visits.move, name="move_visit"),
    path("portefoelje/besoeg/<int:pk>/spring-over/", visits.skip, name="skip_visit"),
    path("portefoelje/besoeg/<int:pk>/hent-tilbage/", visits.bring_back, name="bring_back_visit"),
    path("portefoelje/ikke-brugere/", non_users.non_users, name="non_users"),
    path("portefoelje/ikke-brugere/regneark/", non_users.export, name="export_non_users"),
]
