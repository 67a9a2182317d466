# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Those who decide or advise are written to: when they come into a case, and when it waits for them.

Whom a letter was written to is kept (`CaseParty.told_at`, `Asked`) and claimed there before it is written, in the transaction
of what it tells: never twice, and what could not be told yet, such as a gate that opens by the calendar or somebody who came
later, is told the next morning. Whoever has an interest in a case gets none of it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from brobygger.accounts.models import User
from brobygger.base import mail
from brobygger.blueprints.models import Definition
from brobygger.cases import rights
from brobygger.cases.addresses import address_of
from brobygger.cases.definition import CaseType, Move
from brobygger.cases.definition.gates import APPLICANT, OFFICER
from brobygger.cases.gates import missing
from brobygger.cases.models import Asked, Case, CaseEvent, CaseParty, Vote
from brobygger.cases.services.anew import why_anew
from brobygger.cases.services.news import name_of

K = CaseEvent.Kind


def tell(case: Case, event: CaseEvent, user: User | None) -> None:
    """Write to those who came in, and to those whom the case now waits for. Call with the case locked, after its event. What
    another system did (`user` None) was told there."""
    if user is not None:
        newcomers([case])
        ask(case, event)
    elif _has_deciders(case) and event.kind not in (
        K.WARNED,
        K.LETTER,
    ):  # those the clock itself writes, of no matter to the parties
        _untold([case]).update(told_at=timezone.now())
        _claim(case, _waited_for(case))


def _has_deciders(case: Case) -> bool:
    return any(role.sees and not role.interested for role in case.type.roles)


# Coming into a case


def newcomers(cases: Collection[Case]) -> int:
    """Write to the parties that nobody has written to yet: one letter each, however many of the cases. How many."""
    told = [case for case in cases if _has_deciders(case)]
    if not told:
        return 0
    by_key = {case.pk: case for case in told}
    letters: dict[str, _Newcomer] = {}
    for party in _untold(told).select_related("organisation", "person").order_by("pk"):
        if not CaseParty.objects.filter(pk=party.pk, told_at=None).update(told_at=timezone.now()):
            continue
        party.case = by_key[party.case_id]
        for to, newcomer in _behind(party):
            letters.setdefault(to, newcomer).seats.append((party.case, party.role))
    return sum(_welcome(to, newcomer) for to, newcomer in letters.items())


def _untold(cases: Iterable[Case]) -> QuerySet[CaseParty]:
    rows = CaseParty.objects.filter(case__in=list(cases), ended_at=None, told_at=None)
    return rows.filter(interested=False, sees=True).exclude(role=APPLICANT)


@dataclass
class _Newcomer:
    """Somebody to write to. `user`: None where nobody can sign in for the party."""

    name: str
    user: User | None
    seats: list[tuple[Case, str]] = field(default_factory=list)


def _behind(party: CaseParty) -> list[tuple[str, _Newcomer]]:
    """Addresses of the people behind a party, else of the party itself."""
    people = rights.people_of(party)
    if people:
        return [(user.email, _Newcomer(str(user), user)) for user in people]
    own = party.person.email if party.person else ""
    to = address_of(party.organisation) if party.organisation else own
    return [(to, _Newcomer(str(party), None))] if to else []


def _welcome(to: str, newcomer: _Newcomer) -> bool:
    case = newcomer.seats[0][0]
    with _language(newcomer.user):
        lines = [f"- {name_of(seat)}: {seat.type.role(role).name}" for seat, role in newcomer.seats]
        if newcomer.user:
            links = [settings.SITE_URL + seat.get_absolute_url() for seat, _role in newcomer.seats]
            how = _("I kan læse sagen her:") + "\n" + "\n".join(links)
        else:
            how = _("Svar på denne mail, så giver vi jer adgang til at læse sagen og svare.")
        partial = _("Har du selv en interesse i sagen, så sig det til os.")
        opening = _("Kære %(who)s") % {"who": newcomer.name}
        body = [opening, _("I er kommet med i en sag hos os:") + "\n" + "\n".join(lines), how, partial]
        subject = (
            _("%(number)s: I er kommet med i en sag") % {"number": case.number}
            if len(newcomer.seats) == 1
            else _("I er kommet med i %(count)s sager") % {"count": len(newcomer.seats)}
        )
        return _post(case, to, subject, body)


