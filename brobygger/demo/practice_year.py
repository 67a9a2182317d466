# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Invented cases after the catalogue: an investor's enquiry, concept loans, business angels, a challenge with bids, and the
barrier programme."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
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
from brobygger.cases.tenders import dialogue as market_dialogue
from brobygger.cases.tenders import services as tenders
from brobygger.cases.tenders.models import Tender
from brobygger.demo.data_texts import BID, CHALLENGE, FURNITURE, FURNITURE_BID, PLAN, PROFILE
from brobygger.dialogue.services import assessments
from brobygger.register.models import Affiliation, Organisation, Person
from brobygger.register.search import index as index_firms

TYPES = ("investor_enquiry", "concept_loan", "angel_capital", "challenge", "barrier_programme")


def tell(office: Operator, people: Mapping[str, User]) -> None:
    """Adopt the case types and tell their stories. The second time there is nothing to tell."""
    if Definition.objects.filter(operator=office, kind=opening.KIND, key__in=TYPES).exists():
        return
    for key in TYPES:
        adopt_shipped(office, opening.KIND, key, user=None)
    firms = list(Organisation.objects.filter(operator=office, invented=True).order_by("pk")[:12])
    welders = Organisation.objects.filter(operator=office, invented=True, industry__startswith="25").exclude(
        pk__in=[firm.pk for firm in firms[:10]]
    )
    officer = people["konsulent@demo.invalid"]
    if len(firms) < 12:
        return
    group = [_partner(office, officer, number) for number in range(1, 5)]
    _enquiries(office, officer)
    _loans(office, officer, firms, group)
    _angels(office, officer, firms[6:8], group)
    _challenges(office, people, firms[8:10])
    welder = welders.order_by("pk").first() or firms[10]
    surveyor = next(firm for firm in firms[10:12] if firm != welder)
    _barriers(office, officer, [welder, surveyor])


def _partner(office: Operator, like: User, number: int) -> User:
    """A business person who sits in the steering group and in the network of angels. Signs in with the demo's password."""
    user = User(email=f"partner{number}@demo.invalid", name=f"Partner {number} (demo)")
    user.password = like.password
    user.save()
    Membership.objects.create(user=user, operator=office, role=Role.PARTNER)
    return user


def _ago(days: int) -> date:
    return timezone.localdate() - timedelta(days=days)


def _fresh(case: Case) -> Case:
    return Case.objects.get(pk=case.pk)


def _go(case: Case, key: str, days_ago: int = 0, user: User | None = None) -> None:
    fresh = _fresh(case)
    move(fresh, key, user=user, expected=fresh.version, on=_ago(days_ago))


def _fill(case: Case, **values: Any) -> None:
    contents.fill_in(_fresh(case), values, user=None, expected=None)


def _tick(case: Case, *keys: str) -> None:
    fresh = _fresh(case)
    contents.tick(fresh, list(keys), user=None, expected=fresh.version)


def _open(office: Operator, key: str, title: str, days_ago: int, officer: User, **more: Any) -> Case:
    return opening.open_case(
        office, key, title=title, user=None, officer=officer, on=_ago(days_ago), invented=True, **more
    )


def _enquiries(office: Operator, officer: User) -> None:
    values = {
        "investor": "Nordtang Foods (opdigtet)", "investor_email": "investor@demo.invalid", "industries": "10, 11",
        "purpose": "Fabrik til færdigretter med tang og grønt.", "jobs": 60, "area": 4000,
    }  # fmt: skip
    case = _open(office, "investor_enquiry", "Nordtang søger sted til fabrik", 25, officer, values=values)
    _go(case, "take_on", 24)
    enquiries.make(_fresh(case), introduction="", user=officer)
    text = "Her er råvarer, bryggere og gartnere tæt på hinanden, og kontoret kender dem alle."
    version = enquiries.make(_fresh(case), introduction=text, user=officer)
    message = "Tak for besøget. Her er tallene, vi talte om."
    enquiries.send(version, to="investor@demo.invalid", message=message, user=officer)
    _tick(case, "read")
    _go(case, "answer")
    _open(
        office, "investor_enquiry", "Mejeri spørger til haller", 1, officer,
        values={"investor": "Fløde og Fjord (opdigtet)", "industries": "10.5"},
    )  # fmt: skip


