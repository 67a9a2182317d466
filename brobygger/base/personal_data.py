# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Everything held about a person, found by the data model itself, so that no room's new record is forgotten.

Every record of ours that points at the person (or at the account the person signs in with) is held about the person,
and so is the history of those records, and what is kept by e-mail address alone. What others have written of the person
in free text elsewhere cannot be found by a machine; whoever hands the file over looks for that.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.apps import apps
from django.db import models
from django.db.models import Q
from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from brobygger.base.danish import number
from brobygger.base.history import WHAT

OURS = "brobygger."
SIGN_IN = {"account.emailaddress", "mfa.authenticator", "socialaccount.socialaccount", "axes.accessattempt",
           "axes.accesslog", "axes.accessfailurelog"}  # fmt: skip
"""Records of the packages for signing in that are about a person, and not merely a key on its way."""
SECRET = {
    "password",
    "token",
    "secret",
    "calendar_token",
    "data",
    "session_hash",
    "extra_data",
    "get_data",
    "post_data",
}
"""Fields that let somebody in, or that only a machine reads."""
SILENT = {"version", "cvr_digest", "sort_name", "headers", "attachments"}
BY_ADDRESS = ("email", "username", "reply_to")
LISTS_OF_ADDRESSES = ("to",)
FARTHEST = 4
"""So many steps from a record to the office it belongs to."""


@dataclass(frozen=True, slots=True)
class Section:
    """Records of one kind that concern the person in one way. Each row: what a field is called → what stands there."""

    title: str
    key: str
    rows: list[dict[str, str]]


def held_about(
    people: Sequence[models.Model], addresses: Collection[str], operator: models.Model
) -> list[Section]:
    """What the operator holds. `people`: the person's own records (contact, account). What belongs to another operator
    is left out; what belongs to none, such as the account, is there."""
    sections = [Section(_heading(type(one)), one._meta.label_lower, [_row(one)]) for one in people]
    known = {(type(one), one.pk) for one in people}
    kinds = {type(one) for one in people}
    for model in _models():
        found = (
            record
            for record in _records(model, people, addresses, operator)
            if (model, record.pk) not in known
        )
        row = _row if _is_about(model, kinds) else _trace
        rows = [row(record) for record in found]
        if rows:
            sections.append(Section(_heading(model), model._meta.label_lower, rows))
    return sections


def _models() -> Iterator[type[models.Model]]:
    for model in apps.get_models():
        ours = model.__module__.startswith(OURS)
        if (ours or model._meta.label_lower in SIGN_IN) and model._meta.managed:
            yield model


def _records(
    model: type[models.Model],
    people: Sequence[models.Model],
    addresses: Collection[str],
    operator: models.Model,
) -> Iterator[models.Model]:
    """The model's records that point at the person or carry one of the addresses, the newest last."""
    wanted = Q()
    for relation in relations_to(model, {type(one) for one in people}):
        keys = [one.pk for one in people if isinstance(one, relation.related_model)]
        wanted |= Q(**{f"{relation.name}__in": keys})
    for one in people:
        if _is_history_of(model, type(one)):
            wanted |= Q(id=one.pk)
    for name in _address_fields(model):
        for address in addresses:
            wanted |= Q(**{f"{name}__iexact": address})
    written_to = [name for name in LISTS_OF_ADDRESSES if _has(model, name)]
    for name in written_to:
        for address in addresses:
            wanted |= Q(**{f"{name}__icontains": address})
    if not wanted:
        return
    path = path_to(model, type(operator))
    scope = Q(**{path: operator.pk}) if path else Q()
    keys = [field.name for field in model._meta.concrete_fields if isinstance(field, models.ForeignKey)]
    found = model._default_manager.filter(wanted, scope).select_related(*keys).order_by("pk").distinct()
    yield from found.iterator(chunk_size=500)


def relations_to(model: type[models.Model], kinds: Collection[type[models.Model]]) -> list[Any]:
    """The model's foreign keys and lists that may point at the person."""
    fields = [*model._meta.get_fields(include_hidden=False)]
    return [
        field
        for field in fields
        if isinstance(field, models.ForeignKey | models.ManyToManyField) and field.related_model in kinds
    ]


def path_to(model: type[models.Model], wanted: type[models.Model]) -> str:
    """The shortest way by foreign keys from a record to the operator it belongs to, as a lookup; empty where none."""
    waiting: deque[tuple[type[models.Model], tuple[str, ...]]] = deque([(model, ())])
    seen = {model}
    while waiting:
        here, way = waiting.popleft()
        for field in here._meta.get_fields():
            if not isinstance(field, models.ForeignKey) or field.name in {"history_user", "user"}:
                continue
            target: Any = field.related_model
            if target is wanted:
                return "__".join((*way, field.name))
            if target not in seen and len(way) < FARTHEST:
                seen.add(target)
                waiting.append((target, (*way, field.name)))
    return ""


