# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""A case as one archive for the municipality's own records, the gate of archiving, and deletion after it.

What goes into the archive is said in `case_archive.py` of each room (see `cases.archive`); the file is put together here.
"""

from __future__ import annotations

import io
import json
import re
import zipfile
from datetime import date

from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from brobygger.accounts import audit
from brobygger.accounts.models import Role, User
from brobygger.base.moments import day_in_figures
from brobygger.cases import archive as registry
from brobygger.cases.errors import BadValues, NotArchived, NotYours
from brobygger.cases.models import Case, CaseDocument, CaseEvent
from brobygger.cases.services.archive_file import as_pdf, as_records
from brobygger.cases.services.derive import locked, record, require_officer
from brobygger.cases.services.removing import remove_case


@transaction.atomic
def export(case: Case, *, user: User) -> bytes:
    """The case as a zip: `sag.pdf` (PDF/A), `sag.json` (every record, with names beside the keys), `opskrift.yaml` (the
    definition it ran on), the documents with all their versions, and what each room adds. The case is locked meanwhile: what
    is written later is known to be missing. Recorded in the audit trail. Raises NotYours, Conflicted, NotArchived, Partial."""
    stored = locked(case)
    require_officer(user, stored)
    _must_be_whole()
    documents = list(stored.documents.filter(removed_at=None).order_by("pk"))
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("sag.pdf", as_pdf(stored, documents, user=user))
        records = as_records(stored, user)
        packed.writestr("sag.json", json.dumps(records, ensure_ascii=False, indent=1, cls=DjangoJSONEncoder))
        packed.writestr("opskrift.yaml", stored.definition.text)
        for document in documents:
            if not document.is_held_back:
                packed.write(document.file.path, f"dokumenter/{_name(document)}")
        for held in registry.declared():
            for path, content in held.files(stored, user) if held.files else ():
                packed.writestr(path, content)
    Case.objects.filter(pk=stored.pk).update(exported_at=timezone.now())
    audit.record("case_exported", user=user, operator=stored.operator, about=str(stored)[:200])
    return out.getvalue()


def _must_be_whole() -> None:
    """Fails closed: nothing is archived or deleted while some record of a case has no place in the archive. Raises NotArchived."""
    if unknown := registry.undeclared():
        raise NotArchived(
            _(
                "Arkivfilen kan ikke laves: Brobygger ved ikke, hvad der skal med fra %(names)s. Sig det til jeres leverandør."
            )
            % {"names": ", ".join(unknown)}
        )


def _name(document: CaseDocument) -> str:
    """`17_v2_budget.xlsx`: no two alike, and nothing that a file system stumbles on."""
    plain = re.sub(r"[^\w.\- ]", "_", document.name)
    return f"{document.pk}_v{document.number}_{plain}"


@transaction.atomic
def archive(case: Case, *, reference: str, user: User, expected: int) -> Case:
    """Note that the municipality's own records have received the case, under their reference. A case that is not over cannot
    pass the gate. Raises NotYours, Conflicted, NotArchived, BadValues, EditedMeanwhile."""
    stored = locked(case, expected)
    require_officer(user, stored)
    if stored.is_open:
        raise NotArchived(_("Sagen er ikke afsluttet endnu."))
    _must_be_fetched(stored)
    reference = " ".join(reference.split())
    if not reference:
        raise BadValues({"reference": _("Skriv arkivets journalnummer.")})
    stored.archived_at = timezone.now()
    record(stored, CaseEvent.Kind.ARCHIVED, user=user, text=reference[:200])
    audit.record(
        "case_archived",
        user=user,
        operator=stored.operator,
        about=str(stored)[:200],
        reference=reference[:200],
    )
    return stored


def _must_be_fetched(case: Case) -> None:
    """The file that is handed over holds all of the case. Raises NotArchived."""
    if case.documents.filter(state=CaseDocument.State.QUARANTINE, removed_at=None).exists():
        raise NotArchived(_("Et dokument venter på virusscanning og er ikke med i arkivfilen endnu."))
    if case.exported_at is None:
        raise NotArchived(_("Hent arkivfilen først: det er den, arkivet skal have."))
    later = case.events.filter(recorded_at__gt=case.exported_at).exclude(kind=CaseEvent.Kind.ARCHIVED)
    if later.exists():
        raise NotArchived(
            _("Der er skrevet i sagen, efter at arkivfilen blev hentet. Hent den igen, og aflever den nye.")
        )


def kept_until(case: Case) -> date | None:
    """The first day on which the case may be deleted; None while it is open."""
    if case.closed_on is None:
        return None
    years = case.type.retention.years
    try:
        return case.closed_on.replace(year=case.closed_on.year + years)
    except ValueError:  # 29 February
        return case.closed_on.replace(year=case.closed_on.year + years, day=28)


@transaction.atomic
def delete(case: Case, *, user: User) -> None:
    """Delete a case with everything in it, when its time is over and, where the definition says so, it has been archived. That
    it was, and by whom, stays in the audit trail. Heads alone: an administrator gives access, and reads no cases. Raises
    NotYours, Conflicted, NotArchived."""
    stored = locked(case)
    if Role.HEAD not in user.roles.get(stored.operator_id, frozenset()):
        raise NotYours
    require_officer(user, stored)
    until = kept_until(stored)
    if until is None:
        raise NotArchived(_("Sagen er ikke afsluttet endnu."))
    if until > timezone.localdate():
        raise NotArchived(_("Sagen skal gemmes til den %(day)s.") % {"day": day_in_figures(until)})
    if stored.type.retention.archive_first and stored.archived_at is None:
        raise NotArchived(_("Sagen skal afleveres til kommunens arkiv, før den kan slettes."))
    _must_be_whole()
    if stored.type.retention.archive_first:
        _must_be_archived_as_it_is(stored)
    remove_case(stored, user=user, action="case_deleted", archived=str(stored.archived_at or ""))


def _must_be_archived_as_it_is(case: Case) -> None:
    """Nothing was written after the file that the archive has. Raises NotArchived."""
    _must_be_fetched(case)
    if case.exported_at and case.archived_at and case.exported_at > case.archived_at:
        raise NotArchived(_("Arkivfilen er hentet igen. Noter, at den nye er afleveret, før sagen slettes."))