def _loans(office: Operator, officer: User, firms: Sequence[Organisation], group: Sequence[User]) -> None:
    bank = Organisation.objects.create(
        operator=office, name="Demobanken (opdigtet)", kind=Organisation.Kind.BANK, invented=True
    )
    index_firms([bank])
    adviser = Person.objects.create(operator=office, user=group[3], name=group[3].name, email=group[3].email)
    Affiliation.objects.create(person=adviser, organisation=bank, may_act=True)
    running = _loan(office, officer, "Varelager til nye kunder", firms[0], 480, 300_000)
    _to_second_meeting(running, bank, group, since=470)
    _go(running, "decide", 400)
    lending.agree(
        _fresh(running), principal=Decimal(300_000), paid_out_on=_ago(390), percent=Decimal("2.6"), per_year=4,
        day_count="actual/365", user=officer,
    )  # fmt: skip
    contents.add_party(_fresh(running), "mentor", user=None, party_user=group[1])
    _go(running, "pay_out", 390)
    loan = Loan.objects.get(case=running)
    lending.new_rate(loan, from_on=_ago(120), percent=Decimal("2.9"), user=officer)
    for jobs, text in (
        (2, "Lageret er fyldt, og den første sælger er ansat."),
        (4, "To nye kæder på kundelisten."),
    ):
        lending.report(loan, new_jobs=Decimal(jobs), text=text, user=officer)
    deciding = _loan(office, officer, "Maskine til flaskeskyl", firms[1], 90, 450_000)
    _to_second_meeting(deciding, bank, group, since=80)
    vote(_fresh(deciding), "decide", "yes", user=group[0], round=_fresh(deciding).round)
    _loan(office, officer, "Webbutik til hele landet", firms[2], 4, 200_000)


def _loan(
    office: Operator, officer: User, title: str, firm: Organisation, days_ago: int, amount: int
) -> Case:
    values = {"purpose": f"{title}.", "amount": amount, "jobs": 11, "newcomer": False}
    return _open(office, "concept_loan", title, days_ago, officer, organisation=firm, values=values)


def _to_second_meeting(case: Case, bank: Organisation, group: Sequence[User], since: int) -> None:
    contents.add_party(_fresh(case), "bank", user=None, organisation=bank)
    _go(case, "choose_bank", since)
    _go(case, "recommend", since - 10)
    for member in group[:3]:
        contents.add_party(_fresh(case), "group", user=None, party_user=member)
    _fill(case, first_meeting=_ago(since - 20), second_meeting=_ago(since - 60))
    _tick(case, "told", "talked", "advised")
    _go(case, "met", since - 20)
    contents.add_party(_fresh(case), "spar", user=None, party_user=group[0])
    documents.add(_fresh(case), ContentFile(_plan(case), name="forretningsplan.pdf"), kind="plan", user=None)
    _go(case, "ready", since - 55)
    _tick(case, "presented")


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
    network = [
        angels.join(office, user, user=officer, **wish) for user, wish in zip(group, wishes, strict=True)
    ]
    far = _open(
        office, "angel_capital", "Glas igen", 60, officer, organisation=firms[0],
        values={"amount": 1_000_000, "profile": PROFILE},
    )  # fmt: skip
    _go(far, "send_profile", 50)
    for angel, answer in zip(network, ("yes", "yes", "yes", "no"), strict=True):
        angels.answer(Sending.objects.get(case=far, angel=angel), answer, user=angel.user)
    _fill(far, meeting=_ago(30), prospectus="Den reviderede plan efter mødet.\n\n" + PROFILE)
    _go(far, "met", 30)
    _go(far, "send_prospectus", 20)
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
        user = _firm_person(office, officer, firm, number)
        bidders.append((firm, user))
    for number, (firm, user) in enumerate(bidders):
        for tender, text in ((out, BID), (over, FURNITURE_BID)) if number else ((over, FURNITURE_BID),):
            tenders.submit(
                tender, firm, price=Decimal(180_000 + 15_000 * number), text=text, file=None, user=user
            )
    firm, user = bidders[-1]
    question = market_dialogue.ask(out, firm, text="Hvor mange børn spiser frokost hver dag?", user=user)
    market_dialogue.answer(question, answer="Omkring 1.200 i 31 børnehaver.", user=officer)
    market_dialogue.ask(out, firm, text="Kan vi byde på en del af opgaven?", user=user)
    held = timezone.now() - timedelta(days=3)
    told = "Ni virksomheder kom. Flere foreslog at begynde med tre børnehaver."
    market_dialogue.add_meeting(out, at=held, place="Rådhuset, lokale 2", told=told, user=officer)
    now = timezone.now()
    Tender.objects.filter(pk=over.pk).update(deadline=now - timedelta(hours=2))
    # The five days in which members saw it first ended yesterday: now everybody does.
    Tender.objects.filter(pk=out.pk).update(
        published_at=now - timedelta(days=6), members_until=now - timedelta(days=1)
    )


