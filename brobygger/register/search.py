# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""What an organisation can be found by."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import Any

from django.utils.translation import get_language

from brobygger.base import search
from brobygger.knowledge.company_forms import company_form
from brobygger.knowledge.geography import municipality
from brobygger.knowledge.industries import industry_title
from brobygger.knowledge.industry_words import everyday_words
from brobygger.register.models import Affiliation, Establishment, Organisation
from brobygger.register.trade_words import trade_words

KIND = "organisation"
_FIELDS = (
    "pk",
    "operator_id",
    "name",
    "kind",
    "cvr",
    "form_code",
    "industry",
    "street",
    "postal_code",
    "city",
    "municipality_code",
    "phone",
    "website",
    "description",
)


def scope_of(operator_id: int) -> str:
    """Organisations are found by their own operator's people only."""
    return str(operator_id)


def index(organisations: Iterable[Any], progress: Any = None) -> int:
    """Bring the search index up to date for these organisations (or primary keys), a few or a million."""
    return search.index(KIND, organisations, progress)


def documents(keys: Sequence[int]) -> Iterator[search.Document]:
    """What can be found of each organisation. Four queries, however many."""
    sites = _sites(keys)
    tags = _grouped(
        Organisation.tags.through.objects.filter(organisation_id__in=keys).values_list(
            "organisation_id", "tag__name"
        )
    )
    people = _grouped(
        Affiliation.objects.filter(organisation_id__in=keys, ended_on=None).values_list(
            "organisation_id", "person__name"
        )
    )
    for row in Organisation.objects.filter(pk__in=keys).order_by().values(*_FIELDS):
        pk = row["pk"]
        yield search.Document(
            pk=pk,
            scope=scope_of(row["operator_id"]),
            name=row["name"],
            facts=" \n ".join(part for part in (*_facts(row), *sites[pk], *tags[pk]) if part),
            body=" \n ".join(
                part
                for part in (
                    row["street"],
                    *people[pk],
                    row["phone"],
                    row["website"],
                    row["description"],
                    *everyday_words(row["industry"]),
                )
                if part
            ),
            under=trade_words(row["industry"]),
        )


def _facts(row: dict[str, Any]) -> list[str]:
    form = company_form(row["form_code"]) if row["form_code"] else None
    place = municipality(row["municipality_code"]) if row["municipality_code"] else None
    return [
        row["cvr"] or "",
        row["industry"],
        (industry_title(row["industry"]) or "") if row["industry"] else "",
        row["postal_code"],
        row["city"],
        place.name if place else "",
        form.name if form else "",
        _kind_word(row["kind"], get_language()),
    ]


@lru_cache(maxsize=64)
def _kind_word(kind: str, language: str | None) -> str:
    """What the kind is called, in the language of whoever writes."""
    return str(Organisation.Kind(kind).label) if kind in Organisation.Kind.values else ""


def _sites(keys: Sequence[int]) -> dict[int, list[str]]:
    """Names, P-numbers and towns of the places of work; of one that is closed its number, as it stands in old papers."""
    found: dict[int, list[str]] = defaultdict(list)
    rows = Establishment.objects.filter(organisation_id__in=keys).order_by("pk")
    columns = ("organisation_id", "ended_on", "p_number", "name", "postal_code", "city")
    for key, ended, number, *texts in rows.values_list(*columns):
        found[key] += [text for text in (number, *(() if ended else texts)) if text]
    return found


def _grouped(rows: Iterable[tuple[int, str]]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = defaultdict(list)
    for key, text in rows:
        found[key].append(text)
    return found