# Something waits


def roles_asked(way: Move) -> set[str]:
    """The parties that a way waits for: those who vote, or who may take it."""
    return ({ballot.of for ballot in way.ballots} or set(way.by)) - {OFFICER, APPLICANT}


def ask(case: Case, event: CaseEvent | None = None) -> int:
    """Write to the people that the case waits for, each once in a round. Call with the case locked. How many."""
    waited_for, again = _waited_for(case), why_anew(event)
    new = _claim(case, waited_for)
    return sum(_question(case, user, waited_for[user], again) for user in new)


def _waited_for(case: Case) -> dict[User, list[Move]]:
    """Who has not answered yet, with the ways that wait for them."""
    open_ = _open_ways(case)
    if not open_:
        return {}
    voted = set(Vote.objects.filter(case=case, round=case.round).values_list("voter_id", flat=True))
    found: dict[User, list[Move]] = {}
    for way in open_:
        for role in sorted(roles_asked(way)):
            for user in rights.electorate(case, role):
                if user.pk not in voted and way not in found.setdefault(user, []):
                    found[user].append(way)
    return {user: ways for user, ways in found.items() if ways}


def _open_ways(case: Case) -> list[Move]:
    """The ways that wait for parties; none while something else is missing first."""
    if not case.is_open:
        return []
    now = timezone.now()
    return [way for way in case.at_stage.moves if roles_asked(way) and not missing(case, way, None, now)]


def _claim(case: Case, people: Collection[User]) -> list[User]:
    """Those of them who were not asked in this round before: they are from now on."""
    if not people:
        return []
    before = set(Asked.objects.filter(case=case, round=case.round).values_list("user_id", flat=True))
    new = [user for user in people if user.pk not in before]
    if new:
        Asked.objects.bulk_create(Asked(case=case, round=case.round, user=user) for user in new)
        case.asked_round = case.round
        Case.objects.filter(pk=case.pk).update(asked_round=case.round)
    return new


def _question(case: Case, user: User, ways: list[Move], again: str) -> bool:
    with _language(user):
        what = "\n".join(f"- {way.name}" for way in ways)
        body = [
            _("Kære %(who)s") % {"who": user},
            again,
            _("Sagen venter på jer: %(case)s") % {"case": name_of(case)} + f"\n{what}",
            _("Læs sagen, og svar her: %(link)s") % {"link": settings.SITE_URL + case.get_absolute_url()},
            _("Har du selv en interesse i sagen, så sig det på samme side. Så ser du den ikke længere."),
        ]
        return _post(case, user.email, _("%(number)s: sagen venter på jer") % {"number": case.number}, body)


# By the calendar


def every_morning() -> int:
    """What could not be told when it was written: a gate that opened by the calendar, somebody who acts for a party since.
    How many letters."""
    used = Definition.objects.filter(
        kind="case_type", pk__in=Case.objects.order_by().values("definition_id").distinct()
    )
    waits = {found.pk: _waits(found.content) for found in used}
    told = 0
    for definition, stages in waits.items():
        if not stages:
            continue
        rows = Case.objects.filter(definition_id=definition, is_open=True, stage__in=stages)
        for key in list(rows.order_by("pk").values_list("pk", flat=True)):
            told += _ask_one(key)
    return told


@transaction.atomic
def _ask_one(key: int) -> int:
    from brobygger.cases.services.derive import locked

    case = locked(Case(pk=key))
    return ask(case)


def _waits(kind: CaseType) -> list[str]:
    return [stage.key for stage in kind.stages if any(roles_asked(way) for way in stage.moves)]


def _language(user: User | None) -> translation.override:
    return translation.override((user.language if user else "") or settings.LANGUAGE_CODE)


def _post(case: Case, to: str, subject: str, body: list[str]) -> bool:
    lines = [*filter(None, body), _("Venlig hilsen") + f"\n{case.operator.name}"]
    try:
        mail.write(
            to=[to], subject=subject, body="\n\n".join(lines), operator=case.operator, reply_to=case.operator.email,
        )  # fmt: skip
    except ValidationError:
        return False
    return True
