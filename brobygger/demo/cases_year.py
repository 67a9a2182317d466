# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""A year of invented cases: building cases whose share within goal rises, grants on their way, and two symbiosis plans."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from brobygger.accounts.models import Operator, User
from brobygger.blueprints.models import Definition
from brobygger.blueprints.services import adopt_shipped
from brobygger.cases.kinds import symbiosis
from brobygger.cases.kinds.grant import ELSEWHERE, schemes
from brobygger.cases.models import Case, CaseDuty, CaseEvent
from brobygger.cases.services import contents, opening, waiting
from brobygger.cases.services.derive import locked, moment, refresh
from brobygger.cases.services.moving import go, move
from brobygger.demo.actors import FIRM_OF_THE_FIRM_USER, SEED
from brobygger.demo.moments import WHY, day, then
from brobygger.market.models import Listing
from brobygger.register.models import Organisation

TYPES = ("building_case", "grant_application", "symbiosis_plan")
BUILDING_CASES = 44
WHAT = {
    "simple": ("Carport ved værksted", "Udhus til affald", "Skilt på gavl", "Overdækket cykelparkering"),
    "house": ("Bolig til gårdbutik", "Tilbygning til forpagterbolig", "Medhjælperbolig"),
    "industry": ("Lagerhal", "Tilbygning til produktion", "Kølehus", "Værkstedshal", "Udvidelse af pakkeri"),
    "commercial": ("Kontorhus i to plan", "Ombygning af butik", "Klinik i tidligere bank"),
    "apartments": ("Boliger over butik", "Otte ungdomsboliger"),
    "legalisation": ("Lovliggørelse af halvtag", "Lovliggørelse af terrasse"),
}
ADOPTED = 460
"""Days since the office began with cases."""
ASKED = (
    ("Send facader i mål 1:100.", "Facaderne er lagt op nu."),
    (
        "Vi mangler en situationsplan med afstand til skel.",
        "Planen ligger på sagen. Der er 3,2 meter til skel.",
    ),
    (
        "Hvad bliver bygningen brugt til, og hvor mange arbejder der?",
        "Lager til færdige varer. To går derude til dagligt.",
    ),
    ("Vi mangler ejerens fuldmagt.", "Fuldmagten er underskrevet og lagt op."),
    (
        "Hvordan kommer regnvandet væk fra det nye tag?",
        "Det nedsives i en faskine på egen grund. Se tegningen.",
    ),
)
"""What the office asked applicants, and what they answered."""
REASONS = {
    "grant": (
        "Projektet overholder bygningsreglementet og lokalplanen.",
        "Naboerne er hørt, og der er ingen indvendinger.",
        "Det byggede svarer til tegningerne, og brandforholdene er i orden.",
    ),
    "refuse": (
        "Bygningen er højere, end lokalplanen tillader.",
        "Der er for kort til skel, og naboen siger nej.",
    ),
    "withdraw": (
        "Ansøger vil vente, til økonomien er på plads.",
        "Ansøger har fundet lokaler et andet sted.",
    ),
}
UNDECIDED = (("Tilbygning til lager", 72), ("Nyt halvtag ved lager", 44))
"""Title, days since it was complete: one is late, one close to its deadline."""
GOALS = {"simple": 40, "house": 40, "industry": 50, "commercial": 55, "apartments": 60, "legalisation": 50}
GRANTS: Sequence[tuple[str, int, str, int, str, str]] = (
    ("Varmepumpe til vaskehal", 180_000, "reported", 330, "smv_groen", "96"),
    ("Analyse af madspild", 95_000, "paid", 260, "smv_groen", "56"),
    ("Solceller på lagerhal", 320_000, "granted", 190, "maskinpulje_opdigtet", "52"),
    ("Genbrug af procesvand", 240_000, "granted", 150, "smv_groen", "105"),
    ("Elladestander til varevogne", 60_000, "refused", 140, ELSEWHERE, "43"),
    ("Ny mæskekedel med varmegenvinding", 410_000, "sent", 70, "maskinpulje_opdigtet", ""),
    ("Digital ordrestyring", 120_000, "sent", 45, "smv_digital", "25"),
    ("Emballage til retur", 85_000, "draft", 20, "smv_groen", "46"),
    ("Energigennemgang", 40_000, "draft", 8, "smv_groen", "107"),
)
"""Title, amount applied for, how far it has come, days ago, the scheme, the industry of a firm that it suits."""


