# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""An invented case type with everything in it, and cases of it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.test import Client
from django.utils import timezone

from brobygger.accounts.models import Operator, Role, User
from brobygger.blueprints import services as blueprints
from brobygger.blueprints.models import Definition
from brobygger.cases.models import Case
from brobygger.cases.services import contents, opening
from tests.factories import user_as

TRIAL = """\
key: trial
title: Prøvesag
prefix: PRV
kle: 24.10.00
applicant_may_open: true
amount_field: amount
fields:
  - {key: amount, label: Beløb, kind: money, least: 0, most: 1000000}
  - {key: purpose, label: Formål, kind: long_text}
  - {key: secret, label: Kontorets vurdering, seen_by: []}
  - {key: newcomer, label: Tilflytter, kind: yes_no}
parties:
  - {key: bank, name: Bank}
  - {key: group, name: Styregruppe, many: true}
  - {key: spar, name: Sparringspartner, many: true}
subtypes:
  - {key: small, name: Lille sag, goal_days: 40}
  - {key: large, name: Stor sag, goal_days: 60}
  - {key: other, name: Uden mål, excluded: Hører under en anden myndighed}
pauses:
  - {key: applicant, name: Venter på ansøger, applicant_name: Vi venter på jeres svar, waits_for_applicant: true}
  - {key: authority, name: Venter på anden myndighed, applicant_name: Vi venter på en anden myndighed}
clocks:
  - {key: service, name: Servicemål, starts: [complete], ends: [granted, refused, withdrawn], pauses: [applicant, authority], warn_days: 10}
documents:
  - {key: budget, name: Budget, endings: [pdf, xlsx], most_mb: 2}
marks:
  - {key: met, name: Møde holdt}
letters:
  - {key: granted, subject: "{nummer}: ja", body: "Kære {ansøger}\\n\\n{sag} er bevilget med {amount}.\\n\\n{link}"}
  - {key: refusal, subject: "{nummer}: nej", body: "Kære {ansøger}\\n\\n{begrundelse}"}
stages:
  - key: received
    name: Modtaget
    applicant_name: Vi har fået jeres ansøgning
    applicant_text: Vi læser den nu.
    applicant_edits: [purpose, amount]
    checks:
      - {key: read, text: Ansøgningen er læst}
    moves:
      - {key: complete, to: ready, name: Fuldt oplyst, needs_fields: [amount], needs_checks: [read]}
      - {key: withdraw, to: withdrawn, name: Ansøger trækker sig, by: [officer, applicant], needs_reason: true}
  - key: ready
    name: Til afgørelse
    applicant_name: Ansøgningen afgøres
    moves:
      - key: decide
        to: granted
        otherwise: refused
        name: Afgør
        ballots:
          - {of: bank, name: Banken}
          - {of: group, name: Styregruppen, how: majority, quorum: 2}
        rules:
          - {rule: amount_within_cap, parameters: {field: amount, most: 500000, when_field: newcomer, when_value: "True", most_then: 800000}}
          - {rule: nobody_is_waiting}
        letter: granted
        letter_otherwise: refusal
      - {key: back, to: received, name: Tilbage, needs_reason: true}
  - {key: granted, name: Bevilget, applicant_name: Ja, ends: granted, moves: [{key: close, to: closed, name: Luk}]}
  - {key: refused, name: Afslag, applicant_name: Nej, ends: refused}
  - {key: withdrawn, name: Trukket, applicant_name: Trukket tilbage, ends: withdrawn}
  - {key: closed, name: Lukket, applicant_name: Slut, ends: closed}
"""


def trial(operator: Operator, text: str = TRIAL) -> Definition:
    return blueprints.adopt(operator, "case_type", text, user=None)


def opened(operator: Operator, **values: Any) -> Case:
    """A case of the trial type, opened by the system."""
    if not Definition.objects.filter(operator=operator, key="trial").exists():
        trial(operator)
    wanted: dict[str, Any] = {"title": "Nyt bryggeri", "subtype": "small", "user": None, **values}
    return opening.open_case(operator, "trial", **wanted)


def at_decision(operator: Operator, consultant: User, **values: Any) -> tuple[Case, User, list[User]]:
    """A case that stands before the decision, its bank and its steering group of three."""
    from brobygger.cases.services.moving import move

    case = opened(operator, values={"amount": 400_000}, **values)
    bank = user_as(Role.PARTNER, operator)
    group = [user_as(Role.PARTNER, operator) for _ in range(3)]
    contents.add_party(case, "bank", user=consultant, party_user=bank)
    for member in group:
        contents.add_party(case, "group", user=consultant, party_user=member)
    case = contents.tick(fresh(case), ["read"], user=consultant, expected=fresh(case).version)
    case = move(case, "complete", user=consultant, expected=case.version)
    return fresh(case), bank, group


def fresh(case: Case) -> Case:
    return Case.objects.get(pk=case.pk)


def day(plus: int = 0) -> date:
    return timezone.localdate() + timedelta(days=plus)


def shown(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return answer.content.decode()


def press(client: Client, address: str, **typed: Any) -> str:
    answer = client.post(address, typed, follow=True)
    assert answer.status_code in (200, 409), address
    return answer.content.decode()
