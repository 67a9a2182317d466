# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""A scheme's criteria, asked of a firm (in words) and of the whole register (in SQL). The two must agree; a test compares.

Each criterion is passed, failed, or not known. What is not known never counts as failed.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import reduce
from operator import and_, or_
from typing import Any

from django.db.models import Q
from django.db.models.functions import Coalesce
from django.db.models.lookups import GreaterThanOrEqual, IsNull, LessThanOrEqual
from django.utils.translation import gettext as _

from brobygger.base.danish import join, number
from brobygger.guidance import blueprints
from brobygger.knowledge.company_forms import company_form
from brobygger.knowledge.geography import municipalities, municipality
from brobygger.knowledge.industries import industry_title, industry_tree
from brobygger.register.filters import industry_clause
from brobygger.register.models import Organisation

INTERVALS = {
    "2-4": (2, 4), "5-9": (5, 9), "10-19": (10, 19), "20-49": (20, 49), "50-99": (50, 99),
    "100-199": (100, 199), "200-499": (200, 499), "500-999": (500, 999), "1000+": (1000, 999_999),
}  # fmt: skip
"""CVR's intervals. Where CVR tells only one of these, the register keeps its lower end as the number."""
MOST_EMPLOYEES = 999_999
"""How CVR writes "or more"."""
NOTHING = Q(pk__in=[])


class Outcome(StrEnum):
    """What is known of one criterion and one firm."""

    PASSED = "passed"
    FAILED = "failed"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Finding:
    """One criterion asked of one firm. `ask`: only the firm can answer, so it decides nothing here."""

    outcome: Outcome
    words: str
    ask: bool = False


@dataclass(frozen=True, slots=True)
class Split:
    """A criterion as two conditions on the register: surely passed, and not known. Neither is ever a negation of NULL."""

    passed: Q
    unknown: Q


def years_before(day: date, years: int) -> date:
    """The same day so many years earlier; 28 February where there is no 29th."""
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return day.replace(year=day.year - years, day=28)


# In words -------------------------------------------------------------------------------------------


def ask(criterion: Any, organisation: Organisation, on: date) -> Finding:
    """One criterion asked of one firm on a day, in words that the firm and its consultant both read."""
    found: Finding = _WORDS[criterion.rule](criterion, organisation, on)
    return found


def _industry(rule: blueprints.Industry, firm: Organisation, on: date) -> Finding:
    wants = _industry_wish(rule)
    if not firm.industry:
        return Finding(Outcome.UNKNOWN, _("Branchen kendes ikke; %(wants)s.") % {"wants": wants})
    inside = not rule.any_of or any(_is_in(firm.industry, code) for code in rule.any_of)
    outside = any(_is_in(firm.industry, code) for code in rule.none_of)
    told = _("Branchen er %(title)s (%(code)s); %(wants)s.") % {
        "title": (industry_title(firm.industry) or _("ukendt")).lower(),
        "code": firm.industry,
        "wants": wants,
    }
    return Finding(_outcome(inside and not outside), told)


def _industry_wish(rule: blueprints.Industry) -> str:
    parts = []
    if rule.any_of:
        parts.append(
            _("ordningen er for %(which)s") % {"which": join([_title(c) for c in rule.any_of], _("eller"))}
        )
    if rule.none_of:
        parts.append(
            _("ordningen er ikke for %(which)s")
            % {"which": join([_title(c) for c in rule.none_of], _("eller"))}
        )
    return _(", og ").join(parts)


def _title(code: str) -> str:
    if code.isalpha():
        return next((section.title.lower() for section in industry_tree() if section.code == code), code)
    title = industry_title(code)
    return f"{title.lower()} ({code})" if title else code


def _is_in(industry: str, code: str) -> bool:
    if code.isdecimal():
        return industry.startswith(code)
    divisions = [d.code for section in industry_tree() if section.code == code for d in section.children]
    return industry[:2] in divisions


