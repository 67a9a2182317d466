# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""A whole import taken back: what it made is deleted, what it changed is as it was, all of it or nothing.

Only while nothing has been built on it: nobody has corrected one of its records, and nothing but the import's own points at
them. What is merely worked out from records (proposed duplicates) is no obstacle. An importer that can be taken back tells
what it made through `Order.made`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from typing import Any

from django.apps import apps
from django.db import models, transaction
from django.db.models import ProtectedError, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from brobygger.accounts import audit
from brobygger.accounts.models import Role, User
from brobygger.base import search
from brobygger.base.danish import number
from brobygger.register import places
from brobygger.register.cvr import CHANGED_BY
from brobygger.register.imports import bulk
from brobygger.register.imports.errors import NotAllowed
from brobygger.register.imports.importers import Progress
from brobygger.register.merging import is_worked_out
from brobygger.register.merging.relations import is_history
from brobygger.register.models import (
    Affiliation,
    Establishment,
    ImportedKeys,
    ImportRun,
    Merge,
    Organisation,
)

BY_IMPORT, TAKEN_BACK = "Import", "Import taget tilbage"
"""Why a record changed, as its history says."""
_CHUNK = 500
Keys = dict[type[models.Model], set[Any]]


def is_offered(run: ImportRun, user: User) -> bool:
    """Whether the person may ask for it: who started the import, or the head, of an import that told what it made."""
    if run.dry_run or not run.is_over or run.taken_back_at or not run.made.exists():
        return False
    return user.pk == run.started_by_id or Role.HEAD in user.roles.get(run.operator_id, frozenset())


def in_the_way(run: ImportRun) -> list[str]:
    """What has been built on it, in words; empty when it can be taken back."""
    made, changed = _made(run), _changed(run)
    found = []
    for model, keys in made.items():
        found += _corrected(run, model, keys)
        found += _pointed_at(model, keys, made)
    gone = Merge.objects.standing().filter(gone_pk__in=made.get(Organisation, ())).count()
    if gone:
        found.append(_("Lagt sammen med andre: %(count)s virksomheder.") % {"count": number(gone)})
    for model, keys in changed.items():
        found += _changed_since(run, model, keys)
    return found


@transaction.atomic
def take_back(run: ImportRun, *, by: User, progress: Progress) -> int:
    """Do it. Returns how many records were deleted. Recorded. Raises NotAllowed with what is in the way."""
    stored = ImportRun.objects.select_for_update(of=("self",)).select_related("operator").get(pk=run.pk)
    if not is_offered(stored, by):
        raise NotAllowed(_("Importen kan ikke tages tilbage."))
    if obstacles := in_the_way(stored):
        raise NotAllowed(" ".join(obstacles))
    made, changed = _made(stored), _changed(stored)
    found_by_it = _firms_of(made) | _firms_of(changed)
    for model, keys in changed.items():
        _as_it_was(stored, model, keys, by)
    total, done = sum(map(len, made.values())), 0
    try:
        for model in _dependent_first(made):
            for chunk in _chunks(sorted(made[model])):
                _forget(model, chunk)
                done += len(chunk)
                progress(done, total, _("Tager importen tilbage"))
    except ProtectedError as error:
        raise NotAllowed(_("Noget andet bygger på importen nu.")) from error
    bulk.index(found_by_it)
    stored.taken_back_at, stored.taken_back_by = timezone.now(), by
    stored.save(update_fields=["taken_back_at", "taken_back_by"])
    audit.record("import_taken_back", user=by, operator=stored.operator, about=str(stored), rows=total)
    return total


def _made(run: ImportRun) -> Keys:
    return _keys(run, changed=False)


def _changed(run: ImportRun) -> Keys:
    made = _made(run)
    return {model: keys - made.get(model, set()) for model, keys in _keys(run, changed=True).items()}


def _keys(run: ImportRun, *, changed: bool) -> Keys:
    found: Keys = defaultdict(set)
    for row in run.made.filter(changed=changed):
        found[apps.get_model(row.model)].update(row.keys)
    return dict(found)


def _tags(run: ImportRun) -> Q:
    """Lines of history of the import's tags: without a person or a reason, while it went on."""
    return Q(history_change_reason=None, history_user=None) & _while_it_went_on(run)


def _while_it_went_on(run: ImportRun) -> Q:
    return Q(history_date__range=(run.started_at, run.finished_at or timezone.now()))


def _by_itself(run: ImportRun) -> Q:
    """Lines of history of what it made that nobody wrote: imports, their tags, and what CVR brought up to date."""
    return _tags(run) | Q(history_change_reason__in=[BY_IMPORT, CHANGED_BY])


def _its_own(run: ImportRun) -> Q:
    """Lines of history that this very import wrote."""
    return _tags(run) | (Q(history_change_reason=BY_IMPORT) & _while_it_went_on(run))


def _corrected(run: ImportRun, model: Any, keys: Collection[Any]) -> list[str]:
    """Those that somebody has changed since."""
    changed: set[Any] = set()
    for chunk in _chunks(sorted(keys)):
        rows = model.history.filter(id__in=chunk, history_type="~")
        changed.update(rows.exclude(_by_itself(run)).values_list("id", flat=True))
    count = len(changed)
    if not count:
        return []
    told = {"count": number(count), "what": model._meta.verbose_name_plural}
    return [_("Rettet siden: %(count)s %(what)s.") % told]


