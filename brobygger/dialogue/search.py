# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""What of a talk can be searched, and by whom: the consultants and heads of its operator, nobody else."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from brobygger.base import search
from brobygger.dialogue.models import Interaction

KIND = "interaction"


def scope_of(operator_id: int) -> str:
    return str(operator_id)


def documents(pks: Sequence[Any]) -> Iterable[search.Document]:
    """The documents of those that exist. Three queries, however many."""
    firms: dict[int, list[str]] = defaultdict(list)
    links = Interaction.organisations.through.objects.filter(interaction_id__in=pks)
    for key, name in links.values_list("interaction_id", "organisation__name"):
        firms[key].append(name)
    people: dict[int, list[str]] = defaultdict(list)
    named = Interaction.people.through.objects.filter(interaction_id__in=pks)
    for key, name in named.values_list("interaction_id", "person__name"):
        people[key].append(name)
    for row in Interaction.objects.filter(pk__in=pks).order_by():
        yield search.Document(
            pk=row.pk,
            scope=scope_of(row.operator_id),
            name=row.text,
            facts=" \n ".join((*firms[row.pk], *people[row.pk], row.participants)),
            body=row.minutes,
        )


search.register(search.Kind(KIND, model=Interaction, build=documents))
