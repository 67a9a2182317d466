# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Uploaded files: shown only to those who may see what they belong to."""

from __future__ import annotations

import mimetypes

from django.conf import settings
from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest
from django.utils._os import safe_join

from brobygger.accounts.access import PUBLIC, access
from brobygger.market.models import Listing


@access(PUBLIC)
def media(request: HttpRequest, name: str) -> FileResponse:
    """A listing's photo, to whoever may see the listing. Everything else is not found, existing or not."""
    if not Listing.objects.visible_to(request.user).filter(photo=name).exists():
        raise Http404
    safe_join(str(settings.MEDIA_ROOT), name)
    if not default_storage.exists(name):
        raise Http404
    kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
    return FileResponse(default_storage.open(name), content_type=kind)
