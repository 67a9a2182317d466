# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Invented cases after the catalogue: an investor's enquiry, concept loans, business angels, a challenge with bids, and the
barrier programme."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from itertools import islice
from pathlib import Path
from typing import Any

from django.core.files.base import ContentFile
from django.utils import timezone

from brobygger.accounts.models import Membership, Operator, Role, User
from brobygger.base import pdf
from brobygger.blueprints.models import Definition
from brobygger.blueprints.services import adopt_shipped
from brobygger.cases.angels import services as angels
from brobygger.cases.angels.models import Sending
from brobygger.cases.barriers import services as barriers
from brobygger.cases.barriers.case_words import MOST
from brobygger.cases.barriers.models import PotentialCustomer
from brobygger.cases.barriers.proposing import proposals
from brobygger.cases.enquiry import services as enquiries
from brobygger.cases.lending import services as lending
from brobygger.cases.lending.models import Loan
from brobygger.cases.models import Case
from brobygger.cases.services import contents, documents, opening
from brobygger.cases.services.moving import move, vote
from brobygger.cases.tenders import announcing
from brobygger.cases.tenders import dialogue as market_dialogue
from brobygger.cases.tenders import services as tenders
from brobygger.cases.tenders.models import Tender
from brobygger.demo.cases_year import of_industry, settle
from brobygger.demo.data_texts import BID, CHALLENGE, FURNITURE, FURNITURE_BID, PLAN, PROFILE
from brobygger.demo.moments import WHY, day, moment, then
from brobygger.dialogue.services import assessments
from brobygger.guidance.models import Partner
from brobygger.register.models import Affiliation, Organisation, Person
from brobygger.register.search import index as index_firms

BANK = "Prøvebanken (opdigtet)"
"""One of the office's partners."""
ADOPTED = 500
"""Days since the office began with these case types."""
TYPES = ("investor_enquiry", "concept_loan", "angel_capital", "challenge", "barrier_programme")


def tell(office: Operator, people: Mapping[str, User]) -> None:
    """Adopt the case types and tell their stories. The second time there is nothing to tell."""
    if Definition.objects.filter(operator=office, kind=opening.KIND, key__in=TYPES).exists():
        return
    with then(ADOPTED):
        for key in TYPES:
            adopt_shipped(office, opening.KIND, key, user=None)
    firms = list(Organisation.objects.filter(operator=office, invented=True).order_by("pk")[:12])
    welders = Organisation.objects.filter(operator=office, invented=True, industry__startswith="25").exclude(
        pk__in=[firm.pk for firm in firms[:10]]
    )
    officer = people["konsulent@demo.invalid"]
    if len(firms) < 12:
        return
    with then(ADOPTED):
        group = [_partner(office, officer, number) for number in range(1, 5)]
    _enquiries(office, officer)
    _loans(office, officer, _suiting(office, ("4711", "103", "31"), firms), group)
    _angels(office, officer, _suiting(office, ("4332", "4941"), firms[6:]), group)
    _challenges(office, people, _suiting(office, ("702", "16"), firms[8:]))
    welder = welders.order_by("pk").first() or firms[10]
    surveyor = next(firm for firm in firms[10:12] if firm != welder)
    _barriers(office, officer, [welder, surveyor])
    settle(office)


def _suiting(
    office: Operator, industries: Sequence[str], others: Sequence[Organisation]
) -> list[Organisation]:
    """A firm of each industry, its second where the register has two; another one in a demo with few."""
    chosen = [of_industry(office, one, at=1) or of_industry(office, one) for one in industries]
    return [found or other for found, other in zip(chosen, others, strict=False)]


def _partner(office: Operator, like: User, number: int) -> User:
    """A business person who sits in the steering group and in the network of angels. Signs in with the demo's password."""
    user = User(email=f"partner{number}@demo.invalid", name=f"Partner {number} (demo)")
    user.password = like.password
    user.save()
    Membership.objects.create(user=user, operator=office, role=Role.PARTNER)
    return user


def _fresh(case: Case) -> Case:
    return Case.objects.get(pk=case.pk)


def _go(case: Case, key: str, ago: int, user: User | None) -> None:
    with then(ago):
        fresh = _fresh(case)
        move(fresh, key, user=user, expected=fresh.version, on=day(ago), reason=WHY)


def _fill(case: Case, ago: int, user: User, **values: Any) -> None:
    with then(ago):
        contents.fill_in(_fresh(case), values, user=user, expected=None)


