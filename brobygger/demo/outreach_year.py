# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""A year of outreach in the demo municipality: a portfolio, assessments, levels, action plans and planned visits.

Only invented firms are judged: nothing is said of anybody who exists.
"""

from __future__ import annotations

import random
from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone

from brobygger.accounts.models import Operator, User
from brobygger.blueprints.models import Definition
from brobygger.blueprints.services import adopt_shipped
from brobygger.demo.actors import SEED
from brobygger.demo.moments import day, then
from brobygger.dialogue.models import (
    ActionPlan,
    Assessment,
    FollowUp,
    Interaction,
    PlannedVisit,
    PortfolioFirm,
)
from brobygger.dialogue.queries import funnels as funnel_queries
from brobygger.dialogue.services import (
    action_plans,
    assessments,
    follow_ups,
    funnels,
    interactions,
    outreach,
    portfolio,
    visits,
)
from brobygger.dialogue.services.assessments import Answers
from brobygger.register.models import Organisation

IN_PORTFOLIO, ASSESSED, AGAIN = 60, 26, 10
STARTED = 400
"""Days since the office began with a portfolio and levels."""
INDUSTRIES = ["C", "41", "42", "43", "62"]
"""Production, building and IT: the kinds that case 4 of the catalogue of good practice gives priority."""
MAYOR = (
    "Borgmesteren så produktionen og talte med tre lærlinge.",
    "Borgmesteren hørte om trafikken forbi porten og tog spørgsmålet om et venstresving med hjem.",
    "Borgmesteren fik vist den nye hal. Ejeren roste byggesagen og savnede svar om vejbidraget.",
    "Borgmesteren og ejeren talte om boliger til dem, der flytter hertil for et job.",
)
SAID = (
    "De vil gerne vokse, men mangler en sælger. Vi talte om væksttjek og en studerende.",
    "Ordrebogen er fuld til sommer. De overvejer at bygge til og spørger til reglerne.",
    "Ejeren vil gerne skrue ned om fem år. Vi talte om generationsskifte.",
    "De leverer til en stor kunde og vil gerne have to til. Certificeringen er næste skridt.",
    "Ny maskine på plads. De har ledig kapacitet om natten og restmaterialer hver uge.",
    "Svært at få lærlinge. De vil gerne med på erhvervsmessen.",
    "El og varme er blevet dyrt. Vi så på kompressoren, og de vil have en energigennemgang.",
    "De har lige fået ny bogholder og vil have tal hver måned. Vi talte om at budgettere kontanterne.",
    "Lageret er for småt. De leder efter 400 m² i nærheden og vil ikke flytte langt.",
    "Sønnen er med i driften nu. De vil tale med en, der har prøvet et generationsskifte.",
    "De smider en container pap og plast ud om ugen. Vi kigger efter nogen, der kan bruge det.",
    "Webbutikken sælger mere end butikken. De mangler hjælp til at pakke og sende.",
    "De har budt på en opgave for kommunen og tabte på prisen. De vil gerne vide hvorfor.",
    "Ny kunde i Tyskland. De spørger til regler for moms og til nogen, der kan oversætte.",
    "To er stoppet i foråret. De vil gerne have seniorer på deltid.",
    "Alt kører. De vil gerne være vært for et netværksmøde.",
)
STEPS = (
    ("Find en rådgiver til certificeringen", 21, "process"),
    ("Mød to mulige kunder i Køge", 45, "internationalisation"),
    ("Lav et budget for de næste to år", 60, "finance"),
)
GOALS = (
    "To nye faste kunder uden for kommunen",
    "Klar til at levere det dobbelte",
    "En ledelse, der ikke hænger på ejeren",
)


def tell(office: Operator, people: Mapping[str, User]) -> None:
    """Everything, once: an office that has a portfolio is left alone."""
    if PortfolioFirm.objects.filter(operator=office).exists():
        return
    made = random.Random(SEED)
    consultant, head = people["konsulent@demo.invalid"], people["chef@demo.invalid"]
    with then(STARTED):
        tools = _definitions(office)
        _figures(office, consultant, head)
    firms = _portfolio(office, made, consultant, head)
    _talks(firms, made, (consultant, head))
    _assess(firms[:ASSESSED], tools["virksomhedsprofil"], made, consultant)
    _check(firms[ASSESSED : ASSESSED + 4], tools, made, consultant)
    _levels(office, tools, firms, made, consultant)
    _plans(firms, consultant)
    _sorting(firms[-1], tools["sorteringstjek"], consultant)
    _weeks(office, firms, consultant, head)


def _definitions(office: Operator) -> dict[str, Definition]:
    keys = {
        "instrument": (
            "virksomhedsprofil",
            "branchetjek_lyd",
            "barriereanalyse",
            "vaeksttjek",
            "sorteringstjek",
        ),
        "funnel": ("virksomhedstragt", "engagement"),
    }
    return {key: adopt_shipped(office, kind, key, user=None) for kind, named in keys.items() for key in named}


def _figures(office: Operator, consultant: User, head: User) -> None:
    wanted = outreach.Wanted(
        visits_per_year=40,
        talk_every_months=36,
        visits_per_week=3,
        weeks_per_year=42,
        priority_industries=INDUSTRIES,
        capacities={consultant.pk: 4, head.pk: 1},
    )
    outreach.save(office, wanted, user=head, expected=1)


def _portfolio(office: Operator, made: random.Random, consultant: User, head: User) -> list[Organisation]:
    rows = Organisation.objects.filter(
        operator=office, invented=True, status=Organisation.Status.ACTIVE, kind=Organisation.Kind.FIRM
    )
    firms = list(rows.order_by("pk"))
    made.shuffle(firms)
    firms = firms[:IN_PORTFOLIO]
    for who, mine in ((consultant, firms[:22]), (head, firms[22:27]), (None, firms[27:])):
        keys = [firm.pk for firm in mine]
        with then(STARTED):
            portfolio.add_many(
                office, keys, user=consultant, why="Produktion, byggeri og it med vækst", key_account=who
            )
    return firms


def _talks(firms: list[Organisation], made: random.Random, staff: tuple[User, User]) -> None:
    """Some were visited this year, some long ago, and every fourth never."""
    for place, firm in enumerate(firms):
        if place % 4 == 3:
            continue
        days = [made.randint(20, 300)] if place % 4 else [made.randint(1150, 1500)]
        if place < ASSESSED and place % 4 == 1:
            days.append(made.randint(400, 900))
        for ago in days:
            kind = made.choice((Interaction.Kind.VISIT, Interaction.Kind.VISIT, Interaction.Kind.MEETING))
            _write(firm, staff[0] if place % 5 else staff[1], kind, ago, made.choice(SAID))
    for firm, text in zip(firms[1:12:3], MAYOR, strict=False):
        _write(firm, staff[1], Interaction.Kind.MAYOR_VISIT, made.randint(30, 320), text)


def _write(firm: Organisation, who: User, kind: str, ago: int, text: str) -> Interaction:
    note = interactions.Note(kind=kind, on=day(ago), by=who, organisations=[firm], text=text)
    with then(ago):
        return interactions.write(note, user=who, invented=True)


def _assess(firms: list[Organisation], tool: Definition, made: random.Random, who: User) -> None:
    """Some of them twice, with a little progress; now and then something was not answered."""
    parameters = tool.content.parameters
    for place, firm in enumerate(firms):
        level = made.choice((2, 3, 3, 4, 4))
        first = {one.key: _near(level, made) for one in parameters if made.random() > 0.08}
        times = [(made.randint(420, 700), first)] if place < AGAIN else []
        later = {key: min(5, score + made.choice((0, 0, 1))) for key, score in first.items()}
        for ago, scores in [*times, (made.randint(15, 300), later)]:
            _assessed(firm, tool, scores, ago, who)


def _assessed(firm: Organisation, tool: Definition, scores: Mapping[str, int], ago: int, who: User) -> None:
    with then(ago):
        assessments.assess(firm, tool, Answers(on=day(ago), scores=scores), user=who, invented=True)


def _check(
    firms: list[Organisation], tools: Mapping[str, Definition], made: random.Random, who: User
) -> None:
    for key, firm in zip(
        ("vaeksttjek", "barriereanalyse", "branchetjek_lyd", "vaeksttjek"), firms, strict=False
    ):
        scores = {one.key: _near(3, made) for one in tools[key].content.parameters}
        _assessed(firm, tools[key], scores, made.randint(10, 120), who)


SORTED = {
    "residual_kg": (3_900, 1_900), "food_kg": (0, 900), "board_kg": (700, 1_100), "plastic_kg": (60, 500), "glass_kg": (300, 450),
    "residual_dkk": (14_200, 8_100), "sorted_dkk": (1_900, 5_200), "other_dkk": (3_600, 3_600),
}  # fmt: skip
"""Invented kilos and kroner of a small firm, today and as it could be."""


def _sorting(firm: Organisation, tool: Definition, who: User) -> None:
    """A small firm's visit about its waste, with the plan that the firm keeps."""
    numbers = {
        (key, moment): Decimal(value)
        for key, both in SORTED.items()
        for moment, value in zip(("today", "tomorrow"), both, strict=True)
    }
    scores = {"bins": 2, "marks": 1, "habits": 2, "hazardous_apart": 3, "collector": 3, "avoid": 2}
    answers = Answers(on=day(20), scores=scores, figures=numbers)
    steps = [
        action_plans.Step("Sæt en beholder op til madaffald", day(-14), who, "food_kg"),
        action_plans.Step("Spørg indsamleren om pris på plast", day(-21), who, "plastic_kg"),
    ]
    goal = "Halvt så meget restaffald til sommer"
    with then(20):
        found = assessments.assess(firm, tool, answers, user=who, invented=True)
        plan = action_plans.make(firm, goal=goal, assessment=found, steps=steps, user=who, invented=True)
        action_plans.share(plan, user=who, expected=plan.version)


