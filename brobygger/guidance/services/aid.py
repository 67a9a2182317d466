# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Registering aid under the ceiling, and which firms share one.

The ceiling is kept by locking the office while an entry is checked and stored: two grants at once cannot both find room.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from brobygger.accounts import audit
from brobygger.accounts.models import Operator, User
from brobygger.base.forms import clean_text
from brobygger.base.versions import claim
from brobygger.blueprints.models import Definition
from brobygger.guidance import origins
from brobygger.guidance.blueprints import KIND
from brobygger.guidance.de_minimis import euro_of
from brobygger.guidance.errors import AlreadyLinked, BadValues, KeptFrom, NotYourOffice, OverCeiling
from brobygger.guidance.models import Aid, Undertaking, UndertakingMember
from brobygger.guidance.queries.aid import account
from brobygger.register.models import Organisation

EARLIEST = date(2000, 1, 1)
MOST = Decimal(10) ** 11
RATES = (Decimal(7), Decimal(8))
"""Kroner for a euro. The krone is held within 2.25 % of 7.46038 (ERM II, since 1999); another figure is for 100 euro, or turned
round."""
LONGEST = {"grantor": 160, "reference": 120, "basis": 200}


@dataclass(frozen=True)
class Granted:
    """What was granted. Either kroner and the rate (kroner for a euro), or euro, or both amounts as the grantor told.

    Aid that is not de minimis says in `basis` by which rules it was given, and need not be in euro.
    """

    granted_on: date
    grantor: str
    amount_dkk: Decimal | None = None
    rate: Decimal | None = None
    amount_eur: Decimal | None = None
    de_minimis: bool = True
    basis: str = ""
    scheme: Definition | None = None
    reference: str = ""


@transaction.atomic
def register_aid(
    organisation: Organisation, granted: Granted, *, user: User, origin: str = "", invented: bool = False
) -> Aid:
    """Register a grant. `origin` (such as `case:17`): the same origin again gives the first entry back.

    Raises OverCeiling, BadValues, NotYourOffice.
    """
    _office_only(organisation.operator_id, user)
    _lock(organisation.operator_id)
    if origin and (first := Aid.objects.filter(operator_id=organisation.operator_id, origin=origin).first()):
        return first
    granted = _checked(organisation, granted)
    _keep_under_ceiling(organisation, granted)
    aid = Aid(
        operator_id=organisation.operator_id,
        organisation=organisation,
        origin=origin,
        recorded_by=user,
        invented=invented,
    )
    _fill(aid, granted)
    aid.save()
    return aid


@transaction.atomic
def correct_aid(aid: Aid, granted: Granted, *, user: User, expected: int) -> Aid:
    """Correct an entry; the ceiling holds for what is corrected too, but what takes no more room than before may always be
    put right: firms that were linked since may be above it. Raises EditedMeanwhile, KeptFrom, and as `register_aid`."""
    _office_only(aid.operator_id, user)
    _lock(aid.operator_id)
    stored = Aid.objects.select_related("organisation").get(pk=aid.pk)
    _not_kept_from(stored, user)
    claim(stored, expected)
    granted = _checked(stored.organisation, granted)
    if not _takes_no_more(stored, granted):
        _keep_under_ceiling(stored.organisation, granted, without=stored.pk)
    _fill(stored, granted)
    stored.save()
    return stored


def _takes_no_more(stored: Aid, granted: Granted) -> bool:
    """Whether the corrected entry counts on the same day with no larger sum."""
    if not stored.de_minimis or stored.amount_eur is None or granted.amount_eur is None:
        return False
    return granted.granted_on == stored.granted_on and granted.amount_eur <= stored.amount_eur


@transaction.atomic
def delete_aid(aid: Aid, *, user: User) -> None:
    """Take an entry out, as when it was entered by mistake. Recorded; its history stays. Raises NotYourOffice, KeptFrom."""
    _office_only(aid.operator_id, user)
    _not_kept_from(aid, user)
    _lock(aid.operator_id)
    about = f"{aid.organisation}: {aid}"
    operator, amount = aid.operator, str(aid.amount_eur or aid.amount_dkk)
    aid.delete()
    audit.record("aid_deleted", user=user, operator=operator, about=about, amount=amount)


@transaction.atomic
def link(
    organisation: Organisation, other: Organisation, *, basis: str, user: User, since: date | None = None
) -> Undertaking:
    """Count two firms (and those each is linked with) as one undertaking.

    Aid that was lawful before stays lawful though the sum is now above the ceiling, article 3(8); there is then no room.
    Raises AlreadyLinked, BadValues, NotYourOffice.
    """
    _office_only(organisation.operator_id, user)
    if other.operator_id != organisation.operator_id:
        raise NotYourOffice
    if other.pk == organisation.pk:
        raise BadValues({"other": _("Vælg en anden virksomhed.")})
    if basis not in UndertakingMember.Basis.values:
        raise BadValues({"basis": _("Vælg, hvorfor de regnes som én.")})
    _lock(organisation.operator_id)
    held = {
        row.organisation_id: row
        for row in UndertakingMember.objects.filter(organisation__in=[organisation, other]).select_related(
            "undertaking"
        )
    }
    mine, theirs = held.get(organisation.pk), held.get(other.pk)
    if mine and theirs and mine.undertaking_id == theirs.undertaking_id:
        raise AlreadyLinked
    if mine:
        together = mine.undertaking
    elif theirs:
        together = theirs.undertaking
    else:
        together = Undertaking.objects.create(operator_id=organisation.operator_id)
    day = since or timezone.localdate()
    for firm, row in ((organisation, mine), (other, theirs)):
        if row is None:
            UndertakingMember.objects.create(
                undertaking=together, organisation=firm, basis=basis, since=day, linked_by=user
            )
    if mine and theirs:
        _join(theirs.undertaking, together)
    audit.record(
        "undertaking_linked", user=user, operator=organisation.operator, about=f"{organisation} + {other}"
    )
    return together


