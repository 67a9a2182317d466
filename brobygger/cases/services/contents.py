# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""What a case holds: values, the check list, notes, messages, parties, payments, duties."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from brobygger.accounts.models import User
from brobygger.base.danish import kroner
from brobygger.base.forms import clean_text
from brobygger.cases import duties, rights, seats
from brobygger.cases.definition.gates import APPLICANT
from brobygger.cases.errors import AnsweredElsewhere, BadValues, Conflicted, NotYours, OutOfOrder
from brobygger.cases.fixed import fixed
from brobygger.cases.models import Case, CaseDuty, CaseEvent, CaseParty, CasePayment, Vote
from brobygger.cases.models.parts import RECUSED
from brobygger.cases.services import letters
from brobygger.cases.services.anew import begins_anew
from brobygger.cases.services.derive import locked, record, require_officer, require_open, written_on
from brobygger.cases.values import cleaned
from brobygger.register.models import Organisation, Person


@transaction.atomic
def fill_in(case: Case, typed: Mapping[str, Any], *, user: User | None, expected: int | None) -> Case:
    """Store values. The applicant fills in only what the stage lets them. Votes given on other values begin again.
    Raises NotYours, Conflicted, BadValues, CaseIsOver, EditedMeanwhile."""
    stored = locked(case, expected)
    require_open(stored)
    by_applicant = user is not None and not rights.is_officer(user, stored)
    if by_applicant and user is not None:
        if not rights.is_applicant(user, stored):
            raise Conflicted if user.is_staff_of(stored.operator_id) else NotYours
        if not set(typed) <= set(stored.at_stage.applicant_edits):
            raise NotYours
    kept, changed = filled_in(stored, typed)
    if changed:
        put(stored, kept, user=user, data={"values": changed}, for_applicant=by_applicant)
    return stored


def filled_in(case: Case, typed: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, list[Any]]]:
    """Values as they are to be stored, and those that change: [before, after]. Raises BadValues."""
    kept = cleaned(case.type, typed, case.operator)
    changed = {key: [case.values.get(key), new] for key, new in kept.items() if case.values.get(key) != new}
    faults = {key: why for key, why in fixed(case).items() if key in changed} if changed else {}
    if faults:
        raise BadValues(faults)
    return kept, changed


def put(
    case: Case, kept: Mapping[str, Any], *, user: User | None, data: Mapping[str, Any], **fields: Any
) -> CaseEvent:
    """Store values that are checked, in a case that is locked. `data`: what changed, as the event keeps it."""
    case.values = {**case.values, **kept}
    text = ""
    if Vote.objects.filter(case=case, round=case.round).exists():
        case.round += 1
        text = _("Afstemningen begynder forfra, fordi oplysningerne er ændret.")
    return record(case, CaseEvent.Kind.CHANGED, user=user, data=dict(data), text=text, **fields)


@transaction.atomic
def tick(case: Case, keys: Collection[str], *, user: User | None, expected: int) -> Case:
    """Which of the stage's check points are in order. Raises NotYours, Conflicted, BadValues, CaseIsOver, EditedMeanwhile."""
    stored = locked(case, expected)
    require_officer(user, stored)
    require_open(stored)
    here = {check.key for check in stored.at_stage.checks}
    if not set(keys) <= here:
        raise BadValues({"checks": _("Tjekpunktet hører ikke til trinet.")})
    kept = sorted((set(stored.checks) - here) | set(keys))
    if kept != stored.checks:
        before, stored.checks = set(stored.checks), kept
        data = {"on": sorted(set(kept) - before), "off": sorted(before - set(kept))}
        record(stored, CaseEvent.Kind.CHECKED, user=user, data=data)
    return stored


@transaction.atomic
def note(case: Case, text: str, *, user: User, entry_key: UUID | None = None) -> CaseEvent:
    """An internal note. Also in a case that is over. Raises NotYours, Conflicted, BadValues."""
    stored = locked(case)
    require_officer(user, stored)
    first = written_on(stored, entry_key)
    return first or record(stored, CaseEvent.Kind.NOTE, user=user, text=said(text), entry_key=entry_key)


@transaction.atomic
def message(case: Case, text: str, *, user: User, entry_key: UUID | None = None) -> CaseEvent:
    """The applicant writes to the office. Raises NotYours, BadValues."""
    stored = locked(case)
    if not rights.is_applicant(user, stored):
        raise NotYours
    return written_on(stored, entry_key) or record(
        stored, CaseEvent.Kind.MESSAGE, user=user, text=said(text), for_applicant=True, entry_key=entry_key
    )


@transaction.atomic
def write_to_applicant(case: Case, text: str, *, user: User, entry_key: UUID | None = None) -> CaseEvent:
    """The office writes to the applicant, also in a case that is over. Raises NotYours, Conflicted, BadValues."""
    stored = locked(case)
    require_officer(user, stored)
    if first := written_on(stored, entry_key):
        return first
    known = letters.merge_values(stored, user)
    answer = _("Svar her: %(link)s") % known if stored.organisation_id else _("Svar på denne mail.")
    greeting = _("Kære %(who)s") % {"who": known["ansøger"]} if known["ansøger"] else _("Hej")
    regards = _("Venlig hilsen") + f"\n{user}, {stored.operator.name}"
    subject = _("%(number)s: besked om jeres sag") % {"number": stored.number}
    kept = said(text)
    body = "\n\n".join([greeting, kept, answer, regards])
    return letters.write(stored, subject, body, user=user, name="message", entry_key=entry_key, kept=kept)


