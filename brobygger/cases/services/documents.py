# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Documents of a case: added, replaced by a newer version, taken out. Nobody opens one that has not been scanned where
scanning is set up (`CASE_SCAN`), or in which something was found."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Iterable
from functools import partial
from pathlib import PurePath
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from brobygger.accounts import audit
from brobygger.accounts.models import User
from brobygger.base.danish import number
from brobygger.cases import rights
from brobygger.cases.definition import DocumentType
from brobygger.cases.definition.gates import APPLICANT, OFFICER
from brobygger.cases.errors import BadValues, Conflicted, DocumentRefused, NotYours
from brobygger.cases.models import Case, CaseDocument, CaseEvent
from brobygger.cases.services.anew import begins_anew
from brobygger.cases.services.derive import locked, record, require_officer, require_open
from brobygger.dialogue.attachments import Checked, checked_attachment

MOST = 200
"""Versions in one case."""


@transaction.atomic
def add(
    case: Case,
    upload: Any,
    *,
    kind: str,
    user: User | None,
    for_applicant: bool = False,
    replaces: CaseDocument | None = None,
) -> CaseDocument:
    """Keep a file in the case. `kind`: a document type of the definition, or "" for something else. `replaces`: it is a newer
    version of that document, and takes its kind. The applicant adds only what applicants may, a party what
    the definition lets it. Votes begin again where those who decide read it.

    Raises NotYours, Conflicted, CaseIsOver, DocumentRefused, AttachmentRefused, PhotoError, BadValues.
    """
    stored = locked(case)
    require_open(stored)
    if replaces:
        kind = replaces.kind
    sort = _sort(stored, kind)
    who = _adds_as(stored, sort, user)
    by_applicant = who == APPLICANT
    if replaces and who not in (OFFICER, APPLICANT):
        raise NotYours
    file = checked_attachment(upload)
    _fits(sort, file)
    if stored.documents.count() >= MOST:
        raise DocumentRefused(_("Der kan højst være %(most)s dokumenter i en sag.") % {"most": MOST})
    seen = by_applicant or (APPLICANT in sort.seen_by if sort else for_applicant)
    document = _keep(stored, file, kind, user, seen, sort, _older(stored, replaces, by_applicant))
    record(
        stored, CaseEvent.Kind.DOCUMENT, user=user, name=kind, text=document.name, for_applicant=seen,
        data={"document": document.pk, "version": document.number, **_anew(stored, document)},
    )  # fmt: skip
    return document


def _anew(case: Case, document: CaseDocument) -> dict[str, str]:
    """Those who decide have another document to read than when they voted. What the event tells of it."""
    if not begins_anew(case, document.seen_by):
        return {}
    return {"anew": _("Afstemningen begynder forfra, fordi sagens dokumenter er andre.")}


def _adds_as(case: Case, sort: DocumentType | None, user: User | None) -> str:
    """In which role the person adds it. Raises NotYours, Conflicted."""
    if user is None or rights.is_officer(user, case):
        return OFFICER
    if rights.is_applicant(user, case):
        if sort is not None and not sort.by_applicant:
            raise NotYours
        return APPLICANT
    held = rights.roles_of(user, case)
    for role in sort.by_parties if sort else ():
        if role in held:
            return role
    raise Conflicted if rights.has_conflict(user, case) else NotYours


def _sort(case: Case, kind: str) -> DocumentType | None:
    if not kind:
        return None
    sort = case.type.document(kind)
    if sort is None:
        raise BadValues({"kind": _("Dokumenttypen findes ikke i sagstypen.")})
    return sort


def _fits(sort: DocumentType | None, file: Checked) -> None:
    """Raises DocumentRefused on a file of another kind, or larger, than the definition takes."""
    if sort is None:
        return
    ending = PurePath(file.name).suffix.lower().lstrip(".").replace("jpeg", "jpg")
    if sort.endings and ending not in sort.endings:
        raise DocumentRefused(
            _("»%(name)s« skal være %(endings)s.")
            % {"name": sort.name, "endings": ", ".join(sort.endings).upper()}
        )
    if file.size > sort.most_mb * 1024 * 1024:
        raise DocumentRefused(
            _("Filen fylder %(size)s MB. »%(name)s« må højst fylde %(most)s MB.")
            % {"size": number(file.size / 1024**2, 1), "name": sort.name, "most": sort.most_mb}
        )


def _older(case: Case, replaces: CaseDocument | None, by_applicant: bool) -> CaseDocument | None:
    """The version that stands now of the document to be replaced. Raises NotYours on one that the applicant cannot see."""
    if replaces is None:
        return None
    newest = case.documents.filter(series=replaces.series).order_by("-number").first()
    if newest is None or (by_applicant and not newest.for_applicant):
        raise NotYours
    return newest


def _keep(
    case: Case, file: Checked, kind: str, user: User | None, seen: bool, sort: DocumentType | None, older: CaseDocument | None
) -> CaseDocument:  # fmt: skip
    digest = hashlib.sha256(file.content.read()).hexdigest()
    file.content.seek(0)
    if older:
        case.documents.filter(series=older.series).update(superseded=True)
    return CaseDocument.objects.create(
        case=case, kind=kind, series=older.series if older else uuid.uuid4(), number=older.number + 1 if older else 1,
        file=file.content, name=file.name, content_type=file.content_type, size=file.size, sha256=digest,
        for_applicant=seen, seen_by=_readers(sort), added_by=user,
    )  # fmt: skip


def _readers(sort: DocumentType | None) -> list[str]:
    """The parties that read documents of the sort: those named, and those who may add one."""
    return sorted({*sort.seen_by, *sort.by_parties} - {APPLICANT}) if sort else []


@transaction.atomic
def remove(document: CaseDocument, *, user: User, reason: str) -> None:
    """Take a document out, all its versions, as when it lies in the wrong case: the files are deleted, that they were there is
    not forgotten. Raises NotYours, Conflicted, CaseIsOver, BadValues."""
    stored = locked(document.case)
    require_officer(user, stored)
    require_open(stored)
    if not reason.strip():
        raise BadValues({"reason": _("Skriv hvorfor.")})
    versions = list(stored.documents.filter(series=document.series))
    stored.documents.filter(series=document.series).update(removed_at=timezone.now(), file="")
    record(
        stored, CaseEvent.Kind.DOCUMENT, user=user, name=document.kind, text=document.name, reason=reason[:1000],
        data={"document": document.pk, "removed": True, **_anew(stored, document)},
    )  # fmt: skip
    audit.record(
        "case_document_deleted",
        user=user,
        operator=stored.operator,
        about=f"{stored.number}: {document.name}",
    )
    delete_files(versions)


def delete_files(documents: Iterable[CaseDocument]) -> None:
    """Their files go once the transaction is final, and stay where it is rolled back."""
    for row in documents:
        if row.file.name:
            transaction.on_commit(partial(row.file.storage.delete, row.file.name))
