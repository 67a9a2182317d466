# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Firms that began in an office's municipalities in a quarter, or moved there."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from brobygger.accounts.models import Operator
from brobygger.base.prepared import prepared
from brobygger.blueprints.errors import NotAdopted
from brobygger.blueprints.models import Definition
from brobygger.blueprints.queries import current
from brobygger.knowledge.industries import industry_title
from brobygger.outreach.blueprints import LETTER
from brobygger.outreach.models import Consent, MailAddress, Welcome, WelcomeRound
from brobygger.outreach.quarters import Quarter, quarter_of
from brobygger.register.models import Organisation

SERIES = "velkomstbrev"
KINDS = (Organisation.Kind.FIRM, Organisation.Kind.SOLE_TRADER)
SETTLED = timedelta(days=31)
"""So long after the register was first filled, what comes to it from CVR with an older date has moved to the area."""
MOST_COUNTED = 1000


def letter_of(operator: Operator) -> Definition | None:
    """The office's welcome letter in use; None until it has adopted one."""
    try:
        return current(operator, LETTER, SERIES)
    except NotAdopted:
        return None


def firms(operator: Operator, quarter: Quarter) -> QuerySet[Organisation]:
    """Active firms of the office's municipalities that began in the quarter or moved there in it.

    Their keys are found first, each way by the index that answers it: among a hundred thousand firms one question with
    »or« would read them all.
    """
    keys = list(begun(operator, quarter).values_list("pk", flat=True))
    arrived = [*_moved_in(operator, quarter), *_came_to_the_register(operator, quarter)]
    keys += (
        _eligible(operator)
        .filter(pk__in=arrived, founded_on__lt=quarter.first_day)
        .values_list("pk", flat=True)
    )
    return Organisation.objects.filter(pk__in=keys)


def begun(operator: Operator, quarter: Quarter) -> QuerySet[Organisation]:
    """Those that began in the quarter."""
    return _eligible(operator).filter(founded_on__range=(quarter.first_day, quarter.last_day))


def _eligible(operator: Operator) -> QuerySet[Organisation]:
    return Organisation.objects.filter(
        operator=operator,
        status=Organisation.Status.ACTIVE,
        municipality_code__in=operator.municipality_codes,
        kind__in=KINDS,
    )


def _moments(quarter: Quarter) -> tuple[datetime, datetime]:
    zone = timezone.get_default_timezone()
    first, after = (
        datetime.combine(day, time.min, tzinfo=zone) for day in (quarter.first_day, quarter.next.first_day)
    )
    return first, after


def _moved_in(operator: Operator, quarter: Quarter) -> list[int]:
    """Those whose address came to lie in the office's municipalities in the quarter, read from their history."""
    past: Any = Organisation.history
    own = operator.municipality_codes
    first, after = _moments(quarter)
    before = past.filter(id=OuterRef("id"), history_date__lt=OuterRef("history_date")).order_by(
        "-history_date"
    )
    rows = (
        past.filter(
            operator_id=operator.pk,
            history_type="~",
            history_date__gte=first,
            history_date__lt=after,
            municipality_code__in=own,
        )
        .annotate(came_from=Subquery(before.values("municipality_code")[:1]))
        .exclude(Q(came_from__in=[*own, ""]) | Q(came_from=None))
    )
    return list(rows.order_by().values_list("id", flat=True))


def _came_to_the_register(operator: Operator, quarter: Quarter) -> list[int]:
    """Those that the nightly look at CVR found in the quarter although they began before: CVR tells only of firms in the
    office's municipalities, so they came from elsewhere. Not counted while the register is first being filled."""
    past: Any = Organisation.history
    first, after = _moments(quarter)
    filled = (
        past.filter(operator_id=operator.pk, history_type="+")
        .order_by("history_date")
        .values_list("history_date", flat=True)
        .first()
    )
    if filled is None or first <= filled + SETTLED:
        return []
    rows = past.filter(
        operator_id=operator.pk,
        history_type="+",
        history_date__gte=first,
        history_date__lt=after,
        source=Organisation.Source.CVR,
    )
    return list(rows.order_by().values_list("id", flat=True))


