# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""A year of invented cases: building cases whose share within goal rises, grants on their way, and two symbiosis plans."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from brobygger.accounts.models import Operator, User
from brobygger.blueprints.models import Definition
from brobygger.blueprints.services import adopt_shipped
from brobygger.cases.kinds import symbiosis
from brobygger.cases.kinds.grant import ELSEWHERE, schemes
from brobygger.cases.models import Case
from brobygger.cases.services import contents, opening, waiting
from brobygger.cases.services.derive import locked, moment
from brobygger.cases.services.moving import go, move
from brobygger.demo.actors import FIRM_OF_THE_FIRM_USER, SEED
from brobygger.market.models import Listing
from brobygger.register.models import Organisation

TYPES = ("building_case", "grant_application", "symbiosis_plan")
BUILDING_CASES = 44
WHY = "Opdigtet til demonstration"
WHAT = {
    "simple": ("Carport ved værksted", "Udhus til affald", "Skilt på gavl", "Overdækket cykelparkering"),
    "house": ("Bolig til gårdbutik", "Tilbygning til forpagterbolig", "Medhjælperbolig"),
    "industry": ("Lagerhal", "Tilbygning til produktion", "Kølehus", "Værkstedshal", "Udvidelse af pakkeri"),
    "commercial": ("Kontorhus i to plan", "Ombygning af butik", "Klinik i tidligere bank"),
    "apartments": ("Boliger over butik", "Otte ungdomsboliger"),
    "legalisation": ("Lovliggørelse af halvtag", "Lovliggørelse af terrasse"),
}
GOALS = {"simple": 40, "house": 40, "industry": 50, "commercial": 55, "apartments": 60, "legalisation": 50}
GRANTS: Sequence[tuple[str, int, str, int, str]] = (
    ("Varmepumpe til vaskehal", 180_000, "reported", 330, "smv_groen"),
    ("Analyse af madspild", 95_000, "paid", 260, "smv_groen"),
    ("Solceller på lagerhal", 320_000, "granted", 190, "maskinpulje_opdigtet"),
    ("Genbrug af procesvand", 240_000, "granted", 150, "smv_groen"),
    ("Elladestander til varevogne", 60_000, "refused", 140, ELSEWHERE),
    ("Ny mæskekedel med varmegenvinding", 410_000, "sent", 70, "maskinpulje_opdigtet"),
    ("Digital ordrestyring", 120_000, "sent", 45, "smv_digital"),
    ("Emballage til retur", 85_000, "draft", 20, "smv_groen"),
    ("Energigennemgang", 40_000, "draft", 8, "smv_groen"),
)
"""Title, amount applied for, how far it has come, days ago, the scheme."""


def tell(office: Operator, people: Mapping[str, User], actors: Mapping[str, Organisation]) -> None:
    """Adopt the three case types and tell the year. The second time there is nothing to tell."""
    if Definition.objects.filter(operator=office, kind=opening.KIND, key__in=TYPES).exists():
        return
    for key in TYPES:
        adopt_shipped(office, opening.KIND, key, user=None)
    made = random.Random(SEED)
    firms = list(Organisation.objects.filter(operator=office, invented=True).order_by("pk")[:120])
    officers = [people["konsulent@demo.invalid"], people["chef@demo.invalid"]]
    if not firms:
        return
    for number in range(BUILDING_CASES):
        _building_case(office, made.choice(firms), officers[number % 3 == 0], made, number)
    for days in (72, 44):  # one is late, one close to its deadline
        _undecided(office, made.choice(firms), officers[0], days)
    _one_that_asks(office, actors.get(FIRM_OF_THE_FIRM_USER, firms[0]), officers[0])
    for title, amount, end, ago, scheme in GRANTS:
        firm = actors.get(FIRM_OF_THE_FIRM_USER, firms[0]) if "mæske" in title else made.choice(firms)
        _grant(office, firm, officers[0], title, Decimal(amount), end, ago, scheme)
    _symbioses(office, officers[0])


def _ago(days: int) -> date:
    return timezone.localdate() - timedelta(days=days)


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
    case = opening.open_case(
        office, "building_case", title=made.choice(WHAT[sort]), user=None, organisation=firm, officer=officer, subtype=sort,
        on=_ago(max(received, 1)), external_ref=f"DEMO-{1000 + number}", values={"address": firm.address}, invented=True,
    )  # fmt: skip
    if complete < 1:
        return
    case = move(
        _fresh(case), "complete", user=None, expected=_fresh(case).version, on=_ago(complete), reason=WHY
    )
    left = complete
    if made.random() < 0.4 and left > 12:
        asked = waiting.pause(
            case, "applicant", user=None, text="Send facader i mål 1:100.", on=_ago(left - 5), reason=WHY
        )
        took = made.randint(3, 20)
        if left - 5 - took < 1:
            return
        waiting.resume(case, asked, user=None, on=_ago(left - 5 - took), reason=WHY)
        left -= took
    if left - days > 0:
        way = made.choices(("grant", "refuse", "withdraw"), weights=(17, 2, 1))[0]
        now = _fresh(case)
        move(now, way, user=None, expected=now.version, on=_ago(left - days), reason=WHY)


