# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""What is shared with whoever a firm is referred to: chosen pieces, as they are at that moment, and not a word more."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from brobygger.accounts.models import Operator, User
from brobygger.base.forms import clean_text
from brobygger.blueprints.models import Definition
from brobygger.dialogue.models import Interaction
from brobygger.guidance.blueprints import KIND
from brobygger.guidance.errors import BadValues, NotYourOffice
from brobygger.guidance.models import Partner, Referral
from brobygger.knowledge.industries import industry_title
from brobygger.register.models import Affiliation, Organisation, Person

LONGEST = {"about": 4000, "note": 4000}
OLDEST_CONSENT = timedelta(days=366)
"""A consent older than a year is asked for again."""


@dataclass(frozen=True)
class Consent:
    """Who said yes to the referral, when, and how."""

    by: str
    on: date
    how: str


@dataclass(frozen=True)
class Wish:
    """A referral as it is written. To one of `partner`, `office` (another operator) and `scheme`; of a firm, or of an
    entrepreneur by name."""

    about: str
    consent: Consent
    partner: Partner | None = None
    office: Operator | None = None
    scheme: Definition | None = None
    organisation: Organisation | None = None
    name: str = ""
    email: str = ""
    phone: str = ""
    contact: Person | None = None
    facts: bool = True
    """Share the firm's CVR number, industry, size and address."""
    notes: Sequence[Interaction] = field(default=())
    note: str = ""
    """The office's own; never shared."""
    consultant: User | None = None
    letter: bool = True
    copy: bool = False
    """Send the firm (or the entrepreneur) a copy of what was shared."""

    @property
    def who(self) -> str:
        return self.organisation.name if self.organisation else " ".join(clean_text(self.name).split())


def snapshot(wish: Wish) -> list[dict[str, str]]:
    """Exactly what the receiver gets: [{kind, label, text}], in the order it is read."""
    pieces = [("who", _("Hvem"), wish.who), ("about", _("Hvad det handler om"), clean_text(wish.about))]
    firm = wish.organisation
    if firm and wish.facts:
        pieces += [("facts", label, text) for label, text in _facts(firm)]
    if wish.contact:
        pieces.append(("contact", _("Kontaktperson"), _details(wish.contact.name, wish.contact)))
    if firm is None:
        pieces.append(("contact", _("Kontakt"), ", ".join(part for part in (wish.phone, wish.email) if part)))
    for row in wish.notes:
        label = _("%(kind)s den %(day)s") % {"kind": row.get_kind_display(), "day": f"{row.on:%d.%m.%Y}"}
        pieces.append(("note", label, row.text))
    return [{"kind": kind, "label": str(label), "text": text} for kind, label, text in pieces if text]


def _facts(firm: Organisation) -> list[tuple[str, str]]:
    size = firm.employees_text or ("" if firm.employees is None else str(firm.employees))
    return [
        (_("CVR-nummer"), firm.cvr or ""),
        (_("Branche"), (industry_title(firm.industry) or "") if firm.industry else ""),
        (_("Ansatte"), size),
        (_("Adresse"), firm.address),
    ]


def _details(name: str, person: Person) -> str:
    return ", ".join(part for part in (name, person.phone, person.email) if part)


def check(operator: Operator, wish: Wish, user: User, *, incoming: bool = False) -> None:
    """Whether the wish may be carried out. Raises BadValues, NotYourOffice."""
    if not user.is_staff_of(operator.pk):
        raise NotYourOffice
    _check_scope(operator, wish)
    faults: dict[str, str] = {}
    if sum(map(bool, (wish.partner, wish.office, wish.scheme))) != 1:
        faults["target"] = (
            _("Vælg, hvem der henvises til.") if not incoming else _("Vælg, hvem der henviser.")
        )
    if not wish.who or len(wish.who) > 120 and wish.organisation is None:
        faults["name"] = _("Skriv, hvem det er.")
    if wish.organisation is None and not (wish.email or wish.phone):
        faults["email"] = _("Skriv en e-mail eller et telefonnummer, ellers kan ingen finde personen.")
    if not clean_text(wish.about):
        faults["about"] = _("Skriv kort, hvad det handler om.")
    for name, most in LONGEST.items():
        if len(getattr(wish, name)) > most:
            faults[name] = _("Teksten er for lang. Der er plads til %(most)s tegn.") % {"most": most}
    faults |= _consent_faults(wish.consent)
    if faults:
        raise BadValues(faults)


def _consent_faults(consent: Consent) -> dict[str, str]:
    faults: dict[str, str] = {}
    today = timezone.localdate()
    if not clean_text(consent.by) or len(consent.by) > 120:
        faults["consent_by"] = _(
            "Skriv, hvem der har sagt ja til henvisningen. Uden samtykke bliver intet delt."
        )
    if consent.how not in Referral.How.values:
        faults["consent_how"] = _("Vælg, hvordan samtykket er givet.")
    if not today - OLDEST_CONSENT <= consent.on <= today:
        faults["consent_on"] = _("Vælg den dag, samtykket blev givet. Det må højst være et år gammelt.")
    return faults


def _check_scope(operator: Operator, wish: Wish) -> None:
    """Everything that is named or shared is the office's own, and no private note leaves the house."""
    ours = [wish.partner, wish.scheme, wish.organisation, wish.contact, *wish.notes]
    if any(record.operator_id != operator.pk for record in ours if record is not None):
        raise NotYourOffice
    if wish.office and wish.office.pk == operator.pk:
        raise BadValues({"target": _("Vælg et andet kontor end jeres eget.")})
    if wish.scheme and wish.scheme.kind != KIND:
        raise NotYourOffice
    if wish.consultant and not wish.consultant.is_staff_of(operator.pk):
        raise BadValues({"consultant": _("Vælg en af kontorets egne.")})
    firm = wish.organisation
    if wish.contact and not (firm and _is_of(wish.contact, firm)):
        raise BadValues({"contact": _("Vælg en kontaktperson i virksomheden.")})
    if wish.notes and not (firm and _are_open_talks_with(wish.notes, firm)):
        raise BadValues({"notes": _("Der kan kun deles notater om virksomheden, som den selv må læse.")})


def _is_of(person: Person, firm: Organisation) -> bool:
    return Affiliation.objects.filter(person=person, organisation=firm, ended_on=None).exists()


def _are_open_talks_with(notes: Sequence[Interaction], firm: Organisation) -> bool:
    """Of this firm only, and not for the office alone."""
    keys = {row.pk for row in notes}
    links: Any = Interaction.organisations.through.objects
    others = links.filter(interaction_id__in=keys).exclude(organisation_id=firm.pk)
    open_ones = Interaction.objects.filter(pk__in=keys, private=False, organisations=firm).count()
    return open_ones == len(keys) and not others.exists()
