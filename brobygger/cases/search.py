# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""What of a case can be searched, and by whom: its office. Who is partial is left out by the list itself."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from brobygger.base import search
from brobygger.cases.models import Case, CaseParty

KIND = "case"


def scope_of(operator_id: int) -> str:
    return str(operator_id)


def documents(pks: Sequence[Any]) -> Iterable[search.Document]:
    """The documents of those that exist. Two queries, however many."""
    parties: dict[int, list[str]] = defaultdict(list)
    rows = CaseParty.objects.filter(case_id__in=pks, ended_at=None).select_related("organisation", "person")
    for party in rows:
        parties[party.case_id].append(str(party.organisation or party.person or party.name))
    for case in Case.objects.filter(pk__in=pks).order_by():
        texts = [str(value) for value in case.values.values() if isinstance(value, str)]
        yield search.Document(
            pk=case.pk,
            scope=scope_of(case.operator_id),
            name=f"{case.title} {case.number}",
            facts=" \n ".join((case.external_ref, *parties[case.pk])),
            body=" \n ".join(texts),
        )


search.register(search.Kind(KIND, model=Case, build=documents))
