# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Addresses of the plan for the whole network."""

from django.urls import path

from brobygger.market.views import network

network_urls = [
    path("netvaerk/", network.network, name="network"),
    path("netvaerk/laeg-plan/", network.plan, name="network_plan"),
    path("netvaerk/<uuid:pk>/", network.network_run, name="network_run"),
    path("netvaerk/<uuid:pk>/vaelg-punkt/", network.choose, name="network_choose"),
    path("netvaerk/<uuid:pk>/excel/", network.export, name="network_export"),
    path("netvaerk/skal-med/<uuid:pk>/", network.pin, name="network_pin"),
    path("netvaerk/ikke-med/<uuid:pk>/", network.forbid, name="network_forbid"),
    path("netvaerk/oensker/<uuid:pk>/ophaev/", network.lift, name="network_lift"),
]
