# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""What people do with talks: write one down, correct it, attach files, delete it.

Each function is one transaction that also keeps the search index right.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, time
from functools import partial
from typing import Any
from uuid import UUID

from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from brobygger.accounts import audit
from brobygger.accounts.models import Operator, User
from brobygger.base import search
from brobygger.base.danish import join
from brobygger.base.forms import clean_text
from brobygger.base.versions import claim
from brobygger.dialogue.attachments import MOST_FILES, Checked
from brobygger.dialogue.errors import BadValues, NotYourOffice, TooManyFiles
from brobygger.dialogue.models import Attachment, FollowUp, Interaction
from brobygger.dialogue.search import KIND
from brobygger.dialogue.services import follow_ups, visits
from brobygger.register.models import Organisation, Person

EARLIEST = date(1990, 1, 1)
MOST_ORGANISATIONS = 50
LONGEST = {"text": 20_000, "minutes": 50_000, "participants": 2_000}


@dataclass(frozen=True)
class Note:
    """What is written down about a talk. `by`: who from the office held it."""

    kind: str
    on: date
    by: User | None
    organisations: Sequence[Organisation]
    text: str
    clock: time | None = None
    people: Sequence[Person] = ()
    participants: str = ""
    minutes: str = ""
    private: bool = True


@dataclass(frozen=True)
class NextStep:
    """What is to be done after the talk, with each of its organisations' first."""

    due_on: date
    about: str
    assignee: User | None


def write(
    note: Note,
    *,
    user: User,
    next_step: NextStep | None = None,
    entry_key: UUID | None = None,
    invented: bool = False,
) -> Interaction:
    """Write a talk down, with its next step. `entry_key` of a form that was already saved gives the first talk back.

    Raises BadValues, NotYourOffice.
    """
    if entry_key and (first := _written_on(entry_key, user)):
        return first
    try:
        return _write(note, user, next_step, entry_key, invented)
    except IntegrityError:  # the same form at the same moment: the database let one of them in
        if entry_key and (first := _written_on(entry_key, user)):
            return first
        raise


def _written_on(entry_key: UUID, user: User) -> Interaction | None:
    return Interaction.objects.visible_to(user).filter(entry_key=entry_key).first()


@transaction.atomic
def _write(
    note: Note, user: User, next_step: NextStep | None, entry_key: UUID | None, invented: bool
) -> Interaction:
    note = checked(note, user)
    interaction = Interaction(operator=note.organisations[0].operator, entry_key=entry_key, invented=invented)
    _fill(interaction, note)
    interaction.save()
    _connect(interaction, note)
    _one_line_of_history(interaction)
    if next_step:
        follow_ups.plan(
            note.organisations[0],
            due_on=next_step.due_on,
            about=next_step.about,
            assignee=next_step.assignee,
            user=user,
            interaction=interaction,
        )
    visits.paid(interaction, note.organisations)
    search.index(KIND, [interaction])
    return interaction


@transaction.atomic
def correct(interaction: Interaction, note: Note, *, user: User, expected: int) -> Interaction:
    """Store what was corrected. Raises EditedMeanwhile, BadValues, NotYourOffice."""
    stored = Interaction.objects.get(pk=interaction.pk)
    claim(stored, expected)
    note = checked(note, user, operator=stored.operator, earlier_by=stored.by_id)
    _fill(stored, note)
    silent: Any = stored
    silent.skip_history_when_saving = True  # one line of history for the correction, links and all
    _connect(stored, note)
    del silent.skip_history_when_saving
    stored.save()
    visits.not_paid(stored, note.organisations, user=user)
    visits.paid(stored, note.organisations)
    search.index(KIND, [stored])
    return stored


@transaction.atomic
def delete(interaction: Interaction, *, user: User) -> None:
    """Delete a talk with its files and its history: it may have been deleted because of what it says about somebody.

    Its follow-ups stay, and planned visits that it settled are open again. That it was deleted, by whom, and which day and firms it was about, is in the audit trail.
    Raises NotYourOffice.
    """
    if not user.is_staff_of(interaction.operator_id):
        raise NotYourOffice
    stored = Interaction.objects.select_related("operator").get(pk=interaction.pk)
    files = [attachment.file.name for attachment in stored.attachments.all()]
    about, key = named(stored), stored.pk
    visits.not_paid(stored, user=user)
    stored.delete()
    Interaction.history.filter(id=key).delete()
    FollowUp.history.filter(interaction_id=key).update(interaction_id=None)
    search.remove(KIND, [key])
    audit.record("interaction_deleted", user=user, operator=stored.operator, about=about)
    _delete_files(files)