def tell(office: Operator, people: Mapping[str, User], actors: Mapping[str, Organisation]) -> None:
    """Adopt the three case types and tell the year. The second time there is nothing to tell."""
    if Definition.objects.filter(operator=office, kind=opening.KIND, key__in=TYPES).exists():
        return
    with then(ADOPTED):
        for key in TYPES:
            adopt_shipped(office, opening.KIND, key, user=None)
    made = random.Random(SEED)
    firms = list(Organisation.objects.filter(operator=office, invented=True).order_by("pk")[:120])
    officers = [people["konsulent@demo.invalid"], people["chef@demo.invalid"]]
    if not firms:
        return
    for number in range(BUILDING_CASES):
        _building_case(office, made.choice(firms), officers[number % 3 == 0], made, number)
    for title, days in UNDECIDED:
        _undecided(office, made.choice(firms), officers[0], title, days)
    _one_that_asks(
        office, actors.get(FIRM_OF_THE_FIRM_USER, firms[0]), officers[0], people["virksomhed@demo.invalid"]
    )
    for title, amount, end, ago, scheme, industry in GRANTS:
        firm = of_industry(office, industry) if industry else actors.get(FIRM_OF_THE_FIRM_USER)
        firm = firm or firms[0]
        _grant(office, firm, officers[0], title, Decimal(amount), end, ago, scheme)
    _symbioses(office, officers[0])
    settle(office)


def of_industry(office: Operator, industry: str, at: int = 0) -> Organisation | None:
    """One of the invented firms of an industry; None in a demo with few."""
    rows = Organisation.objects.filter(operator=office, invented=True, cvr__isnull=False, status="active")
    found: Organisation | None = (
        rows.filter(industry__startswith=industry).order_by("cvr")[at : at + 1].first()
    )
    return found


def settle(office: Operator) -> None:
    """Where each case stands, and the clocks with it, is worked out again: what happened in it was moved. What the office
    has acted on since is read."""
    for case in Case.objects.filter(operator=office).select_related("definition", "operator"):
        if case.news_id and case.events.filter(pk__gt=case.news_id, by=case.officer).exists():
            case.news = None
        refresh(case)


def _fresh(case: Case) -> Case:
    return Case.objects.select_related("definition", "operator", "organisation").get(pk=case.pk)


