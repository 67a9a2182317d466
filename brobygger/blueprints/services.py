# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Taking a definition into use, and out of it."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from brobygger.accounts import audit
from brobygger.accounts.models import Operator, Role, User
from brobygger.blueprints import kinds
from brobygger.blueprints.errors import AdoptedMeanwhile, BadDefinition, Fault, KeyTaken, MayNotAdopt
from brobygger.blueprints.kinds import Blueprint
from brobygger.blueprints.models import Definition
from brobygger.blueprints.queries import newest_version, shipped_one, shipped_text
from brobygger.blueprints.reading import read

MAY_ADOPT = frozenset({Role.HEAD, Role.ADMIN})


@transaction.atomic
def adopt(operator: Operator, kind: str, text: str, *, user: User | None, file: str = "") -> Definition:
    """Take a definition into use as the newest version of its key; the same content again is the version that stands.

    `user` None is the system itself (the demo, a command). Raises BadDefinition with every fault, MayNotAdopt.
    """
    _must_decide(operator, user)
    content = read(text, kinds.get(kind).schema, file or f"{kind}.yaml")
    _lock(operator)
    return _store(operator, kind, content, text, user, newest_version(operator, kind, content.key))


@transaction.atomic
def write(
    operator: Operator, kind: str, text: str, *, user: User, key: str = "", opened: int = 0
) -> Definition:
    """Take one's own text into use: a new definition (no `key`), or the next version of the one with that key.

    `opened` is the newest version when the person began to write, 0 when there was none. Raises BadDefinition,
    MayNotAdopt, AdoptedMeanwhile, KeyTaken.
    """
    _must_decide(operator, user)
    file = f"{key or kind}.yaml"
    content = read(text, kinds.get(kind).schema, file)
    if key and content.key != key:
        what = _("Nøglen skal blive ved med at være »%(key)s«. Med en anden nøgle er det en ny opskrift.")
        raise BadDefinition(file, [Fault(_line_of_key(text), "key", what % {"key": key})])
    _lock(operator)
    newest = newest_version(operator, kind, content.key)
    if newest and not key:
        raise KeyTaken(content.key)
    if newest and newest.version != opened:
        raise AdoptedMeanwhile(newest)
    return _store(operator, kind, content, text, user, newest)


def _lock(operator: Operator) -> None:
    """Two at once get two versions."""
    Operator.objects.select_for_update().get(pk=operator.pk)


def _line_of_key(text: str) -> int:
    lines = text.splitlines()
    return next((number for number, line in enumerate(lines, 1) if line.startswith("key:")), 1)


def _store(
    operator: Operator, kind: str, content: Blueprint, text: str, user: User | None, newest: Definition | None
) -> Definition:
    body = content.model_dump(mode="json")
    if newest and newest.body == body and newest.is_current:
        return newest
    Definition.objects.filter(operator=operator, kind=kind, key=content.key, is_current=True).update(
        is_current=False
    )
    adopted = Definition.objects.create(
        operator=operator,
        kind=kind,
        key=content.key,
        version=newest.version + 1 if newest else 1,
        title=content.title,
        body=body,
        text=text,
        as_delivered=bool((one := shipped_one(kind, content.key)) and one.content == content),
        adopted_by=user,
    )
    audit.record(
        "definition_adopted",
        user=user,
        operator=operator,
        about=f"{content.title}, version {adopted.version}"[:200],
    )
    return adopted


def adopt_shipped(operator: Operator, kind: str, key: str, *, user: User | None) -> Definition:
    """Take a delivered definition into use. Raises NotShipped, BadDefinition, MayNotAdopt."""
    return adopt(operator, kind, shipped_text(kind, key), user=user, file=f"{key}.yaml")


@transaction.atomic
def retire(definition: Definition, *, user: User) -> None:
    """Nothing new begins with it any more; what runs goes on. Raises MayNotAdopt."""
    _must_decide(definition.operator, user)
    changed = Definition.objects.filter(pk=definition.pk, is_current=True).update(is_current=False)
    if changed:
        definition.is_current = False
        audit.record(
            "definition_retired", user=user, operator=definition.operator, about=str(definition)[:200]
        )


def _must_decide(operator: Operator, user: User | None) -> None:
    if user is not None and not user.roles.get(operator.pk, frozenset()) & MAY_ADOPT:
        raise MayNotAdopt