def _join(from_: Undertaking, into: Undertaking) -> None:
    for member in from_.members.all():
        member.undertaking = into
        member.save()
    from_.delete()


@transaction.atomic
def unlink(organisation: Organisation, *, user: User) -> None:
    """The firm is counted alone again; the last one left is no undertaking any more. Recorded. Raises NotYourOffice."""
    _office_only(organisation.operator_id, user)
    _lock(organisation.operator_id)
    member = UndertakingMember.objects.filter(organisation=organisation).select_related("undertaking").first()
    if member is None:
        return
    together = member.undertaking
    member.delete()
    if together.members.count() < 2:
        for last in together.members.all():
            last.delete()
        together.delete()
    audit.record("undertaking_unlinked", user=user, operator=organisation.operator, about=str(organisation))


def _office_only(operator_id: int, user: User) -> None:
    if not user.is_staff_of(operator_id):
        raise NotYourOffice


def _not_kept_from(aid: Aid, user: User) -> None:
    if aid.origin and aid.origin in origins.kept_from(user):
        raise KeptFrom


def _lock(operator_id: int) -> None:
    """One at a time may check the ceiling and store. Others may still write what merely points at the office."""
    Operator.objects.select_for_update(no_key=True).get(pk=operator_id)


def _keep_under_ceiling(organisation: Organisation, granted: Granted, without: int | None = None) -> None:
    if not granted.de_minimis or granted.amount_eur is None:
        return
    held = account(organisation, granted.granted_on, without=without)
    if not held.room_for(granted.amount_eur):
        raise OverCeiling(held.headroom, granted.amount_eur, held.free_on(granted.amount_eur))


def _checked(organisation: Organisation, granted: Granted) -> Granted:
    """With clean texts and the amount in euro. Raises BadValues."""
    faults: dict[str, str] = {}
    texts = {name: " ".join(clean_text(getattr(granted, name)).split()) for name in LONGEST}
    for name, most in LONGEST.items():
        if len(texts[name]) > most:
            faults[name] = _("Skriv det kortere. Der er plads til %(most)s tegn.") % {"most": most}
    if not texts["grantor"]:
        faults["grantor"] = _("Skriv, hvem der har givet støtten.")
    if not EARLIEST <= granted.granted_on <= timezone.localdate():
        faults["granted_on"] = _("Vælg den dag, støtten blev tildelt. Den kan ikke ligge i fremtiden.")
    for name in ("amount_dkk", "rate", "amount_eur"):
        value = getattr(granted, name)
        if value is not None and not 0 < value < MOST:
            faults[name] = _("Skriv et beløb over 0.")
    if granted.rate is not None and granted.amount_dkk is None:
        faults["amount_dkk"] = _("Skriv beløbet i kroner, når du skriver en kurs.")
    if granted.rate is not None and "rate" not in faults and not RATES[0] <= granted.rate <= RATES[1]:
        faults["rate"] = _(
            "Skriv kursen som kroner for 1 euro, for eksempel 7,46. Nationalbanken skriver den for 100 euro."
        )
    both = granted.amount_dkk and granted.amount_eur and granted.rate is None and not faults
    if both and not RATES[0] <= granted.amount_dkk / granted.amount_eur <= RATES[1]:  # type: ignore[operator]
        faults["amount_eur"] = _(
            "Beløbene i kroner og euro passer ikke sammen: 1 euro er omkring 7,46 kroner."
        )
    if granted.scheme and (
        granted.scheme.operator_id != organisation.operator_id or granted.scheme.kind != KIND
    ):
        faults["scheme"] = _("Vælg en af kontorets ordninger.")
    euro = granted.amount_eur
    if not faults and granted.rate and granted.amount_dkk:
        computed = euro_of(granted.amount_dkk, granted.rate)
        if euro is not None and euro != computed:
            faults["amount_eur"] = _("Beløbet i euro passer ikke med kroner og kurs, som giver %(euro)s.") % {
                "euro": computed
            }
        euro = computed
    if granted.de_minimis:
        if not euro and "amount_dkk" not in faults and "amount_eur" not in faults:
            faults["amount_eur"] = _("Skriv beløbet i euro, eller i kroner med den kurs, der er brugt.")
        texts["basis"] = ""
    else:
        if not texts["basis"]:
            faults.setdefault("basis", _("Skriv, efter hvilke andre regler støtten er givet."))
        if not euro and not granted.amount_dkk:
            faults.setdefault("amount_dkk", _("Skriv beløbet."))
    if faults:
        raise BadValues(faults)
    return replace(granted, **texts, amount_eur=euro)  # type: ignore[arg-type]


def _fill(aid: Aid, granted: Granted) -> None:
    for name in (
        "granted_on", "grantor", "amount_dkk", "rate", "amount_eur", "de_minimis", "basis", "scheme", "reference",
    ):  # fmt: skip
        setattr(aid, name, getattr(granted, name))
