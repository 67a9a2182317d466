# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""This room's part of the API."""

from ninja import Router

from brobygger.market.api_listings import router as listings_router
from brobygger.market.api_matches import router as matches_router
from brobygger.market.api_suggestions import router as suggestions_router

router = Router()
router.add_router("", listings_router)
router.add_router("", matches_router)
router.add_router("", suggestions_router)