def _employees(rule: blueprints.Employees, firm: Organisation, on: date) -> Finding:
    wants = _limits(rule.min, rule.max, _("ansat"), _("ansatte"))
    if firm.employees is None:
        return Finding(
            Outcome.UNKNOWN,
            _("Antallet af ansatte kendes ikke; ordningen kræver %(wants)s.") % {"wants": wants},
        )
    low, high = _range_of(firm)
    told = _("Der er %(size)s ansatte; ordningen kræver %(wants)s.") % {
        "size": _size(low, high),
        "wants": wants,
    }
    if low == high == 1:
        told = _("Der er 1 ansat; ordningen kræver %(wants)s.") % {"wants": wants}
    return Finding(_within(low, high, rule.min, rule.max), told)


def _range_of(firm: Organisation) -> tuple[int, int]:
    """The fewest and the most employees that the firm may have, by what the register holds."""
    assert firm.employees is not None
    low, high = INTERVALS.get(firm.employees_text, (firm.employees, firm.employees))
    return (low, high) if low == firm.employees else (firm.employees, firm.employees)


def _size(low: int, high: int) -> str:
    if high == low:
        return number(low)
    return (
        f"{number(low)}-{number(high)}"
        if high < MOST_EMPLOYEES
        else _("mindst %(low)s") % {"low": number(low)}
    )


def _within(low: int, high: int, least: int | None, most: int | None) -> Outcome:
    if (least is not None and high < least) or (most is not None and low > most):
        return Outcome.FAILED
    if (least is None or low >= least) and (most is None or high <= most):
        return Outcome.PASSED
    return Outcome.UNKNOWN


def _limits(least: int | None, most: int | None, one: str, many: str) -> str:
    if least is not None and most is not None:
        return _("%(least)s til %(most)s %(what)s") % {
            "least": number(least),
            "most": number(most),
            "what": many,
        }
    if least is not None:
        return _("mindst %(least)s %(what)s") % {"least": number(least), "what": one if least == 1 else many}
    return _("højst %(most)s %(what)s") % {"most": number(most), "what": one if most == 1 else many}


def _age(rule: blueprints.Age, firm: Organisation, on: date) -> Finding:
    wants = _limits(rule.min_years, rule.max_years, _("år"), _("år"))
    if firm.founded_on is None:
        return Finding(
            Outcome.UNKNOWN,
            _("Startdagen kendes ikke; ordningen kræver en alder på %(wants)s.") % {"wants": wants},
        )
    old = firm.founded_on <= years_before(on, rule.min_years) if rule.min_years is not None else True
    young = firm.founded_on >= years_before(on, rule.max_years) if rule.max_years is not None else True
    told = _("Startet den %(day)s; ordningen kræver en alder på %(wants)s.") % {
        "day": f"{firm.founded_on:%d.%m.%Y}",
        "wants": wants,
    }
    return Finding(_outcome(old and young), told)


def _municipality(rule: blueprints.Municipality, firm: Organisation, on: date) -> Finding:
    names = [place.name for code in rule.any_of if (place := municipality(code))]
    return _place(
        firm, _("ordningen er for %(where)s Kommune") % {"where": join(names, _("eller"))}, rule.any_of
    )


def _region(rule: blueprints.Region, firm: Organisation, on: date) -> Finding:
    names = sorted({place.region for place in municipalities() if place.region_code in rule.any_of})
    return _place(firm, _("ordningen er for %(where)s") % {"where": join(names, _("eller"))}, _codes_in(rule))


def _codes_in(rule: blueprints.Region) -> tuple[str, ...]:
    return tuple(place.code for place in municipalities() if place.region_code in rule.any_of)


def _place(firm: Organisation, wants: str, codes: Iterable[str]) -> Finding:
    if not firm.municipality_code:
        return Finding(Outcome.UNKNOWN, _("Kommunen kendes ikke; %(wants)s.") % {"wants": wants})
    here = municipality(firm.municipality_code)
    told = _("Ligger i %(here)s Kommune; %(wants)s.") % {
        "here": here.name if here else firm.municipality_code,
        "wants": wants,
    }
    return Finding(_outcome(firm.municipality_code in codes), told)


def _company_form(rule: blueprints.CompanyForm, firm: Organisation, on: date) -> Finding:
    wants = join([_form_name(code) for code in rule.any_of], _("eller"))
    if not firm.form_code:
        return Finding(
            Outcome.UNKNOWN,
            _("Virksomhedsformen kendes ikke; ordningen kræver %(wants)s.") % {"wants": wants},
        )
    told = _("Virksomhedsformen er %(form)s; ordningen kræver %(wants)s.") % {
        "form": _form_name(firm.form_code),
        "wants": wants,
    }
    return Finding(_outcome(firm.form_code in rule.any_of), told)


