# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""What we take from a CVR document, and what we leave.

Taken: what the firm or the place of work is. Left: owners, managers and everybody else in `deltagerRelation`, c/o
names, purposes, capital. Contact details that CVR marks as secret (`hemmelig`) are never taken, and none at all of a
firm that is protected against advertising (`reklamebeskyttet`, CVR-loven § 19): the office then asks the firm itself.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, fields
from datetime import date
from hashlib import blake2b
from operator import attrgetter
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from brobygger.base.forms import clean_text
from brobygger.knowledge.industries import Standard, to_db25
from brobygger.register.cvr.periods import begins, current, day, ends, entries, first_day, latest
from brobygger.register.imports.errors import BadValue
from brobygger.register.models import Organisation

DB25_FROM = date(2025, 1, 1)
"""CVR moved from DB07 to DB25 on this day (Danmarks Statistik)."""
CONTACT = ("email", "phone", "website")
_NO_CVR = gettext_lazy("CVR-nummeret mangler eller er ikke på otte cifre")
_NO_P_NUMBER = gettext_lazy("P-nummeret mangler eller er ikke på ti cifre")
_NO_OWNER = gettext_lazy("Produktionsenhedens CVR-nummer mangler")
_SOLE_TRADER = frozenset({"10", "15", "20"})
_ASSOCIATION = frozenset({"110", "115"})
_PUBLIC = frozenset({"230", "235", "245", "250"})
_EMAIL = re.compile(r"[^@\s,;<>]+@[^@\s,;<>]+\.[^@\s,;<>.]+")
_EMPLOYMENT = (
    "erstMaanedsbeskaeftigelse",
    "maanedsbeskaeftigelse",
    "kvartalsbeskaeftigelse",
    "aarsbeskaeftigelse",
)


@dataclass(slots=True)
class Facts:
    """What company and establishment share. Fields are named as in our models."""

    name: str
    street: str
    postal_code: str
    city: str
    municipality_code: str
    industry: str
    employees: int | None
    ad_protected: bool

    def digest(self) -> str:
        """20 hexadecimal signs: the same as long as CVR says the same."""
        text = "\x1f".join(map(str, _values_of(type(self))(self)))
        return blake2b(text.encode(), digest_size=10).hexdigest()


_READERS: dict[type[Facts], Callable[[Facts], tuple[Any, ...]]] = {}


def _values_of(kind: type[Facts]) -> Callable[[Facts], tuple[Any, ...]]:
    """Reads all fields of such facts, in their order."""
    if kind not in _READERS:
        _READERS[kind] = attrgetter(*(field.name for field in fields(kind)))
    return _READERS[kind]


@dataclass(slots=True)
class Company(Facts):
    """A company, from `Vrvirksomhed`."""

    cvr: str
    form_code: str
    employees_text: str
    founded_on: date | None
    dissolved_on: date | None
    status: str
    email: str
    phone: str
    website: str

    @property
    def kind(self) -> str:
        """The kind of organisation that the form tells; the office may choose another."""
        if self.form_code in _SOLE_TRADER:
            return Organisation.Kind.SOLE_TRADER
        if self.form_code in _ASSOCIATION:
            return Organisation.Kind.ASSOCIATION
        return Organisation.Kind.PUBLIC if self.form_code in _PUBLIC else Organisation.Kind.FIRM


@dataclass(slots=True)
class Site(Facts):
    """A place of work, from `VrproduktionsEnhed`. `cvr` is its company's number."""

    p_number: str
    cvr: str
    started_on: date | None
    ended_on: date | None


@dataclass(slots=True)
class UnknownIndustry:
    """An industry code that cannot be followed to DB25."""

    code: str = ""