@transaction.atomic
def remark(case: Case, text: str, *, user: User, entry_key: UUID | None = None) -> CaseEvent:
    """A party that decides or advises leaves a remark, where the definition lets it: the bank's recommendation, for one.
    Raises NotYours, Conflicted, CaseIsOver, BadValues."""
    stored = locked(case)
    require_open(stored)
    role = rights.writes_as(user, stored)
    if role is None:
        raise Conflicted if rights.has_conflict(user, stored) else NotYours
    return written_on(stored, entry_key) or record(
        stored, CaseEvent.Kind.REMARK, user=user, name=role.key, text=said(text), entry_key=entry_key,
        for_applicant=APPLICANT in role.remarks_seen_by,
    )  # fmt: skip


def said(text: str) -> str:
    """What was typed, tidied. Raises BadValues."""
    text = clean_text(text)
    if not text:
        raise BadValues({"text": _("Skriv noget.")})
    if len(text) > 20_000:
        raise BadValues(
            {"text": _("Skriv det kortere. Der er plads til %(most)s tegn.") % {"most": "20.000"}}
        )
    return text


@transaction.atomic
def add_party(
    case: Case,
    role: str,
    *,
    user: User | None,
    organisation: Organisation | None = None,
    person: Person | None = None,
    party_user: User | None = None,
    name: str = "",
) -> CaseParty:
    """Give somebody a role. Where the role is for one, the one before steps out. Nobody gives themselves a vote, and votes
    that are given begin again among those who now decide. Raises NotYours, Conflicted, BadValues."""
    stored = locked(case)
    require_officer(user, stored)
    require_open(stored)
    sort = next((found for found in stored.type.roles if found.key == role), None)
    if sort is None:
        raise BadValues({"role": _("Rollen findes ikke i sagstypen.")})
    if not (organisation or person or party_user or name.strip()):
        raise BadValues({"organisation": _("Vælg, hvem det er.")})
    for found in (organisation, person):
        if found and found.operator_id != stored.operator_id:
            raise BadValues({"organisation": _("Virksomheden hører til et andet erhvervskontor.")})
    if party_user and stored.operator_id not in party_user.roles:
        raise BadValues({"user": _("Personen har ikke adgang til kontoret.")})
    if not sort.many:
        stored.parties.filter(role=role, ended_at=None).update(ended_at=timezone.now())
    made = CaseParty.objects.create(
        case=stored, role=role, organisation=organisation, person=person, user=party_user, name=name.strip()[:200],
        interested=sort.interested, sees=sort.sees,
    )  # fmt: skip
    if user and role in stored.type.voters and user in rights.electorate(stored, role):
        raise BadValues({"user": _("Du kan ikke give dig selv en stemme i sagen. Bed en kollega om det.")})
    if role == "applicant":
        stored.organisation = organisation
    reason = _votes_anew(stored, role)
    record(
        stored,
        CaseEvent.Kind.PARTY,
        user=user,
        name=role,
        text=str(made),
        reason=reason,
        data={"party": made.pk},
    )
    return made


@transaction.atomic
def add_wished(case: Case, role: str, *, user: User, expected: int) -> CaseParty:
    """Give a role that nobody has to whom the case's field wishes for it. Raises as above, and EditedMeanwhile."""
    stored = locked(case, expected)
    require_officer(user, stored)
    who = next((party for sort, party in seats.wished(stored) if sort.key == role), None)
    if who is None:
        raise BadValues({"role": _("Ingen er ønsket til rollen, eller nogen har den allerede.")})
    name = "" if who.organisation else who.name
    return add_party(stored, role, user=user, organisation=who.organisation, name=name)


def _votes_anew(case: Case, role: str) -> str:
    """Those who decide are others now. What to tell of it."""
    if not begins_anew(case, [role]):
        return ""
    return _("Afstemningen begynder forfra, fordi der er andre til at afgøre sagen.")


@transaction.atomic
def end_party(case: Case, party: CaseParty, *, user: User) -> None:
    """Somebody has the role no longer; what they did stays, but votes that are given begin again: nobody's no is removed
    with them. Raises NotYours, Conflicted, BadValues."""
    stored = locked(case)
    require_officer(user, stored)
    if party.role == "applicant":
        raise BadValues({"role": _("Ansøgeren kan ikke fjernes. Vælg en anden i stedet.")})
    ended = stored.parties.filter(pk=party.pk, ended_at=None).update(ended_at=timezone.now())
    if ended:
        data = {"party": party.pk, "ended": True}
        reason = _votes_anew(stored, party.role)
        record(
            stored,
            CaseEvent.Kind.PARTY,
            user=user,
            name=party.role,
            text=str(party),
            reason=reason,
            data=data,
        )


