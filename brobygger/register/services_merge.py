# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Laying two organisations together, and undoing it. See `register.merging` for what becomes of what points at them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from brobygger.accounts import audit
from brobygger.accounts.models import User
from brobygger.base import search as index
from brobygger.base.danish import join
from brobygger.base.versions import claim
from brobygger.register import search
from brobygger.register.errors import MergeRefused, NotAllowed, UndoRefused
from brobygger.register.merging import Journal, undeclared
from brobygger.register.merging.carry import carry, mend, what_is_left
from brobygger.register.merging.journal import StillPointedAt
from brobygger.register.merging.preview import moving
from brobygger.register.merging.undoing import PutBack, look_through, put_back
from brobygger.register.merging.values import values_of
from brobygger.register.models import Merge, Organisation
from brobygger.register.signals import organisations_merged


@transaction.atomic
def merge(
    kept: Organisation,
    gone: Organisation,
    *,
    chosen: Mapping[str, str],
    expected: tuple[int, int],
    user: User,
) -> Merge:
    """Lay `gone` into `kept`: everything that points at it moves, and old links to it lead to `kept`.

    `chosen`: choice of `merging.values.CHOICES` → "kept" or "gone". `expected`: the versions of the two that the person
    saw. Raises EditedMeanwhile, MergeRefused, NotAllowed; then nothing has happened.
    """
    kept, gone = _locked(kept, gone)
    if not (user.is_staff_of(kept.operator_id) and user.is_staff_of(gone.operator_id)):
        raise NotAllowed
    if reason := why_not(kept, gone):
        raise MergeRefused(reason)
    claim(kept, expected[0])
    claim(gone, expected[1])
    record = Merge.objects.create(
        operator=kept.operator, kept=kept, kept_pk=kept.pk, kept_name=kept.name,
        gone_pk=gone.pk, gone_name=gone.name, gone_cvr=gone.cvr or "",
        moved=[[line.what, line.count] for line in moving(gone)], by=user,
    )  # fmt: skip
    values = values_of(kept, gone, chosen)
    journal = Journal(record, gone.pk, user)
    try:
        carry(journal, kept, gone)
        if left := what_is_left(gone):
            raise MergeRefused(_unknown(left))
        gone._history_user = user  # type: ignore[attr-defined]
        journal.remove(gone)
        journal.change_one(kept, values)
        mend(journal, kept)
        moved = {model: set(keys) for model, keys in journal.touched.items()}
        journal.write()
    except StillPointedAt as error:
        raise MergeRefused(_unknown([str(error)])) from error
    except IntegrityError as error:
        raise MergeRefused(
            _("De to har noget, der ikke kan stå på den samme: %(what)s") % {"what": error}
        ) from error
    _tell(kept, record.gone_pk, moved)
    audit.record(
        "organisations_merged", user=user, operator=kept.operator, about=str(record), merge=record.pk,
        kept=kept.pk, gone=record.gone_pk,
    )  # fmt: skip
    return record


def why_not(kept: Organisation, gone: Organisation) -> str:
    """Why the two cannot be laid together, in Danish; empty when they can."""
    if kept.pk == gone.pk:
        return _("Vælg to forskellige virksomheder.")
    if kept.operator_id != gone.operator_id:
        return _("De to hører til hvert sit erhvervskontor. De kan ikke lægges sammen.")
    if kept.cvr and gone.cvr and kept.cvr != gone.cvr and kept.is_active and gone.is_active:
        return _(
            "De to har hvert sit CVR-nummer (%(first)s og %(second)s) og er begge aktive. Så er de to virksomheder. "
            "Er den ene ophørt, så markér den som ophørt først."
        ) % {"first": kept.cvr, "second": gone.cvr}
    if unknown := undeclared():
        return _unknown([str(relation) for relation in unknown])
    if _has_work_waiting(gone):
        return _("Der er arbejde i kø om %(name)s. Prøv igen om lidt.") % {"name": gone.name}
    return ""