def company_of(body: dict[str, Any], today: date, unknown: UnknownIndustry) -> Company:
    """The company of a `Vrvirksomhed`. Raises BadValue when it has no number or name, or is registered by mistake."""
    cvr = _number(body.get("cvrNummer"), 8, _NO_CVR)
    if body.get("fejlRegistreret") is True:
        raise BadValue(_("CVR har registreret virksomheden ved en fejl"))
    metadata = body.get("virksomhedMetadata") if isinstance(body.get("virksomhedMetadata"), dict) else {}
    founded, dissolved = _life(body, today, day((metadata or {}).get("stiftelsesDato")))
    protected = body.get("reklamebeskyttet") is True
    form = latest(body.get("virksomhedsform"), today) or {}
    employees, interval = _employees(body)
    return Company(
        **_shared(body, today, unknown),
        cvr=cvr,
        form_code=_plain(form.get("virksomhedsformkode") or "", 4),
        employees=employees,
        employees_text=interval,
        founded_on=founded,
        dissolved_on=dissolved,
        status=_status(body, metadata or {}, today, dissolved),
        ad_protected=protected,
        email="" if protected else _email(body, today),
        phone="" if protected else _contact(body.get("telefonNummer"), today, 20),
        website="" if protected else _contact(body.get("hjemmeside"), today, 200),
    )


def site_of(body: dict[str, Any], today: date, unknown: UnknownIndustry) -> Site:
    """The place of work of a `VrproduktionsEnhed`. Raises BadValue when a number or the name is missing, or it is
    registered by mistake."""
    p_number = _number(body.get("pNummer"), 10, _NO_P_NUMBER)
    if body.get("fejlRegistreret") is True:
        raise BadValue(_("CVR har registreret produktionsenheden ved en fejl"))
    relation = latest(body.get("virksomhedsrelation"), today) or {}
    metadata = body.get("produktionsEnhedMetadata")
    newest = metadata.get("nyesteCvrNummerRelation") if isinstance(metadata, dict) else None
    cvr = _number(relation.get("cvrNummer") or newest, 8, _NO_OWNER)
    started, ended = _life(body, today, None)
    employees, _interval = _employees(body)
    return Site(
        **_shared(body, today, unknown),
        p_number=p_number,
        cvr=cvr,
        employees=employees,
        started_on=started,
        ended_on=ended,
        ad_protected=body.get("reklamebeskyttet") is True,
    )


def _shared(body: dict[str, Any], today: date, unknown: UnknownIndustry) -> dict[str, Any]:
    name = _plain((latest(body.get("navne"), today) or {}).get("navn"), 200)
    if not name:
        raise BadValue(_("Navnet mangler"))
    place = latest(body.get("beliggenhedsadresse"), today) or latest(body.get("postadresse"), today) or {}
    return {"name": name, "industry": _industry(body, today, unknown), **address_of(place)}


def _number(value: Any, digits: int, fault: Any) -> str:
    text = str(value).strip() if isinstance(value, (int, str)) and not isinstance(value, bool) else ""
    if not (text.isascii() and text.isdigit() and len(text) == digits):
        raise BadValue(str(fault))
    return text


def _plain(value: Any, most: int) -> str:
    """One line of text without control characters."""
    return " ".join(clean_text(str(value)).split())[:most].strip() if value is not None else ""


def address_of(place: dict[str, Any]) -> dict[str, str]:
    """Street, postal code, city and municipality of a CVR address. Abroad there is no Danish postal code."""
    house = "".join(str(place.get(key) or "") for key in ("husnummerFra", "bogstavFra"))
    upto = "".join(str(place.get(key) or "") for key in ("husnummerTil", "bogstavTil"))
    number = f"{house}-{upto}" if house and upto else house
    storey = str(place.get("etage") or "").strip()
    door = " ".join(
        part
        for part in (f"{storey}." if storey.isdigit() else storey, str(place.get("sidedoer") or ""))
        if part
    )
    street = ", ".join(part for part in (f"{place.get('vejnavn') or ''} {number}".strip(), door) if part)
    if not street and place.get("fritekst"):
        street = str(place["fritekst"])
    danish = str(place.get("landekode") or "DK") == "DK"
    municipality = place.get("kommune")
    code = municipality.get("kommuneKode") if isinstance(municipality, dict) else None
    return {
        "street": _plain(street, 160),
        "postal_code": _four_digits(place.get("postnummer")) if danish else "",
        "city": _plain(place.get("postdistrikt"), 60),
        "municipality_code": _four_digits(code) if danish else "",
    }