def _is_history_of(model: type[models.Model], other: type[models.Model]) -> bool:
    return getattr(model, "instance_type", None) is other


def _has(model: type[models.Model], name: str) -> bool:
    return any(field.name == name for field in model._meta.get_fields())


def _address_fields(model: type[models.Model]) -> list[str]:
    """Fields of addresses in records that no account or contact stands behind: invitations, letters, failed sign-ins."""
    if model._meta.label_lower.startswith("register."):
        return []  # a firm's own address is the firm's, and people are found by their own record
    return [name for name in BY_ADDRESS if _has(model, name)]


def _is_about(model: type[models.Model], kinds: Collection[type[models.Model]]) -> bool:
    """Whether all of a record is held about the person. Of the history of other things, only that they changed it."""
    of: Any = getattr(model, "instance_type", None)
    if of is None or of in kinds:
        return True
    return any(
        isinstance(field, models.ForeignKey) and field.remote_field.on_delete is models.CASCADE
        for field in relations_to(of, kinds)
    )


def _trace(record: Any) -> dict[str, str]:
    """That the person changed something: when, what was done, to what."""
    return {**_event(record), _("hvad"): str(record.instance)}


def _event(record: Any) -> dict[str, str]:
    """The head of a line of history: when, by whom, and what was done."""
    when = formats.date_format(timezone.localtime(record.history_date), "SHORT_DATETIME_FORMAT")
    by = str(record.history_user) if record.history_user else _("Systemet")
    return {_("hvornår"): str(when), _("hvem"): by, _("handling"): _(WHAT[record.history_type])}


_HEADINGS = {
    "accounts.membership": gettext_lazy("adgang"),
    "accounts.invitation": gettext_lazy("invitation til Brobygger"),
    "accounts.auditentry": gettext_lazy("i revisionssporet"),
    "base.letter": gettext_lazy("brev"),
    "base.job": gettext_lazy("arbejde i baggrunden"),
    "market.matchnote": gettext_lazy("note om et match"),
    "mfa.authenticator": gettext_lazy("to-faktor-login"),
    "account.emailaddress": gettext_lazy("e-mailadresse til at logge ind med"),
    "axes.accessattempt": gettext_lazy("mislykkede forsøg på at logge ind"),
    "axes.accessfailurelog": gettext_lazy("mislykkede forsøg på at logge ind, log"),
    "axes.accesslog": gettext_lazy("har logget ind"),
}
"""What records are called that have no Danish name of their own on any page."""


def _heading(model: Any) -> str:
    of = getattr(model, "instance_type", None)
    if of is not None:
        return _("Historik: %(what)s") % {"what": _name(of)}
    name = _name(model)
    return f"{name[:1].upper()}{name[1:]}"


def _name(model: type[models.Model]) -> str:
    return str(_HEADINGS.get(model._meta.label_lower, model._meta.verbose_name))


def _row(record: models.Model) -> dict[str, str]:
    is_history = hasattr(record, "instance_type")
    shown = _event(record) if is_history else {}
    for field in record._meta.concrete_fields:
        if field.name in SECRET | SILENT or field.primary_key:
            continue
        if is_history and (field.name == "id" or field.name.startswith("history_")):
            continue
        words = _shown(record, field)
        if words:
            label = _label(field)
            shown[label if label not in shown else f"{label} ({field.name})"] = words
    return shown


def _label(field: Any) -> str:
    """The field's name on screen; a pointer without one is called what it points at."""
    unnamed = str(field.verbose_name) == field.name.replace("_", " ")
    if unnamed and isinstance(field, models.ForeignKey):
        return str(field.related_model._meta.verbose_name)
    return str(field.verbose_name)


def _shown(record: models.Model, field: Any) -> str:
    if isinstance(field, models.ForeignKey):
        related = getattr(record, field.name, None) if getattr(record, field.attname) is not None else None
        return str(related) if related is not None else ""
    value = getattr(record, field.attname)
    if value is None or value == "" or value == [] or value == {}:
        return ""
    if field.choices:
        return str(dict(field.flatchoices).get(value, value))
    if isinstance(value, bool):
        return _("ja") if value else _("nej")
    if isinstance(value, datetime):
        return str(formats.date_format(timezone.localtime(value), "SHORT_DATETIME_FORMAT"))
    if isinstance(value, date):
        return str(formats.date_format(value, "SHORT_DATE_FORMAT"))
    if isinstance(value, int | float) and not isinstance(field, models.AutoField):
        return number(value)
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return str(value)