def _undecided(office: Operator, firm: Organisation, officer: User, complete: int) -> None:
    case = opening.open_case(
        office, "building_case", title="Tilbygning til lager", user=None, organisation=firm, officer=officer,
        subtype="industry", on=_ago(complete + 9), external_ref=f"DEMO-{2000 + complete}",
        values={"address": firm.address}, invented=True,
    )  # fmt: skip
    move(_fresh(case), "complete", user=None, expected=_fresh(case).version, on=_ago(complete), reason=WHY)


def _one_that_asks(office: Operator, firm: Organisation, officer: User) -> None:
    """The firm that can sign in is asked for something."""
    case = opening.open_case(
        office, "building_case", title="Udvidelse af gæringskælder", user=None, organisation=firm, officer=officer, subtype="industry",
        on=_ago(24), external_ref="DEMO-2000", values={"address": firm.address, "area": 140}, invented=True,
    )  # fmt: skip
    case = move(_fresh(case), "complete", user=None, expected=_fresh(case).version, on=_ago(20), reason=WHY)
    text = "Vi mangler en brandstrategi for kælderen. Læg den op her på siden, og skriv et par ord om den."
    waiting.pause(case, "applicant", user=None, text=text, on=_ago(6), reason=WHY, tell=False)


def _grant(
    office: Operator, firm: Organisation, officer: User, title: str, amount: Decimal, end: str, ago: int, scheme: str
) -> None:  # fmt: skip
    case = opening.open_case(
        office, "grant_application", title=title, user=None, organisation=firm, officer=officer, on=_ago(ago), invented=True,
        values={
            "scheme": scheme if scheme in schemes(office) else ELSEWHERE, "purpose": title, "applied_amount": amount,
            "budget_amount": amount * 2, "co_finance": amount,
        },
    )  # fmt: skip
    if end == "draft":
        return
    case = contents.tick(case, ["fits", "budget", "co_finance", "signed"], user=None, expected=case.version)
    _skip(case, "send", ago - 5)  # the demo has no files, so the gate's document is passed over
    if end == "sent":
        return
    if end == "refused":
        now = _fresh(case)
        move(now, "refuse", user=None, expected=now.version, on=_ago(ago - 60), reason="Puljen var brugt op")
        return
    granted = {"granted_amount": amount * Decimal("0.8"), "grantor": "Opdigtet pulje", "aid_rules": "none",
               "report_before": _ago(ago - 420)}  # fmt: skip
    case = contents.fill_in(_fresh(case), granted, user=None, expected=None)
    case = move(case, "grant", user=None, expected=case.version, on=_ago(ago - 60), reason=WHY)
    if end == "granted":
        return
    contents.pay(case, amount * Decimal("0.8"), on=_ago(ago - 120), text="Hele beløbet", user=None)
    now = _fresh(case)
    move(now, "paid", user=None, expected=now.version, on=_ago(ago - 120), reason=WHY)
    if end == "reported":
        _skip(_fresh(case), "report", ago - 200)


def _skip(case: Case, way: str, ago: int) -> None:
    with transaction.atomic():
        now = locked(case)
        taken = now.type.move(now.stage, way)
        if taken:
            at = moment(_ago(max(ago, 1)), not_before=now.stage_at, reason=WHY, user=None)
            go(now, taken, taken.to, name=taken.key, user=None, at=at, reason=WHY)


def _symbioses(office: Operator, officer: User) -> None:
    """Two plans from residues that firms have, as far as the engine and a talk bring them."""
    rows = Listing.objects.filter(
        operator=office, side=Listing.Side.HAVE, kind=Listing.Kind.RESIDUE, visibility=Listing.Visibility.OPEN,
        suggestions_as_have__isnull=False,
    ).order_by("pk").distinct()[:2]  # fmt: skip
    for number, listing in enumerate(rows):
        case = symbiosis.from_listing(listing, user=officer)
        Case.objects.filter(pk=case.pk).update(invented=True)
        if number == 0 and case.parties.filter(role="taker").exists():
            case = _fresh(case)
            move(case, "takers", user=officer, expected=case.version)