def _near(level: int, made: random.Random) -> int:
    return max(1, min(5, level + made.choice((-1, 0, 0, 0, 1))))


def _levels(
    office: Operator,
    tools: Mapping[str, Definition],
    firms: list[Organisation],
    made: random.Random,
    who: User,
) -> None:
    """Half of those that are ready have been moved; one was left where it was; the rest wait for a person."""
    ready = [
        one
        for one in funnel_queries.suggestions(office, tools["virksomhedstragt"])
        if PortfolioFirm.objects.filter(
            organisation=one.place.organisation, key_account__isnull=False
        ).exists()
    ]
    for one in ready[: len(ready) // 2]:
        with then(_last_told(one.place.organisation_id)):
            funnels.move(one.place, one.ready.to_level, user=who, expected=one.place.version)
    for one in ready[len(ready) // 2 :][:1]:
        reason = "Ejeren har for travlt med den nye hal. Vi spørger igen til foråret."
        with then(8):
            funnels.decline(one.place, user=who, expected=one.place.version, reason=reason)
    for firm in firms[:14]:
        with then(_last_told(firm.pk)):
            funnels.enter(firm, tools["engagement"], user=who)


def _last_told(firm: int) -> int:
    """Days since the firm's newest talk or assessment: what made it ready for its level."""
    talk = Interaction.objects.filter(organisations=firm).order_by("-on").first()
    judged = Assessment.objects.filter(organisation=firm).order_by("-on").first()
    newest = max((one.on for one in (talk, judged) if one), default=day(30))
    return min(STARTED - 1, (timezone.localdate() - newest).days)


def _plans(firms: list[Organisation], who: User) -> None:
    rows = Assessment.objects.filter(organisation__in=firms[:12], instrument_key="virksomhedsprofil")
    latest = {one.organisation_id: one for one in rows.order_by("on", "pk")}
    chosen = [(firm, latest[firm.pk]) for firm in firms[:12] if firm.pk in latest][: len(GOALS)]
    for place, (firm, assessment) in enumerate(chosen):
        steps = [
            action_plans.Step(about, day(-days), who, parameter)
            for about, days, parameter in STEPS[: 3 - place % 2]
        ]
        judged = (timezone.localdate() - assessment.on).days
        with then(judged):
            plan = action_plans.make(
                firm, goal=GOALS[place], assessment=assessment, steps=steps, user=who, invented=True
            )
            if place % 2 == 0:
                plan = action_plans.share(plan, user=who, expected=plan.version)
        if place == len(GOALS) - 1:
            _reached(plan, judged, who)


def _reached(plan: ActionPlan, ago: int, who: User) -> None:
    """Every step was taken when it was due, and the plan closed on the way to today."""
    keys = list(plan.steps.order_by("pk").values_list("follow_up_id", flat=True))
    for number, key in enumerate(keys, 1):
        done = ago - ago * number // (len(keys) + 1)
        FollowUp.objects.filter(pk=key).update(due_on=day(done))
        FollowUp.history.filter(id=key).update(due_on=day(done))
        with then(done):
            follow_ups.finish(FollowUp.objects.get(pk=key), user=who, expected=1)
    outcome = "Produktionschef ansat; ejeren er fri af driften to dage om ugen."
    with then(ago // (2 * len(keys) + 2)):
        action_plans.close(plan, outcome=outcome, user=who, expected=plan.version)


def _weeks(office: Operator, firms: list[Organisation], consultant: User, head: User) -> None:
    """Last week was visited; this week is planned, one agreed, one skipped."""
    this = visits.monday(timezone.localdate())
    last = this - timedelta(weeks=1)
    for place, firm in enumerate(firms[40:43], 1):
        ago = (timezone.localdate() - last).days - place
        talk = _write(firm, consultant, Interaction.Kind.VISIT, ago, SAID[place])
        with then(ago):
            _visited(office, firm, last, consultant, talk, place)
    with then((timezone.localdate() - this).days):
        visits.propose(office, this, user=head)
    mine = list(
        PlannedVisit.objects.filter(operator=office, week=this, consultant=consultant).order_by("place")
    )
    with then((timezone.localdate() - this).days):
        for visit in mine[:1]:
            visits.accept(visit, user=consultant, expected=visit.version)
        for visit in mine[-1:]:
            visits.skip(
                visit, reason=PlannedVisit.Skip.BUSY, note="Flytter produktionen i denne måned",
                user=consultant, expected=visit.version,
            )  # fmt: skip


def _visited(
    office: Operator, firm: Organisation, week: date, who: User, talk: Interaction, place: int
) -> None:
    values: dict[str, Any] = {"state": PlannedVisit.State.DONE, "why": [["due", 1200]], "place": place}
    PlannedVisit.objects.create(
        operator=office, organisation=firm, week=week, consultant=who, interaction=talk, **values
    )
