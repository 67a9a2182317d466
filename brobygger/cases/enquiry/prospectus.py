# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""What an industry has in an area on a day: firms, jobs, skills, sites, services, exchanges. Every figure says its basis.

Only what everybody may see goes in: listings that are open, and exchanges whose listings on both sides are open.
A confidential or members' listing changes nothing here, not even a count. Firms under advertising protection and sole
traders (whose firm is a person) are counted among the firms but not named, and their listings are left out.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum
from django.utils.translation import gettext as _

from brobygger.accounts.models import Operator
from brobygger.base.danish import number
from brobygger.cases.enquiry.lines import READ, Wish, offers, sites
from brobygger.knowledge import resource_types
from brobygger.knowledge.geography import municipality, postal_codes_in
from brobygger.knowledge.industries import industry_title
from brobygger.market.models import Delivery, Listing, Match
from brobygger.register.models import Organisation

MOST_FIRMS, MOST_LISTINGS, MOST_GROUPS, MOST_SCHOOLS = 10, 15, 8, 20
A_YEAR = 365
FIRMS = (Organisation.Kind.FIRM, Organisation.Kind.SOLE_TRADER)
SKILLS = (Listing.Kind.COMPETENCE, Listing.Kind.LABOUR)
SITES = (Listing.Kind.PREMISES, Listing.Kind.LAND)
SERVICES = (Listing.Kind.TRANSPORT, Listing.Kind.EQUIPMENT, Listing.Kind.TASK)
AT_WORK = (Match.Stage.AGREED, Match.Stage.RUNNING)


@dataclass(frozen=True, slots=True)
class Scope:
    """What is asked for: industries by the first digits of their DB25 code, municipalities by code, what the investor wants in
    words, and square metres."""

    industries: tuple[str, ...]
    municipalities: tuple[str, ...]
    text: str = ""
    area_m2: Decimal | None = None

    @property
    def wish(self) -> Wish:
        return Wish(self.industries, self.text, self.area_m2)


@dataclass(frozen=True, slots=True)
class Figure:
    """A number with its unit and what it was counted from."""

    key: str
    label: str
    value: str
    unit: str
    basis: str


@dataclass(frozen=True, slots=True)
class Prospectus:
    """All of it as plain values that can be kept as JSON; amounts are written in Danish."""

    as_of: str
    industry: list[str]
    area: list[str]
    figures: list[Figure]
    groups: list[dict[str, Any]]
    """Sub-industries: code, title, firms, jobs."""
    firms: list[dict[str, Any]]
    schools: list[dict[str, Any]]
    skills: list[dict[str, Any]]
    sites: list[dict[str, Any]]
    services: list[dict[str, Any]]
    exchanges: list[dict[str, Any]]
    others: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    """Lines that are open but were not chosen, by part: a person may add them."""
    office: dict[str, str] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def compute(operator: Operator, scope: Scope, today: dt.date) -> Prospectus:
    """The prospectus on that day, from the office's own records. About a dozen questions to the database."""
    firms = industry_firms(operator, scope)
    skills, services = (offers(_open(operator, scope, kinds), scope.wish) for kinds in (SKILLS, SERVICES))
    places = sites(_open(operator, scope, SITES), scope.wish)
    exchanges = _exchanges(operator, scope)
    return Prospectus(
        as_of=today.isoformat(),
        industry=[_industry(code) for code in scope.industries],
        area=[_municipality(code) for code in scope.municipalities],
        figures=[
            *_of_firms(operator, scope, firms, today),
            *of_lines(skills.chosen, places.chosen),
            *_of_exchanges(operator, exchanges, today),
        ],
        groups=_groups(firms),
        firms=_largest(firms),
        schools=_schools(operator, scope),
        skills=skills.chosen,
        sites=places.chosen,
        services=services.chosen,
        exchanges=_told_exchanges(exchanges),
        others={"skills": skills.others, "sites": places.others, "services": services.others},
        office={"name": operator.name, "email": operator.email, "phone": operator.phone},
    )


def industry_firms(operator: Operator, scope: Scope) -> QuerySet[Organisation]:
    """Active firms whose main industry and place are asked for."""
    return _firms(operator, scope).filter(_within(scope.industries))


