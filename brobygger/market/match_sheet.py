# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Matches as rows of a workbook, with what the person who asks may see."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db.models import Count, Max, QuerySet, Sum
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from brobygger.market.models import Delivery, Match
from brobygger.market.wording import type_name

MOST = 20_000
"""Rows of a workbook; an office that has more filters its list first."""

_BOTH: list[tuple[Any, Callable[[Any, dict[str, Any]], Any]]] = [
    (gettext_lazy("Giver"), lambda match, moved: match.giver.name),
    (gettext_lazy("Modtager"), lambda match, moved: match.taker.name),
    (gettext_lazy("Hvad"), lambda match, moved: type_name(match.have.resource_type) or match.have.title),
    (gettext_lazy("Slags"), lambda match, moved: match.have.get_kind_display()),
    (gettext_lazy("Hvor langt"), lambda match, moved: match.get_stage_display()),
    (gettext_lazy("Siden"), lambda match, moved: timezone.localdate(match.stage_at)),
    (gettext_lazy("Oprettet"), lambda match, moved: timezone.localdate(match.created_at)),
    (gettext_lazy("Leverancer"), lambda match, moved: moved.get("count", 0)),
    (gettext_lazy("Tons"), lambda match, moved: moved.get("tonnes_sum")),
    (gettext_lazy("Seneste leverance"), lambda match, moved: moved.get("latest")),
]
_OFFICE: list[tuple[Any, Callable[[Any, dict[str, Any]], Any]]] = [
    (gettext_lazy("Konsulent"), lambda match, moved: str(match.consultant or "")),
    (gettext_lazy("Følg op"), lambda match, moved: match.follow_up_on),
    (gettext_lazy("Om hvad"), lambda match, moved: match.follow_up_about),
    (gettext_lazy("Hvorfor ikke"), lambda match, moved: match.get_why_not_display()),
    (gettext_lazy("Bemærkning"), lambda match, moved: match.why_not_note),
    (
        gettext_lazy("Fortrolig"),
        lambda match, moved: (
            _("ja") if match.have.is_confidential or (match.need and match.need.is_confidential) else _("nej")
        ),
    ),
]


def match_sheet(matches: QuerySet[Match], *, office: bool) -> tuple[list[Any], list[list[Any]]]:
    """Headings and rows. The office's own columns are only for the office."""
    rows = list(matches[:MOST])
    moved = _moved(matches)
    columns = _BOTH + (_OFFICE if office else [])
    table = [[read(match, moved.get(match.pk, {})) for _title, read in columns] for match in rows]
    return [title for title, _read in columns], table


def _moved(matches: QuerySet[Match]) -> dict[Any, dict[str, Any]]:
    sums = (
        Delivery.objects.filter(agreement__match__in=matches.order_by().values("pk"))
        .order_by()
        .values("agreement__match_id")
        .annotate(count=Count("pk"), tonnes_sum=Sum("tonnes"), latest=Max("on"))
    )
    return {row["agreement__match_id"]: dict(row) for row in sums}