def _form_name(code: str) -> str:
    form = company_form(code)
    return form.name.lower() if form else code


def _question(rule: blueprints.Ask, firm: Organisation, on: date) -> Finding:
    return Finding(Outcome.UNKNOWN, _("Skal afklares: %(question)s") % {"question": rule.question}, ask=True)


def _outcome(passed: bool) -> Outcome:
    return Outcome.PASSED if passed else Outcome.FAILED


_WORDS: dict[str, Any] = {
    "industry": _industry, "employees": _employees, "age": _age, "municipality": _municipality,
    "region": _region, "company_form": _company_form, "ask": _question,
}  # fmt: skip


# In SQL ---------------------------------------------------------------------------------------------


def split(criterion: Any, on: date) -> Split | None:
    """One criterion as conditions on the register; None where the register cannot know."""
    make = _SQL.get(criterion.rule)
    return make(criterion, on) if make else None


def fitting(criteria: Iterable[Any], on: date) -> Q:
    """Organisations of which every criterion is known to be passed."""
    return reduce(and_, (part.passed for part in _splits(criteria, on)), Q())


def perhaps(criteria: Iterable[Any], on: date) -> Q:
    """Organisations that fail nothing, but of which something is not known."""
    parts = _splits(criteria, on)
    if not parts:
        return NOTHING
    none_failed = reduce(and_, (part.passed | part.unknown for part in parts), Q())
    return none_failed & reduce(or_, (part.unknown for part in parts))


def _splits(criteria: Iterable[Any], on: date) -> list[Split]:
    return [part for criterion in criteria if (part := split(criterion, on)) is not None]


def _at_least(field: str, value: Any) -> Q:
    """Size and age are no way to find few firms: put so that no index is tried for them, and a list is read by name."""
    return Q(GreaterThanOrEqual(Coalesce(field, field), value))


def _known(field: str) -> Q:
    return Q(IsNull(Coalesce(field, field), False))


def _at_most(field: str, value: Any) -> Q:
    return Q(LessThanOrEqual(Coalesce(field, field), value))


def _industry_sql(rule: blueprints.Industry, on: date) -> Split:
    inside = (
        reduce(or_, (industry_clause(code) for code in rule.any_of)) if rule.any_of else Q(industry__gt="")
    )
    for code in rule.none_of:
        inside &= ~industry_clause(code)
    return Split(inside, Q(industry=""))


def _employees_sql(rule: blueprints.Employees, on: date) -> Split:
    passed, unknown = _known("employees"), Q(employees=None)
    if rule.min is not None:
        passed &= _at_least("employees", rule.min)
    if rule.max is not None:
        passed &= _at_most("employees", rule.max)
    for text, (low, high) in INTERVALS.items():
        if _within(low, high, rule.min, rule.max) is Outcome.UNKNOWN:
            unsure = Q(employees=low, employees_text=text)
            passed &= ~unsure
            unknown |= unsure
    return Split(passed, unknown)


def _age_sql(rule: blueprints.Age, on: date) -> Split:
    passed = _known("founded_on")
    if rule.min_years is not None:
        passed &= _at_most("founded_on", years_before(on, rule.min_years))
    if rule.max_years is not None:
        passed &= _at_least("founded_on", years_before(on, rule.max_years))
    return Split(passed, Q(founded_on=None))


def _municipality_sql(rule: blueprints.Municipality, on: date) -> Split:
    return Split(Q(municipality_code__in=rule.any_of), Q(municipality_code=""))


def _region_sql(rule: blueprints.Region, on: date) -> Split:
    return Split(Q(municipality_code__in=_codes_in(rule)), Q(municipality_code=""))


def _company_form_sql(rule: blueprints.CompanyForm, on: date) -> Split:
    return Split(Q(form_code__in=rule.any_of), Q(form_code=""))


_SQL: dict[str, Any] = {
    "industry": _industry_sql, "employees": _employees_sql, "age": _age_sql, "municipality": _municipality_sql,
    "region": _region_sql, "company_form": _company_form_sql,
}  # fmt: skip
