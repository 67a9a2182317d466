# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Facts from CVR on our records: which values they give, and which they leave alone."""

from __future__ import annotations

from functools import lru_cache
from hashlib import blake2b
from typing import Any

from brobygger.accounts.models import Operator
from brobygger.register.cvr.shape import CONTACT, Company, Facts, Site
from brobygger.register.models import Establishment, Organisation

_ADDRESS = ("street", "postal_code", "city", "municipality_code")
_FACTS = 20  # signs of the digest that stand for the facts; then four for each contact detail


@lru_cache(maxsize=16_384)
def _sign(value: str) -> str:
    return blake2b(value.encode(), digest_size=2).hexdigest()


def fresh_digest(facts: Company | Site) -> str:
    """What `cvr_digest` is when we hold these facts: the facts, and for a company each contact detail by itself."""
    contact = "".join(_sign(getattr(facts, name)) for name in CONTACT) if isinstance(facts, Company) else ""
    return facts.digest() + contact


def company_values(organisation: Organisation, company: Company) -> dict[str, Any]:
    """Field → value for a stored organisation."""
    values = _shared(organisation, company)
    values["founded_on"] = company.founded_on or organisation.founded_on
    values["dissolved_on"], values["status"] = company.dissolved_on, company.status
    if values["founded_on"] and company.dissolved_on and company.dissolved_on < values["founded_on"]:
        values["founded_on"] = company.dissolved_on
    values["form_code"] = company.form_code or organisation.form_code
    values["employees_text"] = company.employees_text or (
        organisation.employees_text if company.employees is None else ""
    )
    if not organisation.cvr_digest and organisation.source == Organisation.Source.CVR:
        values["kind"] = company.kind  # until now known by its place of work alone
    for place, name in enumerate(CONTACT):
        values[name] = _contact(organisation, name, place, getattr(company, name))
    return values


def _contact(organisation: Organisation, name: str, place: int, said: str) -> str:
    """What CVR says now, unless somebody here has written something else than what CVR said last."""
    stored: str = getattr(organisation, name)
    begin = _FACTS + 4 * place
    said_last = organisation.cvr_digest[begin : begin + 4] or _sign("")
    return said if _sign(stored) == said_last else stored


def site_values(place: Establishment, site: Site) -> dict[str, Any]:
    """Field → value for a stored place of work."""
    values = _shared(place, site)
    values["started_on"] = site.started_on or place.started_on
    values["ended_on"] = site.ended_on
    if site.ended_on and place.is_main:
        values["is_main"] = False
    return values


def _shared(record: Any, facts: Facts) -> dict[str, Any]:
    """What CVR leaves empty empties nothing."""
    values: dict[str, Any] = {"name": facts.name, "ad_protected": facts.ad_protected}
    told = bool(facts.street or facts.postal_code or facts.city)  # of an address abroad often the town alone
    for name in _ADDRESS:
        values[name] = getattr(facts if told else record, name)
    values["industry"] = facts.industry or record.industry
    values["employees"] = record.employees if facts.employees is None else facts.employees
    return values


def new_organisation(operator: Operator, facts: Company | Site) -> Organisation:
    """An organisation that is not stored yet. Of a place of work alone we know the name, address and industry."""
    organisation = Organisation(
        operator=operator,
        cvr=facts.cvr,
        source=Organisation.Source.CVR,
        name=facts.name,
        industry=facts.industry,
        ad_protected=facts.ad_protected,
    )
    for name in _ADDRESS:
        setattr(organisation, name, getattr(facts, name))
    if isinstance(facts, Company):
        organisation.kind = facts.kind
        organisation.cvr_digest = fresh_digest(facts)
        for name, value in company_values(organisation, facts).items():
            setattr(organisation, name, value)
        for name in CONTACT:
            setattr(organisation, name, getattr(facts, name))
    return organisation


def new_site(operator: Operator, owner: Organisation | None, site: Site) -> Establishment:
    """A place of work that is not stored yet. Without owner only in a dry run, which stores nothing."""
    place = Establishment(operator=operator, p_number=site.p_number, cvr_digest=fresh_digest(site))
    if owner is not None:
        place.organisation = owner
    for name, value in site_values(place, site).items():
        setattr(place, name, value)
    return place