def _firms(operator: Operator, scope: Scope) -> QuerySet[Organisation]:
    return Organisation.objects.filter(
        operator=operator,
        status=Organisation.Status.ACTIVE,
        kind__in=FIRMS,
        municipality_code__in=scope.municipalities,
    )


def _within(prefixes: Sequence[str], field: str = "industry") -> Q:
    """Industry codes that begin so, as ranges that an index answers."""
    chosen = Q(pk__in=[])
    for prefix in prefixes:
        after = _after(prefix)
        upper = {f"{field}__lt": after} if after else {}
        chosen |= Q(**{f"{field}__gte": prefix}, **upper)
    return chosen


def _after(prefix: str) -> str:
    """The first code that no longer begins so: 10 → 11, 109 → 11; empty where none comes after (99)."""
    cut = prefix.rstrip("9")
    return f"{cut[:-1]}{int(cut[-1]) + 1}" if cut else ""


def _of_firms(
    operator: Operator, scope: Scope, firms: QuerySet[Organisation], today: dt.date
) -> list[Figure]:
    a_year_ago = today - dt.timedelta(days=A_YEAR)
    own = firms.aggregate(
        firms=Count("pk"),
        jobs=Sum("employees"),
        unknown=Count("pk", filter=Q(employees=None)),
        young=Count("pk", filter=Q(founded_on__gt=a_year_ago, founded_on__lte=today)),
    )
    everybody = _firms(operator, scope).aggregate(jobs=Sum("employees"))["jobs"] or 0
    jobs = own["jobs"] or 0
    basis = _("aktive virksomheder i registret med branchen som hovedbranche")
    counted = _("ansatte i de samme virksomheder; hvor CVR har et interval, dets nederste tal")
    if own["unknown"]:
        unknown = _("%(count)s virksomheder uden tal er ikke med")
        counted = f"{counted}; {unknown % {'count': number(own['unknown'])}}"
    figures = [
        Figure("firms", _("Virksomheder i branchen"), number(own["firms"]), _("virksomheder"), basis),
        Figure("jobs", _("Arbejdspladser i branchen"), number(jobs), _("ansatte"), counted),
        Figure("young", _("Startet det seneste år"), number(own["young"]), _("virksomheder"), basis),
    ]
    if everybody:
        share = number(Decimal(100 * jobs) / everybody, 1)
        of_all = _("ansatte i branchen af alle ansatte i områdets virksomheder, %(jobs)s") % {
            "jobs": number(everybody)
        }
        figures.insert(2, Figure("share", _("Branchens andel af områdets job"), share, "%", of_all))
    return figures


def _groups(firms: QuerySet[Organisation]) -> list[dict[str, Any]]:
    """Sub-industries by jobs, the smallest together."""
    rows = [
        {"code": row["industry"], "title": _industry(row["industry"]), "firms": row["firms"], "jobs": row["jobs"] or 0}
        for row in firms.order_by().values("industry").annotate(firms=Count("pk"), jobs=Sum("employees"))
    ]  # fmt: skip
    rows.sort(key=lambda row: (-row["jobs"], -row["firms"], row["code"]))
    shown, rest = rows[:MOST_GROUPS], rows[MOST_GROUPS:]
    if rest:
        together = {name: sum(row[name] for row in rest) for name in ("firms", "jobs")}
        shown.append({"code": "", "title": _("Øvrige"), **together})
    return shown


def _largest(firms: QuerySet[Organisation]) -> list[dict[str, Any]]:
    named = firms.filter(ad_protected=False, kind=Organisation.Kind.FIRM, employees__gt=0)
    rows = named.order_by("-employees", "sort_name").values(
        "name", "city", "industry", "employees", "website"
    )[:MOST_FIRMS]
    return [
        {"name": row["name"], "city": row["city"], "industry": _industry(row["industry"]), "jobs": row["employees"]}
        for row in rows
    ]  # fmt: skip


