# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Whether the product answers: database and work queue."""

from django.db import connection
from django.http import HttpRequest, JsonResponse

from brobygger.accounts.access import PUBLIC, access
from brobygger.base import jobs


@access(PUBLIC)
def healthz(request: HttpRequest) -> JsonResponse:
    """200 when database and queue answer, 503 with the part that does not."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except Exception:
        return JsonResponse({"status": "fejl", "database": False}, status=503)
    try:
        jobs.queue_answers()
    except Exception:
        return JsonResponse({"status": "fejl", "database": True, "queue": False}, status=503)
    return JsonResponse({"status": "ok", "database": True, "queue": True})