def _building_case(
    office: Operator, firm: Organisation, officer: User, made: random.Random, number: int
) -> None:
    """The newer the case, the likelier that it keeps its goal."""
    sort = made.choices(list(WHAT), weights=(5, 2, 8, 4, 2, 1))[0]
    received = 440 - number * 10 + made.randint(0, 6)
    complete = received - made.randint(4, 30)
    goal = GOALS[sort]
    days = (
        made.randint(goal // 2, goal)
        if made.random() < 0.6 + 0.25 * number / BUILDING_CASES
        else goal + made.randint(2, 30)
    )
    with then(max(received, 1)):
        case = opening.open_case(
            office, "building_case", title=made.choice(WHAT[sort]), user=officer, organisation=firm, officer=officer,
            subtype=sort, on=day(max(received, 1)), external_ref=f"DEMO-{1000 + number}", values={"address": firm.address},
            reason=WHY, invented=True,
        )  # fmt: skip
    if complete < 1:
        return
    _go(case, "complete", complete, officer)
    left = complete
    if made.random() < 0.4 and left > 12:
        text, answer = made.choice(ASKED)
        asked = _ask(case, text, left - 5, officer)
        took = made.randint(3, 20)
        if left - 5 - took < 1:
            return
        with then(left - 5 - took):
            waiting.resume(case, asked, user=officer, text=answer, on=day(left - 5 - took), reason=WHY)
        left -= took
    if left - days > 0:
        way = made.choices(("grant", "refuse", "withdraw"), weights=(17, 2, 1))[0]
        _go(case, way, left - days, officer, why=made.choice(REASONS[way]))


def _go(case: Case, way: str, ago: int, user: User | None, why: str = WHY) -> None:
    with then(ago):
        now = _fresh(case)
        move(now, way, user=user, expected=now.version, on=day(ago), reason=why)


def _ask(case: Case, text: str, ago: int, officer: User) -> CaseEvent:
    with then(ago):
        return waiting.pause(_fresh(case), "applicant", user=officer, text=text, on=day(ago), reason=WHY)


def _undecided(office: Operator, firm: Organisation, officer: User, title: str, complete: int) -> None:
    with then(complete + 9):
        case = opening.open_case(
            office, "building_case", title=title, user=officer, organisation=firm, officer=officer,
            subtype="industry", on=day(complete + 9), external_ref=f"DEMO-{2000 + complete}",
            values={"address": firm.address}, reason=WHY, invented=True,
        )  # fmt: skip
    _go(case, "complete", complete, officer)


def _one_that_asks(office: Operator, firm: Organisation, officer: User, owner: User) -> None:
    """The firm that can sign in is asked for something, and has asked back, which nobody has read."""
    with then(24):
        case = opening.open_case(
            office, "building_case", title="Udvidelse af gæringskælder", user=officer, organisation=firm, officer=officer,
            subtype="industry", on=day(24), external_ref="DEMO-2000", values={"address": firm.address, "area": 140},
            reason=WHY, invented=True,
        )  # fmt: skip
    _go(case, "complete", 20, officer)
    text = "Vi mangler en brandstrategi for kælderen. Læg den op her på siden, og skriv et par ord om den."
    _ask(case, text, 6, officer)
    if firm.affiliations.filter(person__user=owner).exists():
        with then(2):
            contents.message(
                _fresh(case), "Brandrådgiveren kommer mandag. Må trappen flyttes samtidig?", user=owner
            )


def _grant(
    office: Operator, firm: Organisation, officer: User, title: str, amount: Decimal, end: str, ago: int, scheme: str
) -> None:  # fmt: skip
    values = {
        "scheme": scheme if scheme in schemes(office) else ELSEWHERE, "purpose": title, "applied_amount": amount,
        "budget_amount": amount * 2, "co_finance": amount,
    }  # fmt: skip
    with then(ago):
        case = opening.open_case(
            office, "grant_application", title=title, user=officer, organisation=firm, officer=officer, on=day(ago),
            values=values, reason=WHY, invented=True,
        )  # fmt: skip
    if end == "draft":
        return
    with then(ago - 4):
        contents.tick(
            _fresh(case),
            ["fits", "budget", "co_finance", "signed"],
            user=officer,
            expected=_fresh(case).version,
        )
    _skip(case, "send", ago - 5, officer)  # the demo has no files, so the gate's document is passed over
    if end == "sent":
        return
    if end == "refused":
        _go(case, "refuse", ago - 60, officer, why="Puljen var brugt op")
        return
    granted = {"granted_amount": amount * Decimal("0.8"), "grantor": _grantor(case), "aid_rules": "none",
               "report_before": day(ago - 420)}  # fmt: skip
    with then(ago - 60):
        contents.fill_in(_fresh(case), granted, user=officer, expected=None)
    _go(case, "grant", ago - 60, officer)
    if end == "granted":
        return
    with then(ago - 120):
        contents.pay(case, amount * Decimal("0.8"), on=day(ago - 120), text="Hele beløbet", user=officer)
    _go(case, "paid", ago - 120, officer)
    if end == "reported":
        _skip(_fresh(case), "report", ago - 200, officer)
        CaseDuty.objects.filter(case=case, key="report").update(done_on=day(ago - 200), done_by=officer)


def _grantor(case: Case) -> str:
    return case.topic if case.value("scheme") != ELSEWHERE else "En opdigtet pulje"


def _skip(case: Case, way: str, ago: int, officer: User) -> None:
    with transaction.atomic(), then(max(ago, 1)):
        now = locked(case)
        taken = now.type.move(now.stage, way)
        if taken:
            at = moment(day(max(ago, 1)), not_before=now.stage_at, reason=WHY, user=officer)
            go(now, taken, taken.to, name=taken.key, user=officer, at=at, reason=WHY)


def _symbioses(office: Operator, officer: User) -> None:
    """Two plans from residues that firms have, as far as the engine and a talk bring them."""
    rows = Listing.objects.filter(
        operator=office, side=Listing.Side.HAVE, kind=Listing.Kind.RESIDUE, visibility=Listing.Visibility.OPEN,
        suggestions_as_have__isnull=False,
    ).order_by("organisation_id", "text").distinct()[:2]  # fmt: skip
    for number, listing in enumerate(rows):
        since = (timezone.localdate() - timezone.localdate(listing.created_at)).days
        ago = min(45 - 20 * number, max(1, since - 2))
        with then(ago):
            case = symbiosis.from_listing(listing, user=officer)
            Case.objects.filter(pk=case.pk).update(invented=True)
        if number == 0 and case.parties.filter(role="taker").exists():
            with then(ago // 2):
                case = _fresh(case)
                move(case, "takers", user=officer, expected=case.version)