def _schools(operator: Operator, scope: Scope) -> list[dict[str, Any]]:
    kinds = (Organisation.Kind.SCHOOL, Organisation.Kind.KNOWLEDGE)
    rows = Organisation.objects.filter(
        operator=operator,
        status=Organisation.Status.ACTIVE,
        kind__in=kinds,
        municipality_code__in=scope.municipalities,
    )
    shown = rows.order_by("sort_name").values("name", "city", "website")[:MOST_SCHOOLS]
    return [dict(row) for row in shown]


def _open(operator: Operator, scope: Scope, kinds: Sequence[str]) -> QuerySet[Listing]:
    """What everybody may see of what is on offer in the area, the newest first; nobody's who is not to be named."""
    codes = {code.code for name in scope.municipalities for code in postal_codes_in(name)}
    here = Q(postal_code__in=codes) | Q(
        postal_code="", organisation__municipality_code__in=scope.municipalities
    )
    rows = Listing.objects.filter(
        here,
        operator=operator,
        visibility=Listing.Visibility.OPEN,
        status=Listing.Status.ACTIVE,
        side=Listing.Side.HAVE,
        kind__in=kinds,
        organisation__ad_protected=False,
    ).exclude(organisation__kind=Organisation.Kind.SOLE_TRADER)
    return rows.select_related("organisation").order_by("-created_at", "pk")[:READ]


def of_lines(skills: Sequence[dict[str, Any]], sites: Sequence[dict[str, Any]]) -> list[Figure]:
    """The figures of the lines that are in the prospectus."""
    basis = _("åbne opslag under »har« i området, som hører til branchen eller ønsket")
    figures = [
        Figure("skills", _("Kompetencer, der tilbydes"), number(len(skills)), _("opslag"), basis),
        Figure("sites", _("Ledige lokaler og arealer"), number(len(sites)), _("opslag"), basis),
    ]
    if area := sum(row["area_m2"] or 0 for row in sites):
        with_area = _("de samme opslag, hvor arealet er oplyst")
        figures.append(Figure("area", _("Ledigt areal i alt"), number(area), "m²", with_area))
    return figures


def _exchanges(operator: Operator, scope: Scope) -> QuerySet[Match]:
    """Agreed or running matches with open listings on both sides, where giver or taker is in the area."""
    both_open = Q(have__visibility=Listing.Visibility.OPEN) & (
        Q(need=None) | Q(need__visibility=Listing.Visibility.OPEN)
    )
    here = Q(giver__municipality_code__in=scope.municipalities) | Q(
        taker__municipality_code__in=scope.municipalities
    )
    return Match.objects.filter(both_open, here, operator=operator, stage__in=AT_WORK)


def _of_exchanges(operator: Operator, exchanges: QuerySet[Match], today: dt.date) -> list[Figure]:
    a_year_ago = today - dt.timedelta(days=A_YEAR)
    moved = Delivery.objects.filter(
        agreement__match__in=exchanges.values("pk"), on__gt=a_year_ago, on__lte=today
    ).aggregate(tonnes=Sum("tonnes"))["tonnes"]
    basis = _("aftalte og igangværende match mellem åbne opslag i området, alle brancher")
    figures = [
        Figure(
            "exchanges", _("Udvekslinger mellem virksomheder"), number(exchanges.count()), _("aftaler"), basis
        )
    ]
    if moved:
        weighed = _("registrerede leverancer i dem de seneste 12 måneder")
        figures.append(Figure("tonnes", _("Flyttet i dem på et år"), number(moved), _("tons"), weighed))
    return figures


def _told_exchanges(exchanges: QuerySet[Match]) -> list[dict[str, Any]]:
    """By kind of resource, without naming the two."""
    rows = exchanges.order_by().values("have__resource_type").annotate(count=Count("pk"))
    types = resource_types()
    told = [{"what": _name(types.get(row["have__resource_type"])), "count": row["count"]} for row in rows]
    return sorted(told, key=lambda row: (-row["count"], row["what"]))[:MOST_LISTINGS]


def _name(found: Any) -> str:
    return str(found.name) if found else _("Andet")


def _industry(code: str) -> str:
    return industry_title(code) or code or _("Ukendt branche")


def _municipality(code: str) -> str:
    found = municipality(code)
    return found.name if found else code
