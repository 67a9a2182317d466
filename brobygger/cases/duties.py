# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Duties that are answered on a page of their own, because more than a text is asked for. A case type's code says so::

    @answered_at("concept_loan", "report_")
    def report_page(case, duty) -> str | None: ...      # its address; None while it is not open yet

Such a duty cannot be answered with a bare text, by whatever way (`services.contents.do_duty`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from django.urls import reverse

if TYPE_CHECKING:
    from brobygger.cases.models import Case, CaseDuty

Page = Callable[["Case", "CaseDuty"], str | None]
_pages: dict[tuple[str, str], Page] = {}


def answered_at(case_type: str, prefix: str) -> Callable[[Page], Page]:
    """Publish the page of the type's duties whose keys begin so."""

    def publish(page: Page) -> Page:
        _pages[case_type, prefix] = page
        return page

    return publish


def _page_of(case: Case, duty: CaseDuty) -> Page | None:
    found = (page for (kind, prefix), page in _pages.items()
             if kind == case.type_key and duty.key.startswith(prefix))  # fmt: skip
    return next(found, None)


def is_answered_elsewhere(case: Case, duty: CaseDuty) -> bool:
    return _page_of(case, duty) is not None


def address(case: Case, duty: CaseDuty) -> str:
    """Where the applicant answers; empty where it is done, not open yet, or no longer due because the case is over."""
    if duty.done_on or not case.is_open:
        return ""
    page = _page_of(case, duty)
    return (page(case, duty) or "") if page else reverse("cases:own_duty", args=[case.pk, duty.pk])


def with_addresses(case: Case, rows: Iterable[CaseDuty]) -> list[tuple[CaseDuty, str]]:
    """Duties in the order in which they are due, each with where it is answered. Of those that share a page only the first
    that is not done can be open, so only that one is asked about."""
    found, asked = [], set()
    for duty in rows:
        page = _page_of(case, duty)
        waits = page is not None and page in asked
        if page is not None and not duty.done_on:
            asked.add(page)
        found.append((duty, "" if waits else address(case, duty)))
    return found