def _four_digits(value: Any) -> str:
    """`555` → `0555`; empty where it is no such number."""
    text = str(value or "").zfill(4)
    return text if value and re.fullmatch(r"[0-9]{4}", text) else ""


def _industry(body: dict[str, Any], today: date, unknown: UnknownIndustry) -> str:
    """The main industry in DB25; empty where an older code cannot be followed there with certainty."""
    entry = latest(body.get("hovedbranche"), today)
    code = str(entry.get("branchekode") or "").strip() if entry else ""
    if not entry or not code:
        return ""
    standard: Standard | None = None
    last = ends(entry)
    if (begins(entry) or date.min) >= DB25_FROM:
        standard = "db25"
    elif last is not None and last < DB25_FROM:
        standard = "db07"
    found = to_db25(code.zfill(6) if len(code) == 5 else code, standard)
    if found is None:
        unknown.code = code
    return found or ""


def _life(body: dict[str, Any], today: date, founded: date | None) -> tuple[date | None, date | None]:
    """First day, and last day of one that has ended."""
    spans = body.get("livsforloeb")
    started = founded or first_day(spans)
    span = latest(spans, today)
    ended = ends(span) if span else None
    if ended is not None and ended >= today:
        ended = None
    if started and ended and ended < started:
        started = ended
    return started, ended


def _status(body: dict[str, Any], metadata: dict[str, Any], today: date, dissolved: date | None) -> str:
    """Bankrupt while it lasts and afterwards; else dissolved or active."""
    entry = latest(body.get("virksomhedsstatus"), today) or {}
    word = str(entry.get("status") or metadata.get("sammensatStatus") or "").upper().replace(" ", "")
    if "KONKURS" in word:
        return Organisation.Status.BANKRUPT
    gone = word.startswith(("OPLØST", "TVANGSOPLØST", "SLETTET", "OPHØRT"))
    return Organisation.Status.DISSOLVED if gone or dissolved else Organisation.Status.ACTIVE


def _employees(body: dict[str, Any]) -> tuple[int | None, str]:
    """Persons employed by the newest count, and the interval as `10-19`."""
    counts = [
        entry
        for name in _EMPLOYMENT
        for entry in entries(body.get(name))
        if isinstance(entry.get("aar"), int)
    ]
    if not counts:
        return None, ""
    newest = max(counts, key=_when_counted)
    interval = _interval(newest.get("intervalKodeAntalAnsatte"))
    count = newest.get("antalAnsatte")
    if isinstance(count, (int, float)) and not isinstance(count, bool) and 0 <= count < 10_000_000:
        return int(count), interval
    lower = re.match(r"\d+", interval)
    return (int(lower.group()) if lower else None), interval


def _when_counted(entry: dict[str, Any]) -> tuple[int, int]:
    month, quarter = entry.get("maaned"), entry.get("kvartal")
    if isinstance(month, int):
        return entry["aar"], month
    return entry["aar"], quarter * 3 if isinstance(quarter, int) else 0


def _interval(code: Any) -> str:
    """`ANTAL_10_19` → `10-19`, `ANTAL_1000_999999` → `1000+`, `ANTAL_1_1` → `1`."""
    parts = re.fullmatch(r"ANTAL_(\d{1,6})_(\d{1,6})", str(code or ""))
    if not parts:
        return ""
    low, high = parts.groups()
    if low == high:
        return low
    return f"{low}+" if len(high) > 5 else f"{low}-{high}"


def _contact(value: Any, today: date, most: int) -> str:
    """The contact detail that holds today and is not secret."""
    open_ones = [entry for entry in entries(value) if entry.get("hemmelig") is not True]
    entry = current(open_ones, today)
    text = _plain(entry.get("kontaktoplysning"), 1000) if entry else ""
    return text if len(text) <= most else ""


def _email(body: dict[str, Any], today: date) -> str:
    text = _contact(body.get("elektroniskPost"), today, 254)
    return text if _EMAIL.fullmatch(text) else ""
