# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""An operator's register brought up to date from the live CVR service."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import chain

from django.utils.translation import gettext as _

from brobygger.base.danish import number
from brobygger.register.cvr.client import CvrClient
from brobygger.register.cvr.files import take_all
from brobygger.register.cvr.reading import Document
from brobygger.register.cvr.store import Store
from brobygger.register.imports.importers import Progress
from brobygger.register.imports.report import Report
from brobygger.register.models import ImportRun, Organisation

OVERLAP = timedelta(days=1)
"""The service shows a change some time after it is dated; what comes twice changes nothing."""


def last_sync(run: ImportRun) -> datetime | None:
    """From when on changes are asked for: when the last sync that went well began, less a day."""
    done = ImportRun.objects.filter(
        operator=run.operator_id,
        kind=ImportRun.Kind.CVR_LIVE,
        error="",
        finished_at__isnull=False,
        dry_run=False,
    )
    last = done.exclude(pk=run.pk).order_by("-started_at").values_list("started_at", flat=True).first()
    return last - OVERLAP if last else None


def sync(run: ImportRun, report: Report, client: CvrClient, progress: Progress) -> None:
    """Everything in the operator's municipalities that changed since last time, and the companies of the register that
    have their address elsewhere. Raises CvrUnavailable, CvrRefused.
    """
    since, moment = run.started_at if run.attempts > 1 else None, last_sync(run)
    here = run.operator.municipality_codes
    elsewhere = Organisation.objects.filter(operator=run.operator, cvr__isnull=False)
    numbers = sorted(map(str, elsewhere.exclude(municipality_code__in=here).values_list("cvr", flat=True)))
    store = Store(run.operator, report, own_only=True, since=since)

    def documents() -> Iterator[Document]:
        for document in chain(client.changed_since(moment, here), client.companies(numbers, moment)):
            yield document
            progress(report.read, None, _("Hentet fra CVR: %(read)s") % {"read": number(report.read)})

    take_all(store, documents(), lambda wanted: client.companies(sorted(wanted)))