@transaction.atomic
def attach(interaction: Interaction, file: Checked, *, user: User) -> Attachment:
    """Attach a checked file. Raises NotYourOffice, TooManyFiles."""
    stored = Interaction.objects.select_for_update().get(pk=interaction.pk)
    if not user.is_staff_of(stored.operator_id):
        raise NotYourOffice
    if stored.attachments.count() >= MOST_FILES:
        raise TooManyFiles(MOST_FILES)
    attachment = Attachment(
        interaction=stored, name=file.name, content_type=file.content_type, size=file.size, added_by=user
    )
    attachment.file.save(str(file.content.name), file.content, save=False)
    attachment.save()
    return attachment


@transaction.atomic
def detach(attachment: Attachment, *, user: User) -> None:
    """Delete a file from a talk; that it was done is in the audit trail. Raises NotYourOffice."""
    interaction = attachment.interaction
    if not user.is_staff_of(interaction.operator_id):
        raise NotYourOffice
    about = f"{attachment.name}: {named(interaction)}"
    name = attachment.file.name
    attachment.delete()
    audit.record("attachment_deleted", user=user, operator=interaction.operator, about=about)
    _delete_files([name])


def named(interaction: Interaction) -> str:
    """`Besøg 12.11.2026, Herslev Bryghus`: enough to know which, without a word of what was said."""
    firms = join([organisation.name for organisation in interaction.organisations.all()[:3]])
    return f"{interaction}, {firms}"


def checked(
    note: Note, user: User, *, operator: Operator | None = None, earlier_by: int | None = None
) -> Note:
    """The note with clean texts and nothing twice. Raises BadValues, NotYourOffice."""
    organisations = list(dict.fromkeys(note.organisations))
    faults: dict[str, str] = {}
    if not organisations:
        raise BadValues({"organisations": _("Vælg virksomheden.")})
    owner = operator.pk if operator else organisations[0].operator_id
    if not user.is_staff_of(owner) or any(found.operator_id != owner for found in organisations):
        raise NotYourOffice
    if len(organisations) > MOST_ORGANISATIONS:
        faults["organisations"] = _("Der kan højst være %(most)s virksomheder.") % {
            "most": MOST_ORGANISATIONS
        }
    texts: dict[str, Any] = {name: clean_text(getattr(note, name)) for name in LONGEST}
    note = replace(note, organisations=organisations, **texts)
    people = list(dict.fromkeys(note.people))
    if any(person.operator_id != owner for person in people):
        raise NotYourOffice
    if not note.text:
        faults["text"] = _("Skriv, hvad I talte om.")
    for name, most in LONGEST.items():
        if len(getattr(note, name)) > most:
            faults[name] = _("Teksten er for lang. Der er plads til %(most)s tegn.") % {"most": most}
    if note.kind not in Interaction.Kind.values:
        faults["kind"] = _("Vælg, hvad det var.")
    if not EARLIEST <= note.on <= timezone.localdate():
        faults["on"] = _("Vælg en dag, der har været. Det, der skal ske, skrives som opfølgning.")
    if note.by and note.by.pk != earlier_by and not note.by.is_staff_of(owner):
        faults["by"] = _("Vælg en af kontorets egne.")
    if faults:
        raise BadValues(faults)
    return replace(note, people=people)


def _fill(interaction: Interaction, note: Note) -> None:
    for name in ("kind", "on", "clock", "by", "text", "minutes", "participants", "private"):
        setattr(interaction, name, getattr(note, name))


def _connect(interaction: Interaction, note: Note) -> None:
    interaction.organisations.set(note.organisations)
    interaction.people.set(note.people)


def _one_line_of_history(interaction: Interaction) -> None:
    """Each connection leaves a line of its own; together they are one: it was written."""
    lines: list[Any] = list(interaction.history.order_by("history_id"))
    whole = lines.pop()
    interaction.history.filter(pk__in=[line.pk for line in lines]).delete()
    whole.history_type = "+"
    whole.save()


def _delete_files(names: Iterable[str | None]) -> None:
    """When the rest is certain."""
    for name in names:
        if name:
            transaction.on_commit(partial(default_storage.delete, name))