def _pointed_at(model: type[models.Model], keys: Collection[Any], made: Keys) -> list[str]:
    """What other records point at the import's."""
    found = []
    for other, field in pointing_at(model):
        if is_worked_out(other, field.name):
            continue
        count = 0
        for chunk in _chunks(sorted(keys)):
            rows = other._base_manager.filter(**{f"{field.name}__in": chunk})
            pointing = set(rows.values_list("pk", flat=True)) - made.get(other, set())
            count += len(pointing)
        if count:
            told = {"count": number(count), "what": other._meta.verbose_name_plural}
            found.append(_("Bygger på den: %(count)s %(what)s.") % told)
    return found


def pointing_at(model: type[models.Model]) -> Iterator[tuple[type[models.Model], Any]]:
    """(model, field) of every key and list that points at records of this model, those without a way back
    (`related_name="+"`) too; but history, and the tables in between of lists, which are seen as the list."""
    for relation in model._meta.get_fields(include_hidden=True):
        if not isinstance(relation, models.ForeignObjectRel):
            continue
        other: Any = relation.related_model
        if not other._meta.auto_created and not is_history(other):
            yield other, relation.field


def _changed_since(run: ImportRun, model: Any, keys: Collection[Any]) -> list[str]:
    """Those among the firms that were here before which are not as the import left them: changed later, by whatever it
    was, or by another import that was not over when this one began."""
    changed = _of_other_imports(run, model) & set(keys)
    for chunk in _chunks(sorted(keys)):
        rows = model.history.filter(id__in=chunk, history_date__gte=run.started_at)
        changed.update(rows.exclude(_its_own(run)).values_list("id", flat=True))
    count = len(changed)
    if not count:
        return []
    told = {"count": number(count), "what": model._meta.verbose_name_plural}
    return [_("Ændret siden: %(count)s %(what)s.") % told]


def _of_other_imports(run: ImportRun, model: type[models.Model]) -> set[Any]:
    """What imports that were not over when this one began made or changed. Their history looks like this one's."""
    others = ImportedKeys.objects.filter(run__operator=run.operator_id, model=model._meta.label_lower)
    late = Q(run__finished_at__gte=run.started_at) | Q(
        run__finished_at=None, run__started_at__gte=run.started_at
    )
    found: set[Any] = set()
    for keys in others.filter(late).exclude(run=run).values_list("keys", flat=True):
        found.update(keys)
    return found


def _as_it_was(run: ImportRun, model: Any, keys: Collection[Any], by: User) -> None:
    """The last that history knows from before the import, tags too."""
    for chunk in _chunks(sorted(keys)):
        before: dict[Any, Any] = {}
        rows = model.history.filter(id__in=chunk, history_date__lt=run.started_at)
        for row in rows.order_by("history_date", "history_id"):
            before[row.id] = row
        records = list(model._default_manager.filter(pk__in=[*before]))
        names = [
            field.name
            for field in model.history.model.tracked_fields
            if field.concrete and not field.primary_key
        ]
        for record in records:
            for name in names:
                field = model._meta.get_field(name)
                setattr(record, field.attname, getattr(before[record.pk], field.attname))
            if model is Organisation:
                held = before[record.pk].tags.values_list("tag_id", flat=True)
                record.tags.set([*held])
        places.locate_all(records)
        bulk.update(records, {*names, "x", "y"} - {"created_at"}, reason=TAKEN_BACK, by=by)
        if model is Organisation:
            bulk.index({record.pk for record in records})


_ORDER = ("register.affiliation", "register.person", "register.establishment", "register.organisation")


def _dependent_first(made: Keys) -> list[type[models.Model]]:
    """What points at firms before the firms."""
    return sorted(
        made,
        key=lambda model: _ORDER.index(model._meta.label_lower) if model._meta.label_lower in _ORDER else -1,
    )


def _firms_of(touched: Keys) -> set[int]:
    """The firms that are found by the places of work and the people among these."""
    found: set[int] = set()
    for model in (Establishment, Affiliation):
        for chunk in _chunks(sorted(touched.get(model, ()))):
            rows: Any = model._default_manager.filter(pk__in=chunk)
            found.update(rows.values_list("organisation_id", flat=True))
    return found


def _forget(model: Any, keys: Sequence[Any]) -> None:
    """The records, their history, and what the search knows of them."""
    model._default_manager.filter(pk__in=keys).delete()
    model.history.filter(id__in=keys).delete()
    for kind in search.kinds_of(model):
        search.remove(kind, keys)


def _chunks(keys: Sequence[Any]) -> Iterator[Sequence[Any]]:
    for start in range(0, len(keys), _CHUNK):
        yield keys[start : start + _CHUNK]


def remember(run: ImportRun, model: type[models.Model], keys: Collection[Any], *, changed: bool) -> None:
    """Keep what the import made or changed, in the transaction that did it."""
    if keys:
        ImportedKeys.objects.create(run=run, model=model._meta.label_lower, keys=list(keys), changed=changed)