def _challenge(
    office: Operator, officer: User, title: str, members_days: int, *,
    department: str = "Skole og dagtilbud", challenge: str = CHALLENGE,
) -> Tender:  # fmt: skip
    values = {
        "department": department, "challenge": challenge, "value": 250_000, "threshold": 500_000,
        "criteria": "Effekt 60 %. Pris 40 %.",
    }  # fmt: skip
    case = _open(office, "challenge", title, 12, officer, values=values)
    tenders.set_up(
        case, deadline=timezone.now() + timedelta(days=20), members_days=members_days, user=officer
    )
    _go(case, "publish")
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
    answers = assessments.Answers(on=_ago(140), scores={"certification": 4, "language": 3, "foothold": 5})
    assessments.assess(firms[0], tool, answers, user=officer, invented=True)
    _go(far, "analysed", 140)
    for row in islice((row for row in proposals(_fresh(far)) if row.organisation.invented), MOST):
        row.save()  # nothing is told of a real firm
    on_list = list(PotentialCustomer.objects.filter(case=far))
    others = Organisation.objects.filter(operator=office, invented=True).exclude(pk=firms[0].pk)
    others = others.exclude(pk__in=[row.organisation_id for row in on_list]).order_by("-pk")
    for other in others[: max(0, 5 - len(on_list))]:
        barriers.add(_fresh(far), other, reason="Har ofte noget, der skal repareres.", user=officer)
    _tick(far, "corrected")
    _go(far, "share", 120)
    told = (
        ("connected", 30, "Fast aftale om eftersyn.", Decimal(85_000)),
        ("talking", 45, "Vil se et prøvearbejde.", None),
        ("irrelevant", 60, "Har egen svejser.", None),
    )
    for row, (state, days, note, dkk) in zip(PotentialCustomer.objects.filter(case=far), told, strict=False):
        barriers.follow(
            row, state=state, state_on=_ago(days), note=note, dkk=dkk, user=officer, expected=row.version
        )
    for number, title in enumerate(
        ("Branchens sprog", "Certifikater", "Bustur til kunderne", "Spørg eksperten")
    ):
        barriers.note_day(_fresh(far), on=_ago(110 - 14 * number), title=title, user=officer)
    _open(
        office, "barrier_programme", "Leverandør til byggeriet", 9, officer, organisation=firms[1],
        values={"sells": "Måltegning og 3D-scanning.", "customer_industries": "41, 42, 43"},
    )  # fmt: skip