def _tick(case: Case, ago: int, user: User, *keys: str) -> None:
    with then(ago):
        fresh = _fresh(case)
        contents.tick(fresh, list(keys), user=user, expected=fresh.version)


def _party(case: Case, ago: int, user: User, role: str, **who: Any) -> None:
    with then(ago):
        contents.add_party(_fresh(case), role, user=user, **who)


def _open(office: Operator, key: str, title: str, ago: int, officer: User, **more: Any) -> Case:
    with then(ago):
        return opening.open_case(
            office,
            key,
            title=title,
            user=officer,
            officer=officer,
            on=day(ago),
            reason=WHY,
            invented=True,
            **more,
        )


def _enquiries(office: Operator, officer: User) -> None:
    values = {
        "investor": "Nordtang Foods (opdigtet)", "investor_email": "investor@demo.invalid", "industries": "10, 11",
        "purpose": "Fabrik til færdigretter med tang og grønt.", "jobs": 60, "area": 4000,
    }  # fmt: skip
    case = _open(office, "investor_enquiry", "Nordtang søger sted til fabrik", 25, officer, values=values)
    _go(case, "take_on", 24, officer)
    text = "Her er råvarer, bryggere og gartnere tæt på hinanden, og kontoret kender dem alle."
    message = "Tak for besøget. Her er tallene, vi talte om."
    with then(20):
        enquiries.make(_fresh(case), introduction="", user=officer)
    with then(18):
        version = enquiries.make(_fresh(case), introduction=text, user=officer)
        enquiries.send(version, to="investor@demo.invalid", message=message, user=officer)
    _tick(case, 18, officer, "read")
    _go(case, "answer", 18, officer)
    _open(
        office, "investor_enquiry", "Mejeri spørger til haller", 1, officer,
        values={"investor": "Fløde og Fjord (opdigtet)", "industries": "10.5"},
    )  # fmt: skip


def _loans(office: Operator, officer: User, firms: Sequence[Organisation], group: Sequence[User]) -> None:
    with then(ADOPTED):
        bank = _bank(office, officer)
        adviser = Person.objects.create(
            operator=office, user=group[3], name=group[3].name, email=group[3].email
        )
        Affiliation.objects.create(person=adviser, organisation=bank, may_act=True)
    running = _loan(office, officer, "Varelager til nye kunder", firms[0], 480, 300_000)
    _to_second_meeting(running, officer, group, since=470)
    _vote(running, 401, *group[:3], group[3])
    with then(392):
        lending.agree(
            _fresh(running), principal=Decimal(300_000), paid_out_on=day(390), percent=Decimal("2.6"), per_year=4,
            day_count="actual/365", user=officer,
        )  # fmt: skip
    _party(running, 391, officer, "mentor", party_user=group[1])
    _go(running, "pay_out", 390, officer)
    loan = Loan.objects.get(case=running)
    with then(125):
        lending.new_rate(loan, from_on=day(120), percent=Decimal("2.9"), user=officer)
    for ago, jobs, text in (
        (205, 2, "Lageret er fyldt, og den første sælger er ansat."),
        (25, 4, "To nye kæder på kundelisten."),
    ):
        with then(ago):
            lending.report(loan, new_jobs=Decimal(jobs), text=text, user=officer)
    deciding = _loan(office, officer, "Maskine til flaskeskyl", firms[1], 90, 450_000)
    _to_second_meeting(deciding, officer, group, since=80)
    _vote(deciding, 12, group[0])
    _loan(office, officer, "Webbutik til hele landet", firms[2], 4, 200_000)


