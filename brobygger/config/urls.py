# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Every address of the product. Each room brings its own; the words in an address are Danish."""

from allauth.socialaccount.providers.openid_connect.views import login as sign_in_elsewhere
from csp.decorators import csp_update
from django.conf import settings
from django.urls import include, path
from django.views.generic import RedirectView

from brobygger.accounts.access import SIGNED_IN, access
from brobygger.config import pages
from brobygger.config.api import api
from brobygger.config.files import media
from brobygger.config.health import healthz

urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("kort/steder.json", pages.towns, name="towns"),
    path("kort/omrids.json", pages.outlines, name="outlines"),
    path("sprog/", pages.set_language, name="set_language"),
    path("filer/<path:name>", media, name="media"),
    path("api/v1/", api.urls),
    path(
        "konto/oidc/<str:provider_id>/login/",
        csp_update({"form-action": settings.SIGN_IN_ELSEWHERE})(sign_in_elsewhere),
        name="openid_connect_login",
    ),
    path("konto/", access(SIGNED_IN)(RedirectView.as_view(pattern_name="accounts:profile"))),
    path("konto/", include("allauth.urls")),
    path("kontor/", include("brobygger.accounts.urls")),
    path("arbejde/<uuid:pk>/", pages.job, name="job"),
    path("virksomheder/", include("brobygger.register.urls")),
    path("plan/", include("brobygger.plan.urls")),
    path("", include("brobygger.market.urls")),
    path("", include("brobygger.dialogue.urls")),
    path("", include("brobygger.guidance.urls")),
    path("", include("brobygger.outreach.urls")),
    path("raad/", include("brobygger.boards.urls")),
    path("sager/", include("brobygger.cases.urls")),
    path("", include("brobygger.cases.enquiry.urls")),
    path("", include("brobygger.cases.lending.urls")),
    path("", include("brobygger.cases.angels.urls")),
    path("", include("brobygger.cases.tenders.urls")),
    path("", include("brobygger.cases.barriers.urls")),
    path("opskrifter/", include("brobygger.blueprints.urls")),
    path("", include("brobygger.portal.urls")),
]

handler400 = "brobygger.config.pages.bad_request"
handler403 = "brobygger.config.pages.forbidden"
handler404 = "brobygger.config.pages.not_found"
handler429 = "brobygger.config.pages.too_many"
handler500 = "brobygger.config.pages.broken"