def _unknown(names: list[str]) -> str:
    return _(
        "Brobygger ved ikke, hvad der skal ske med noget, der hører til virksomheden: %(names)s. "
        "Derfor er intet lagt sammen. Giv beskeden videre til jeres driftsansvarlige."
    ) % {"names": join(names[:10])}


def _has_work_waiting(gone: Organisation) -> bool:
    """Whether a job in the queue names the organisation in its arguments."""
    waiting = DBTaskResult.objects.filter(status__in=[TaskResultStatus.READY, TaskResultStatus.RUNNING])
    for held in waiting.values_list("args_kwargs", flat=True).iterator():
        for name, value in held.get("kwargs", {}).items():
            named = value if isinstance(value, list) else [value]
            if ("organisation" in name or "firm" in name) and gone.pk in named:
                return True
    return False


def _locked(kept: Organisation, gone: Organisation) -> tuple[Organisation, Organisation]:
    """Both, held until the transaction ends, always in the same order; whoever writes something about them waits."""
    rows = Organisation.objects.select_for_update(of=("self",)).select_related("operator")
    found = {row.pk: row for row in rows.filter(pk__in=[kept.pk, gone.pk]).order_by("pk")}
    if kept.pk not in found or gone.pk not in found:
        raise MergeRefused(_("En af de to er slettet eller allerede lagt sammen med en anden."))
    return found[kept.pk], found[gone.pk]


@transaction.atomic
def undo(record: Merge, *, expected: int, user: User) -> PutBack:
    """Separate the two again. What has been changed since stays as it is now. Raises EditedMeanwhile, UndoRefused, NotAllowed."""
    stored = Merge.objects.select_for_update(of=("self",)).select_related("operator").get(pk=record.pk)
    if not user.is_staff_of(stored.operator_id):
        raise NotAllowed
    if reason := why_not_undone(stored):
        raise UndoRefused(reason)
    claim(stored, expected)
    kept = Organisation.objects.select_for_update(of=("self",)).get(pk=stored.kept_pk)
    try:
        with transaction.atomic():
            found = put_back(stored, user)
            look_through(stored, found, user)
    except IntegrityError as error:
        raise UndoRefused(_("Noget nyt står i vejen: %(what)s") % {"what": error}) from error
    stored.undone_at, stored.undone_by = timezone.now(), user
    stored.save()
    kept.refresh_from_db()
    _tell(kept, stored.gone_pk, found.touched)
    audit.record(
        "merge_undone",
        user=user,
        operator=stored.operator,
        about=str(stored),
        merge=stored.pk,
        back=found.back,
    )
    return found


def why_not_undone(record: Merge) -> str:
    """Why a merge cannot be undone, in Danish; empty when it can."""
    if record.undone_at is not None:
        return _("Sammenlægningen er allerede fortrudt.")
    later = Merge.objects.standing().filter(gone_pk=record.kept_pk).first()
    if later is not None:
        return _("%(name)s er siden lagt sammen med %(other)s. Fortryd først det.") % {
            "name": record.kept_name, "other": later.kept_name,
        }  # fmt: skip
    if not Organisation.objects.filter(pk=record.kept_pk).exists():
        return _("Den virksomhed, der blev beholdt, er slettet siden.")
    if record.gone_cvr:
        taken = Organisation.objects.filter(operator_id=record.operator_id, cvr=record.gone_cvr)
        other = taken.exclude(pk=record.kept_pk).first()
        if other is not None:
            return _("CVR-nummeret %(cvr)s hører nu til %(name)s.") % {
                "cvr": record.gone_cvr,
                "name": other.name,
            }
    return ""


def _tell(kept: Organisation, other_pk: int, touched: Mapping[Any, set[Any]]) -> None:
    """The search index, and the rooms whose records follow: the two, and everything that moved between them."""
    search.index([kept.pk, other_pk])
    kinds = {kind.model: kind.key for kind in index.every()}
    for model, keys in touched.items():
        if model in kinds and model is not Organisation:
            index.index(kinds[model], sorted(keys, key=str))
    organisations_merged.send(Organisation, kept=kept, other_pk=other_pk, touched=touched)