def _vote(case: Case, ago: int, *users: User) -> None:
    """Each says yes on the page of the round in which the vote began."""
    round_ = _fresh(case).round
    for number, user in enumerate(users):
        with then(ago - number // 3):
            vote(_fresh(case), "decide", "yes", user=user, round=round_)


def _loan(office: Operator, officer: User, title: str, firm: Organisation, ago: int, amount: int) -> Case:
    values = {"bank": BANK, "purpose": f"{title}.", "amount": amount, "jobs": 11, "newcomer": False}
    return _open(office, "concept_loan", title, ago, officer, organisation=firm, values=values)


def _to_second_meeting(case: Case, officer: User, group: Sequence[User], since: int) -> None:
    with then(since):
        contents.add_wished(_fresh(case), "bank", user=officer, expected=_fresh(case).version)
    _go(case, "choose_bank", since, officer)
    _go(case, "recommend", since - 10, officer)
    for member in group[:3]:
        _party(case, since - 11, officer, "group", party_user=member)
    _fill(case, since - 12, officer, first_meeting=day(since - 20), second_meeting=day(since - 60))
    _tick(case, since - 20, officer, "told", "talked", "advised")
    _go(case, "met", since - 20, officer)
    _party(case, since - 21, officer, "spar", party_user=group[0])
    with then(since - 54):
        plan = ContentFile(_plan(case), name="forretningsplan.pdf")
        documents.add(_fresh(case), plan, kind="plan", user=officer)
    _go(case, "ready", since - 55, officer)
    _tick(case, since - 60, officer, "presented")


def _bank(office: Operator, officer: User) -> Organisation:
    """The bank that the office already has among its partners, in the register too."""
    bank = Organisation.objects.create(operator=office, name=BANK, kind=Organisation.Kind.BANK, invented=True)
    index_firms([bank])
    Partner.objects.filter(operator=office, kind=Partner.Kind.BANK, organisation=None).update(
        organisation=bank
    )
    return bank


def _plan(case: Case) -> bytes:
    title = f"Forretningsplan (opdigtet): {case.title}"
    parts = {"title": title, "parts": list(PLAN)}
    return pdf.write(Path(__file__).parent / "business_plan.typ", parts, title=title, author="Brobygger")


def _angels(office: Operator, officer: User, firms: Sequence[Organisation], group: Sequence[User]) -> None:
    wishes: Sequence[dict[str, Any]] = (
        {"industries": "10, 11", "background": "Har bygget en fødevarevirksomhed op."},
        {"most": Decimal(500_000), "background": "Regnskab og styring."},
        {"background": "Salg til butikskæder."},
        {"industries": "62", "background": "Software."},
    )
    with then(ADOPTED):
        network = [
            angels.join(office, user, user=officer, **wish) for user, wish in zip(group, wishes, strict=True)
        ]
    far = _open(
        office, "angel_capital", "Glas igen", 60, officer, organisation=firms[0],
        values={"amount": 1_000_000, "profile": PROFILE},
    )  # fmt: skip
    _go(far, "send_profile", 50, officer)
    answers = ((47, "yes"), (46, "yes"), (44, "yes"), (41, "no"))
    for angel, (ago, answer) in zip(network, answers, strict=True):
        with then(ago):
            angels.answer(Sending.objects.get(case=far, angel=angel), answer, user=angel.user)
    revised = "Den reviderede plan efter mødet.\n\n" + PROFILE
    _fill(far, 31, officer, meeting=day(30))
    _go(far, "met", 30, officer)
    _fill(far, 21, officer, prospectus=revised)
    _go(far, "send_prospectus", 20, officer)
    _open(
        office, "angel_capital", "Ruter uden tomkørsel", 10, officer, organisation=firms[1],
        values={"amount": 750_000, "profile": PROFILE[:900]},
    )  # fmt: skip


def _challenges(office: Operator, people: Mapping[str, User], firms: Sequence[Organisation]) -> None:
    officer = people["konsulent@demo.invalid"]
    out = _challenge(office, officer, "Mindre madspild i børnehaver", members_days=5)
    over = _challenge(
        office,
        officer,
        "Brugte møbler til rådhuset",
        members_days=0,
        department="Ejendomme",
        challenge=FURNITURE,
    )
    own = Affiliation.objects.filter(person__user=people["virksomhed@demo.invalid"]).first()
    bidders = [(own.organisation, people["virksomhed@demo.invalid"])] if own else []
    for number, firm in enumerate(firms, 1):
        with then(60):
            bidders.append((firm, _firm_person(office, officer, firm, number)))
    # The five days in which members saw it first have ended: now everybody does.
    Tender.objects.filter(pk=out.pk).update(members_until=moment(7))
    for tender in (out, over):
        with then(PUBLISHED):
            announcing.announce(tender.pk)
    for number, (firm, user) in enumerate(bidders):
        for tender, text in ((out, BID), (over, FURNITURE_BID)) if number else ((over, FURNITURE_BID),):
            with then(5 - number):
                tenders.submit(
                    tender, firm, price=Decimal(180_000 + 15_000 * number), text=text, file=None, user=user
                )
    firm, user = bidders[-1]
    with then(8):
        question = market_dialogue.ask(out, firm, text="Hvor mange børn spiser frokost hver dag?", user=user)
    with then(6):
        market_dialogue.answer(question, answer="Omkring 1.200 i 31 børnehaver.", user=officer)
    with then(2):
        market_dialogue.ask(out, firm, text="Kan vi byde på en del af opgaven?", user=user)
    told = "Ni virksomheder kom. Flere foreslog at begynde med tre børnehaver."
    held = _at(day(4), 10)
    with then(3):
        market_dialogue.add_meeting(out, at=held, place="Rådhuset, lokale 2", told=told, user=officer)
    Tender.objects.filter(pk=over.pk).update(deadline=_at(day(1), 14))


PUBLISHED = 12
"""Days since the challenges were published."""


def _at(on: date, hour: int) -> datetime:
    return timezone.make_aware(datetime.combine(on, time(hour)))


def _challenge(
    office: Operator, officer: User, title: str, members_days: int, *,
    department: str = "Skole og dagtilbud", challenge: str = CHALLENGE,
) -> Tender:  # fmt: skip
    values = {
        "department": department, "challenge": challenge, "value": 250_000, "threshold": 500_000,
        "criteria": "Effekt 60 %. Pris 40 %.",
    }  # fmt: skip
    case = _open(office, "challenge", title, PUBLISHED + 2, officer, values=values)
    with then(PUBLISHED):
        tenders.set_up(case, deadline=_at(day(-20), 12), members_days=members_days, user=officer)
    _go(case, "publish", PUBLISHED, officer)
    return Tender.objects.get(case=case)


def _firm_person(office: Operator, like: User, firm: Organisation, number: int) -> User:
    user = User(email=f"bydende{number}@demo.invalid", name=f"Bydende {number} (demo)")
    user.password = like.password
    user.save()
    Membership.objects.create(user=user, operator=office, role=Role.FIRM)
    person = Person.objects.create(operator=office, user=user, name=user.name, email=user.email)
    Affiliation.objects.create(person=person, organisation=firm, may_act=True)
    return user


def _barriers(office: Operator, officer: User, firms: Sequence[Organisation]) -> None:
    """One firm is in contact with its customers and deals with one of them, the other has just entered."""
    with then(ADOPTED):
        tool = adopt_shipped(office, "instrument", "barriereanalyse", user=None)
    values = {
        "sells": "Svejsning og reparation af rustfrit udstyr.", "employees": 6, "turnover": 7_500_000,
        "customer_industries": "10, 11",
    }  # fmt: skip
    far = _open(
        office,
        "barrier_programme",
        "Ind på fødevarefabrikkerne",
        150,
        officer,
        organisation=firms[0],
        values=values,
    )
    answers = assessments.Answers(on=day(140), scores={"certification": 4, "language": 3, "foothold": 5})
    with then(140):
        assessments.assess(firms[0], tool, answers, user=officer, invented=True)
    _go(far, "analysed", 140, officer)
    with then(135):
        for row in islice((row for row in proposals(_fresh(far)) if row.organisation.invented), MOST):
            row.save()  # nothing is told of a real firm
    on_list = list(PotentialCustomer.objects.filter(case=far))
    others = Organisation.objects.filter(operator=office, invented=True).exclude(pk=firms[0].pk)
    others = others.exclude(pk__in=[row.organisation_id for row in on_list]).order_by("-pk")
    for other in others[: max(0, 5 - len(on_list))]:
        with then(130):
            barriers.add(_fresh(far), other, reason="Har ofte noget, der skal repareres.", user=officer)
    _tick(far, 121, officer, "corrected")
    _go(far, "share", 120, officer)
    told = (
        ("connected", 30, "Fast aftale om eftersyn.", Decimal(85_000)),
        ("talking", 45, "Vil se et prøvearbejde.", None),
        ("irrelevant", 60, "Har egen svejser.", None),
    )
    for row, (state, ago, note, dkk) in zip(PotentialCustomer.objects.filter(case=far), told, strict=False):
        with then(ago):
            barriers.follow(
                row, state=state, state_on=day(ago), note=note, dkk=dkk, user=officer, expected=row.version
            )
    for number, title in enumerate(
        ("Branchens sprog", "Certifikater", "Bustur til kunderne", "Spørg eksperten")
    ):
        ago = 110 - 14 * number
        with then(ago):
            barriers.note_day(_fresh(far), on=day(ago), title=title, user=officer)
    _open(
        office, "barrier_programme", "Leverandør til byggeriet", 9, officer, organisation=firms[1],
        values={"sells": "Måltegning og 3D-scanning.", "customer_industries": "41, 42, 43"},
    )  # fmt: skip
