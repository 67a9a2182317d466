# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""A year of guidance in the demo office: schemes, what firms said of them, aid, partners and referrals. All invented but
the delivered schemes, which say where they are described; only invented firms take part."""

from __future__ import annotations

import random
from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal

from django.utils import timezone

from brobygger.accounts.models import Operator, User
from brobygger.base.models import Letter
from brobygger.blueprints.models import Definition
from brobygger.blueprints.services import adopt_shipped
from brobygger.demo.actors import BEGAN, SEED
from brobygger.demo.moments import day, then
from brobygger.dialogue.models import FollowUp
from brobygger.guidance.blueprints import KIND
from brobygger.guidance.models import Offer, Partner
from brobygger.guidance.services import aid, answers, partners, referrals, schemes
from brobygger.register.models import Organisation

SCHEMES = (
    "smv_groen", "smv_groenne_kompetencer", "smv_pro", "smv_digital", "smv_vaekstpilot", "oneday", "raketvaekst",
    "concept_mariagerfjord", "vaekstakademiker", "maskinpulje_opdigtet", "startpulje_opdigtet",
)  # fmt: skip
PARTNERS = (
    ("Erhvervshus Sjælland (demo)", "hub", "Specialiseret vejledning og programmer for små og mellemstore virksomheder."),
    ("Prøvebanken (opdigtet)", "bank", "Lån til maskiner og vækst."),
    ("Revisorgruppen Prøve (opdigtet)", "adviser", "Regnskab, skat og generationsskifte."),
    ("Mentorkorps Prøve (opdigtet)", "mentor", "Erfarne ledere, der giver sparring uden betaling."),
)  # fmt: skip
WHY_NOT = (
    "Ingen tid i år",
    "Har allerede fået hjælp",
    "Vil ikke bruge tid på en ansøgning",
    "Projektet er for småt",
)
AGREED = (
    ("Opdigtet aftale: vi henviser til hinanden, svarer inden for to uger og mødes hvert halve år.", None),
    (
        "Opdigtet aftale: banken svarer på henvisninger inden for ti arbejdsdage og kommer til vores lånemøder.",
        60,
    ),
    ("Opdigtet aftale: den første time hos revisoren er uden betaling for dem, vi henviser.", -30),
)
"""What was agreed with the first partners, and in how many days it ends: one has ended."""
ABOUT = (
    "De vil købe en ny maskine og søger lån.", "De vil have styr på energiforbruget.",
    "Ejeren vil sælge inden for tre år.", "De vil i gang med salg på nettet.", "De mangler en at sparre med om vækst.",
)  # fmt: skip
RESULTS = (
    ("Fik lån til en ny maskine.", 400_000, 2), ("Kom med i et forløb om energi.", 60_000, None),
    ("Har fået en mentor et halvt år.", None, None), ("Fik hjælp til en ansøgning.", 120_000, 1),
)  # fmt: skip
ADOPTED = 400
"""Days since the office began with schemes and partners."""
FEWEST = 8
"""With fewer invented firms the invented grants would not find room under the ceiling."""
RATE = Decimal("7.46")
"""Kroner for a euro in the invented entries."""


def tell(offices: Mapping[str, Operator], people: Mapping[str, User]) -> None:
    """Everything in the year that ends today."""
    office, neighbour = offices["demo-lejre"], offices["demo-nabo"]
    who, made = people["konsulent@demo.invalid"], random.Random(SEED)
    with then(ADOPTED):
        adopted = [adopt_shipped(office, KIND, key, user=None) for key in SCHEMES]
    firms = list(
        Organisation.objects.filter(operator=office, invented=True, status="active", kind="firm").order_by(
            "pk"
        )[:90]
    )
    if len(firms) < FEWEST:
        return
    _tell_more(firms, made)
    _tell_of_schemes(firms, adopted, who, made)
    _tell_of_aid(firms, {row.key: row for row in adopted}, who)
    _tell_of_referrals(office, neighbour, firms, who, people["nabokonsulent@demo.invalid"], made)
    Letter.objects.filter(
        subject="Svar på en henvisning", operator=office
    ).delete()  # nobody is there to read it


def _tell_more(firms: list[Organisation], made: random.Random) -> None:
    """Age and form of most, so that criteria have something to ask."""
    for firm in firms:
        if made.random() < 0.8:
            firm.founded_on = firm.founded_on or day(made.randint(BEGAN, 9000))
            firm.form_code = firm.form_code or made.choice(["80", "80", "60", "10"])
    Organisation.objects.bulk_update(firms, ["founded_on", "form_code"])


def _tell_of_schemes(
    firms: list[Organisation], adopted: list[Definition], who: User, made: random.Random
) -> None:
    open_to_us = [row for row in adopted if row.key.startswith(("smv", "oneday", "raket", "maskin"))]
    for firm in firms[:45]:
        scheme, state = made.choice(open_to_us), made.choice(Offer.State.values)
        why = made.choice(WHY_NOT) if state == Offer.State.NOT_RELEVANT else ""
        with then(made.randint(1, 330)):
            schemes.mark(firm, scheme, state, user=who, why=why, invented=True)


def _tell_of_aid(firms: list[Organisation], known: Mapping[str, Definition], who: User) -> None:
    rows = (
        (0, 1300, 900_000, "maskinpulje_opdigtet"), (0, 400, 600_000, "maskinpulje_opdigtet"),
        (0, 90, 700_000, "maskinpulje_opdigtet"), (1, 200, 80_000, "smv_groen"), (2, 150, 120_000, "smv_groen"),
        (3, 120, 60_000, "smv_digital"), (4, 60, 95_000, "smv_pro"), (5, 30, 100_000, "startpulje_opdigtet"),
        (6, 500, 1_500_000, "maskinpulje_opdigtet"), (7, 300, 700_000, "maskinpulje_opdigtet"),
    )  # fmt: skip
    for firm, ago, kroner, key in rows:
        granted = aid.Granted(
            granted_on=day(ago), grantor=known[key].content.provider, amount_dkk=Decimal(kroner), rate=RATE,
            scheme=known[key], reference=f"OPDIGTET-{ago}",
        )  # fmt: skip
        with then(max(1, ago - 4)):
            aid.register_aid(firms[firm % len(firms)], granted, user=who, invented=True)
    if len(firms) > 7:
        with then(590):
            aid.link(firms[6], firms[7], basis="votes", user=who, since=day(600))


def _tell_of_referrals(
    office: Operator,
    neighbour: Operator,
    firms: list[Organisation],
    who: User,
    theirs: User,
    made: random.Random,
) -> None:
    with then(ADOPTED):
        known = [
            partners.add_partner(
                office, {"name": name, "kind": kind, "offers": offers}, user=who, invented=True
            )
            for name, kind, offers in PARTNERS
        ]
    for (text, ends), partner in zip(AGREED, known, strict=False):
        with then(330):
            partners.add_agreement(
                partner,
                text=text,
                starts_on=day(330),
                ends_on=None if ends is None else day(-ends),
                mutual=True,
                user=who,
            )
    for number, firm in enumerate(firms[10:42]):
        _refer(office, firm, known[number % len(known)], who, made)
    for number, firm in enumerate(firms[42:45]):
        wish = _wish(firm, made, office=neighbour)
        with then(6 + 12 * number):
            sent = referrals.send(office, wish, user=who, invented=True)
        if number and sent.counterpart:
            with then(2 + 11 * number):
                answers.answer(sent.counterpart, answers.Answer("in_progress"), user=theirs, expected=1)
    back = (
        Organisation.objects.filter(operator=neighbour, invented=True, status="active").order_by("pk").first()
    )
    if back:
        with then(5):
            referrals.send(neighbour, _wish(back, made, office=office), user=theirs, invented=True)
    wish = referrals.Wish(
        about="Vil starte et lille bageri og mangler et sted at begynde.", name="Opdigtet Iværksætter",
        email="ivaerksaetter@demo.invalid", partner=known[3], consent=_consent(), letter=False,
    )  # fmt: skip
    with then(9):
        referrals.send(office, wish, user=who, invented=True)


def _consent() -> referrals.Consent:
    return referrals.Consent("Ejeren (demo)", timezone.localdate(), "spoken")


def _wish(
    firm: Organisation, made: random.Random, *, partner: Partner | None = None, office: Operator | None = None
) -> referrals.Wish:
    return referrals.Wish(
        about=made.choice(ABOUT),
        organisation=firm,
        partner=partner,
        office=office,
        consent=_consent(),
        letter=False,
    )


def _refer(office: Operator, firm: Organisation, partner: Partner, who: User, made: random.Random) -> None:
    ago, waited = made.randint(3, 330), made.randint(1, 25)
    with then(ago):
        sent = referrals.send(office, _wish(firm, made, partner=partner), user=who, invented=True)
    # The services count two weeks from now, and the firm was referred earlier.
    FollowUp.objects.filter(pk=sent.follow_up_id or 0).update(due_on=day(ago) + timedelta(days=14))
    fate = "waits" if ago < 40 else made.choices(["result", "in_progress", "not_relevant"], [6, 2, 2])[0]
    if fate == "waits":
        return
    if fate == "result":
        text, kroner, jobs = made.choice(RESULTS)
        given = answers.Answer("result", text, Decimal(kroner) if kroner else None, jobs)
    else:
        given = answers.Answer(fate, why=made.choice(WHY_NOT) if fate == "not_relevant" else "")
    with then(max(1, ago - waited)):
        answers.answer(sent, given, user=who, expected=sent.version)