def without_letter(operator: Operator, quarter: Quarter, series: str = SERIES) -> QuerySet[Organisation]:
    """The quarter's firms that have neither got the letter nor been passed over."""
    return _waiting(firms(operator, quarter), series)


def _waiting(rows: QuerySet[Organisation], series: str) -> QuerySet[Organisation]:
    had = Welcome.objects.filter(organisation=OuterRef("pk"), series=series)
    return rows.filter(~Exists(had))


def as_listed(rows: QuerySet[Organisation], quarter: Quarter, series: str = SERIES) -> QuerySet[Organisation]:
    """With what a line of the page shows: `welcomed_at`, `skipped`, `has_consent`, `is_dead`."""
    had = Welcome.objects.filter(organisation=OuterRef("pk"), series=series)
    consent = Consent.objects.filter(organisation=OuterRef("pk"), withdrawn_at=None)
    dead = MailAddress.objects.filter(
        operator_id=OuterRef("operator_id"), email=OuterRef("email"), dead_at__isnull=False
    )
    return rows.annotate(
        welcome_id=Subquery(had.values("pk")[:1]),
        welcomed_at=Subquery(had.values("at")[:1]),
        skipped=Subquery(had.values("skipped")[:1]),
        round_id=Subquery(had.values("round_id")[:1]),
        has_consent=Exists(consent),
        is_dead=Exists(dead),
    ).order_by(F("founded_on").desc(nulls_last=True), "sort_name", "pk")


MOST_EXPORTED = 20_000
HEADINGS = (
    gettext_lazy("Virksomhed"), gettext_lazy("CVR-nummer"), gettext_lazy("Startet"), gettext_lazy("Branche"),
    gettext_lazy("Adresse"), gettext_lazy("E-mail"), gettext_lazy("Telefon"), gettext_lazy("Reklamebeskyttet"),
    gettext_lazy("Brevet"), gettext_lazy("Opdigtet"),
)  # fmt: skip


def export_rows(rows: QuerySet[Organisation]) -> Iterator[list[Any]]:
    """One row a firm of `as_listed`, in the order of `HEADINGS`. The address of mail only where the firm may be mailed."""
    for row in rows[:MOST_EXPORTED]:
        firm: Any = row
        letter = (
            _("springes over") if firm.skipped else firm.welcomed_at and timezone.localdate(firm.welcomed_at)
        )
        mailed = firm.has_consent or not firm.ad_protected
        yield [
            firm.name, firm.cvr or "", firm.founded_on, (industry_title(firm.industry) or "") if firm.industry else "",
            firm.address, firm.email if mailed else "", firm.phone if mailed else "", "ja" if firm.ad_protected else "",
            letter or "", "ja" if firm.invented else "",
        ]  # fmt: skip


def due(operator: Operator, today: date) -> Quarter | None:
    """The last whole quarter, where firms that began in it wait for their letter.

    None where none waits, and for an office that has not adopted a welcome letter.
    """
    if letter_of(operator) is None:
        return None
    quarter = quarter_of(today).previous
    return quarter if _waiting(begun(operator, quarter), SERIES).exists() else None


def welcome_of(organisation: Organisation) -> Welcome | None:
    """The firm's welcome letter; None where it has had none."""
    return next(iter(_welcome_of(organisation.pk)), None)


@prepared
def _welcome_of(organisation: Any) -> QuerySet[Welcome]:
    rows = Welcome.objects.filter(organisation=organisation, skipped=False)
    return rows.select_related("round").order_by("-at")[:1]


def rounds(operator: Operator) -> QuerySet[WelcomeRound]:
    """What was made so far, the latest first."""
    return WelcomeRound.objects.filter(operator=operator).select_related("definition", "made_by", "job")


def letters_of(round_: WelcomeRound) -> QuerySet[Welcome]:
    """The letters of a round by the firms' names."""
    return (
        Welcome.objects.filter(round=round_)
        .select_related("organisation", "letter", "interaction", "link")
        .order_by("organisation__sort_name", "pk")
    )
