# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Which schemes there are, which fit a firm and why, and which firms fit a scheme."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from brobygger.accounts.models import Operator
from brobygger.base.danish import number
from brobygger.base.prepared import prepared
from brobygger.blueprints.models import Definition
from brobygger.blueprints.queries import in_use_of
from brobygger.guidance import criteria
from brobygger.guidance.blueprints import KIND
from brobygger.guidance.criteria import Finding, Outcome
from brobygger.guidance.models import Offer
from brobygger.guidance.queries import aid
from brobygger.knowledge.industries import industry_title
from brobygger.register.models import Organisation

MOST_SCHEMES = 500
NEW_FOR = timedelta(days=30)
FITS, PERHAPS, NOT = "fits", "perhaps", "not"
MOST_EXPORTED = 20_000
HEADINGS = (
    gettext_lazy("Virksomhed"), gettext_lazy("CVR-nummer"), gettext_lazy("Branche"), gettext_lazy("Ansatte"),
    gettext_lazy("Adresse"), gettext_lazy("E-mail"), gettext_lazy("Telefon"), gettext_lazy("Svar"),
    gettext_lazy("Opdigtet"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Fit:
    """What is known of one firm and one scheme: `fits`, `perhaps` (something is not known) or `not`, and why."""

    scheme: Definition
    findings: list[Finding]

    @property
    def outcome(self) -> str:
        known = [finding for finding in self.findings if not finding.ask]
        if any(finding.outcome is Outcome.FAILED for finding in known):
            return NOT
        return PERHAPS if any(finding.outcome is Outcome.UNKNOWN for finding in known) else FITS

    @property
    def failed(self) -> list[Finding]:
        return [finding for finding in self.findings if finding.outcome is Outcome.FAILED]

    @property
    def to_ask(self) -> list[Finding]:
        return [finding for finding in self.findings if finding.outcome is Outcome.UNKNOWN]


@dataclass(frozen=True, slots=True)
class Wanted:
    """How the catalogue is narrowed."""

    words: str = ""
    open_now: bool = False
    purpose: str = ""
    help: str = ""


def current_schemes(
    operator: Operator, wanted: Wanted = Wanted(), *, on: date | None = None
) -> list[Definition]:
    """The office's current schemes by title, narrowed. One query; a catalogue is read whole."""
    day = on or timezone.localdate()
    rows = in_use_of(operator, KIND)[:MOST_SCHEMES]
    return [row for row in rows if _is_wanted(row, wanted, day)]


def _is_wanted(row: Definition, wanted: Wanted, day: date) -> bool:
    content = row.content
    text = " ".join((content.title, content.description, content.provider, *content.purpose_words)).casefold()
    return (
        all(word in text for word in wanted.words.casefold().split())
        and (not wanted.open_now or content.is_open_on(day))
        and (not wanted.purpose or wanted.purpose in content.purposes)
        and (not wanted.help or wanted.help == content.help)
    )


def scheme_versions(operator: Operator) -> QuerySet[Definition]:
    """Every version of every scheme that the office has or had."""
    return Definition.objects.filter(operator=operator, kind=KIND)


def fit(
    organisation: Organisation,
    scheme: Definition,
    *,
    on: date | None = None,
    account: aid.Account | None = None,
) -> Fit:
    """Each criterion of the scheme asked of the firm, in words. `account`: the firm's, where several schemes are asked."""
    day = on or timezone.localdate()
    content = scheme.content
    findings = [criteria.ask(criterion, organisation, day) for criterion in content.criteria]
    if not organisation.is_active:
        findings.insert(0, Finding(Outcome.FAILED, _("I er registreret som ophørt.")))
    if content.de_minimis:
        findings.append(_room(account or aid.account(organisation, day)))
    return Fit(scheme, findings)


def _room(account: aid.Account) -> Finding:
    left = account.headroom
    told = _(
        "Støtten er de minimis: efter det, vi har noteret, er der plads til %(left)s euro af %(ceiling)s på tre år."
    ) % {"left": number(left, 0), "ceiling": number(account.ceiling, 0)}
    return Finding(Outcome.PASSED if left > 0 else Outcome.FAILED, told)


def fits_of(
    organisation: Organisation, *, on: date | None = None, account: aid.Account | None = None
) -> list[Fit]:
    """Every current and open scheme of the firm's office asked of the firm: those that fit first. Three queries, or one
    where the caller has the firm's account."""
    day = on or timezone.localdate()
    account = account or aid.account(organisation, day)
    schemes = current_schemes(organisation.operator, Wanted(open_now=True), on=day)
    order = {FITS: 0, PERHAPS: 1, NOT: 2}
    return sorted(
        (fit(organisation, scheme, on=day, account=account) for scheme in schemes),
        key=lambda found: (order[found.outcome], found.scheme.title),
    )


def firms_of(scheme: Definition, *, which: str = FITS, on: date | None = None) -> QuerySet[Organisation]:
    """The office's active organisations that fit the scheme (or perhaps do), without order."""
    day = on or timezone.localdate()
    content = scheme.content
    condition = (criteria.perhaps if which == PERHAPS else criteria.fitting)(content.criteria, day)
    rows = Organisation.objects.filter(
        condition, operator_id=scheme.operator_id, status=Organisation.Status.ACTIVE, kind__in=FIRMS
    )
    if content.de_minimis:
        rows = rows.exclude(pk__in=aid.without_room(scheme.operator, day))
    return rows


def fetch(keys: list[int]) -> list[Organisation]:
    """These organisations, in this order, with what a line shows. Sorting keys first keeps the sorted rows small."""
    rows = Organisation.objects.only("name", "city", "employees", "employees_text", "ad_protected").in_bulk(
        keys
    )
    return [rows[key] for key in keys if key in rows]


FIRMS = (Organisation.Kind.FIRM, Organisation.Kind.SOLE_TRADER)
"""Schemes are for firms; the register also holds schools, banks and authorities."""
ANSWERS = {
    "": gettext_lazy("Alle"),
    "ingen": gettext_lazy("Ikke tilbudt endnu"),
    Offer.State.OFFERED: gettext_lazy("Tilbudt"),
    Offer.State.INTERESTED: gettext_lazy("Interesseret"),
    Offer.State.NOT_RELEVANT: gettext_lazy("Ikke relevant"),
}


def by_answer(rows: QuerySet[Organisation], scheme: Definition, answer: str) -> QuerySet[Organisation]:
    """Of the firms, those that have answered so; `ingen`: those nobody has told yet."""
    offers = Offer.objects.filter(operator_id=scheme.operator_id, scheme_key=scheme.key)
    if answer == "ingen":
        return rows.exclude(pk__in=offers.values("organisation_id"))
    if answer in Offer.State.values:
        return rows.filter(pk__in=offers.filter(state=answer).values("organisation_id"))
    return rows


def offers_for(scheme: Definition, organisations: list[Organisation]) -> Mapping[int, Offer]:
    """Organisation → what it answered to the scheme. One query."""
    rows = Offer.objects.filter(scheme_key=scheme.key, organisation__in=organisations).select_related("by")
    return {row.organisation_id: row for row in rows}


def offers_of(organisation: Organisation) -> Mapping[str, Offer]:
    """Scheme's key → what the firm answered. One query."""
    return {row.scheme_key: row for row in _offers_of(organisation.pk)}


@prepared
def _offers_of(organisation: Any) -> QuerySet[Offer]:
    return Offer.objects.filter(organisation=organisation).select_related("by")


def newly_adopted(operator: Operator, *, on: date | None = None) -> list[Definition]:
    """Current schemes taken into use in the last thirty days, newest first: somebody should tell the firms."""
    since = timezone.now() - NEW_FOR
    rows = Definition.objects.current().filter(operator=operator, kind=KIND, adopted_at__gte=since)
    return list(rows.order_by("-adopted_at", "title")[:10])


def for_mailing(rows: QuerySet[Organisation], scheme: Definition) -> Iterator[list[Any]]:
    """Firms that may be written to, in the order of `HEADINGS`: never one that is protected against advertising."""
    allowed = list(rows.filter(ad_protected=False).order_by("sort_name", "pk")[:MOST_EXPORTED])
    words = dict(Offer.State.choices)
    states = dict(
        Offer.objects.filter(operator_id=scheme.operator_id, scheme_key=scheme.key).values_list(
            "organisation_id", "state"
        )
    )
    for row in allowed:
        yield [
            row.name, row.cvr or "", (industry_title(row.industry) or "") if row.industry else "",
            row.employees_text or row.employees, row.address, row.email, row.phone,
            str(words.get(states.get(row.pk, ""), "")), "ja" if row.invented else "",
        ]  # fmt: skip