@transaction.atomic
def recuse(case: Case, person: User, *, user: User, reason: str) -> CaseParty:
    """Somebody is partial (inhabil): says so themselves, or the office does. They see the case no longer and do not vote;
    a vote already given does not count. Raises NotYours, Conflicted, BadValues."""
    stored = locked(case)
    if user.pk != person.pk:
        require_officer(user, stored)
    elif not rights.roles_of(user, stored):
        raise NotYours
    if not reason.strip():
        raise BadValues({"reason": _("Skriv hvorfor.")})
    made, is_new = CaseParty.objects.get_or_create(
        case=stored, role=RECUSED, user=person, ended_at=None, defaults={"interested": True, "sees": False}
    )
    if stored.officer_id == person.pk:
        stored.officer = None
    if is_new:
        record(stored, CaseEvent.Kind.PARTY, user=user, name=RECUSED, text=str(person), reason=reason[:1000])
    return made


@transaction.atomic
def pay(
    case: Case, amount: Decimal, *, on: date, text: str, user: User | None, entry_key: UUID | None = None
) -> CasePayment:
    """Note money that was paid: in all never more than what the decision granted, whatever the case's fields say.
    Raises NotYours, Conflicted, BadValues, CaseIsOver, OutOfOrder (the form's payment was taken back since)."""
    stored = locked(case)
    require_officer(user, stored)
    if first := written_on(stored, entry_key):
        payment = CasePayment.objects.filter(event=first).first()
        if payment is None:
            raise OutOfOrder(
                _("Udbetalingen er noteret og taget tilbage igen. Begynd forfra på sagens side.")
            )
        return payment
    require_open(stored)
    return paid_out(stored, amount, on=on, text=text, user=user, entry_key=entry_key)


def paid_out(
    case: Case, amount: Decimal, *, on: date, text: str, user: User | None, **fields: Any
) -> CasePayment:
    """Write a payment in a case that is locked. Raises BadValues."""
    granted, paid = case.granted, case.paid
    faults = {}
    if case.type.paid_by_others:
        faults["amount"] = _("I denne slags sag er det andre, der betaler.")
    elif granted is None:
        faults["amount"] = _("Der er ikke bevilget noget endnu.")
    elif amount <= 0:
        faults["amount"] = _("Skriv et beløb over 0.")
    elif paid + amount > granted.amount:
        faults["amount"] = _(
            "Der kan ikke udbetales mere, end der er bevilget: %(granted)s, hvoraf %(paid)s er udbetalt."
        ) % {"granted": kroner(granted.amount), "paid": kroner(paid)}
    if on > timezone.localdate():
        faults["on"] = _("Datoen er ikke kommet endnu.")
    elif on < case.opened_on:
        faults["on"] = _("Datoen ligger, før sagen begyndte.")
    if faults:
        raise BadValues(faults)
    event = record(
        case,
        CaseEvent.Kind.PAID,
        user=user,
        text=text[:200],
        for_applicant=True,
        data={"amount": str(amount), "on": on.isoformat()},
        **fields,
    )
    return CasePayment.objects.create(case=case, on=on, amount=amount, text=text.strip()[:200], event=event)


@transaction.atomic
def set_duty(
    case: Case, key: str, *, title: str, due_on: date, of_applicant: bool = True, remind_days: int = 14
) -> CaseDuty:
    """What is still to be done in a case. The same key again moves the day while it is not done."""
    duty, is_new = CaseDuty.objects.get_or_create(
        case=case, key=key,
        defaults={"title": title[:200], "due_on": due_on, "of_applicant": of_applicant, "remind_days": remind_days},
    )  # fmt: skip
    if not is_new and duty.done_on is None and duty.due_on != due_on:
        duty.due_on, duty.reminded_on = due_on, None
        duty.save()
    return duty


@transaction.atomic
def do_duty(case: Case, duty: CaseDuty, *, text: str, user: User) -> CaseDuty:
    """It is done: by the applicant where it is theirs, else by the office. Nothing is due in a case that is over. Raises
    NotYours, Conflicted, CaseIsOver, BadValues, AnsweredElsewhere (what is due has figures of its own and a page of its own)."""
    stored = locked(case)
    if not (duty.of_applicant and rights.is_applicant(user, stored)):
        require_officer(user, stored)
    require_open(stored)
    if duties.is_answered_elsewhere(stored, duty):
        raise AnsweredElsewhere
    return done(stored, duty, text=text, user=user)


def done(case: Case, duty: CaseDuty, *, text: str, user: User, **fields: Any) -> CaseDuty:
    """A duty of a case that is locked is done, once. Raises BadValues."""
    changed = CaseDuty.objects.filter(pk=duty.pk, case=case, done_on=None).update(
        done_on=timezone.localdate(), done_by=user, text=said(text)
    )
    if changed:
        duty.refresh_from_db()
        record(
            case, CaseEvent.Kind.DUTY, user=user, name="done", text=f"{duty.title}\n\n{duty.text}",
            for_applicant=duty.of_applicant, **fields,
        )  # fmt: skip
    return duty
