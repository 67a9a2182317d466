# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""What the description of a scheme (ordning) may hold: who offers what, when, to whom. See `criteria` for the rules."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated, Literal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from pydantic import AfterValidator, Field, model_validator

from brobygger.blueprints.kinds import Blueprint, Part, kind
from brobygger.knowledge.company_forms import company_form
from brobygger.knowledge.geography import municipalities, municipality
from brobygger.register.filters import industry_clause

KIND = "scheme"
HELP = {
    "grant": gettext_lazy("Tilskud"),
    "loan": gettext_lazy("Lån"),
    "advice": gettext_lazy("Rådgivning"),
    "programme": gettext_lazy("Forløb"),
    "wage": gettext_lazy("Løntilskud"),
}
PURPOSES = {
    "climate": gettext_lazy("Klima og grøn omstilling"),
    "digital": gettext_lazy("Digitalisering"),
    "growth": gettext_lazy("Vækst og forretningsudvikling"),
    "start": gettext_lazy("Iværksætteri"),
    "export": gettext_lazy("Eksport"),
    "skills": gettext_lazy("Kompetencer og ansættelse"),
    "capital": gettext_lazy("Kapital"),
    "innovation": gettext_lazy("Innovation"),
}
"""The words by which the catalogue is narrowed and figures are counted."""


def _known_industry(code: str) -> str:
    if industry_clause(code) == industry_clause("?"):
        raise ValueError(
            _("»%(code)s« er ikke en branche: brug et bogstav eller to til seks cifre.") % {"code": code}
        )
    return code.upper()


def _known_municipality(code: str) -> str:
    if len(code) != 4 or municipality(code) is None:
        raise ValueError(_("»%(code)s« er ikke en kommunekode på fire cifre.") % {"code": code})
    return code


def _known_region(code: str) -> str:
    if code not in {place.region_code for place in municipalities()}:
        raise ValueError(_("»%(code)s« er ikke en regionskode på fire cifre.") % {"code": code})
    return code


def _known_form(code: str) -> str:
    if company_form(code) is None:
        raise ValueError(_("»%(code)s« er ikke en virksomhedsform, som CVR kender.") % {"code": code})
    return code


def _web_address(text: str) -> str:
    if text and not text.startswith("https://"):
        raise ValueError(_("Linket skal begynde med https://."))
    return text


class Industry(Part):
    """In one of these industries (DB25: a section's letter or two to six digits), and in none of those."""

    rule: Literal["industry"]
    any_of: tuple[Annotated[str, AfterValidator(_known_industry)], ...] = ()
    none_of: tuple[Annotated[str, AfterValidator(_known_industry)], ...] = ()

    @model_validator(mode="after")
    def _says_something(self) -> Industry:
        if not (self.any_of or self.none_of):
            raise ValueError(_("Reglen om branche skal nævne mindst én branche."))
        return self


class Employees(Part):
    """So many employees, both ends included."""

    rule: Literal["employees"]
    min: int | None = Field(default=None, ge=0, le=1_000_000)
    max: int | None = Field(default=None, ge=0, le=1_000_000)

    @model_validator(mode="after")
    def _in_order(self) -> Employees:
        _check_order(self.min, self.max, _("Reglen om ansatte"))
        return self


class Age(Part):
    """Started at least, or at most, so many whole years ago."""

    rule: Literal["age"]
    min_years: int | None = Field(default=None, ge=0, le=200)
    max_years: int | None = Field(default=None, ge=0, le=200)

    @model_validator(mode="after")
    def _in_order(self) -> Age:
        _check_order(self.min_years, self.max_years, _("Reglen om alder"))
        return self


class Municipality(Part):
    """Has its address in one of these municipalities (four-digit codes)."""

    rule: Literal["municipality"]
    any_of: tuple[Annotated[str, AfterValidator(_known_municipality)], ...] = Field(min_length=1)


class Region(Part):
    """Has its address in one of these regions (four-digit codes, 1081-1085)."""

    rule: Literal["region"]
    any_of: tuple[Annotated[str, AfterValidator(_known_region)], ...] = Field(min_length=1)


class CompanyForm(Part):
    """Is a company of one of these forms (CVR's numbers: 60 A/S, 80 ApS …)."""

    rule: Literal["company_form"]
    any_of: tuple[Annotated[str, AfterValidator(_known_form)], ...] = Field(min_length=1)


class Ask(Part):
    """Something that no register knows: the consultant asks. It never decides by itself."""

    rule: Literal["ask"]
    question: str = Field(min_length=1, max_length=300)


Criterion = Annotated[
    Industry | Employees | Age | Municipality | Region | CompanyForm | Ask, Field(discriminator="rule")
]


class Deadline(Part):
    """A day by which applications must be in."""

    on: date
    text: str = Field(default="", max_length=200)


class Contact(Part):
    """Where to turn: an office's own number and address, no person's."""

    name: str = Field(default="", max_length=120)
    email: str = Field(default="", max_length=254, pattern=r"^([^@\s]+@[^@\s]+\.[^@\s]+)?$")
    phone: str = Field(default="", max_length=20)


class Scheme(Blueprint):
    """A grant, a loan, a programme …: what is not known is left out, never guessed."""

    provider: str = Field(min_length=1, max_length=160)
    help: Literal["grant", "loan", "advice", "programme", "wage"]
    purposes: tuple[
        Literal["climate", "digital", "growth", "start", "export", "skills", "capital", "innovation"], ...
    ] = Field(min_length=1)
    opens_on: date | None = None
    closes_on: date | None = None
    deadlines: tuple[Deadline, ...] = ()
    criteria: tuple[Criterion, ...] = ()
    de_minimis: bool | None = None
    """Whether what is granted counts as de minimis aid; None where it is not known."""
    rate_percent: Decimal | None = Field(default=None, gt=0, le=100)
    """The share of the costs that the scheme pays."""
    min_dkk: Decimal | None = Field(default=None, gt=0, le=10**12)
    max_dkk: Decimal | None = Field(default=None, gt=0, le=10**12)
    link: Annotated[str, AfterValidator(_web_address)] = Field(default="", max_length=500)
    contact: Contact = Contact()
    invented: bool = False
    """Made up for a demonstration; the title says so."""

    @model_validator(mode="after")
    def _holds_together(self) -> Scheme:
        if self.opens_on and self.closes_on and self.closes_on < self.opens_on:
            raise ValueError(_("Ordningen lukker, før den åbner."))
        if self.min_dkk and self.max_dkk and self.max_dkk < self.min_dkk:
            raise ValueError(_("Det mindste beløb er større end det største."))
        if self.invented and "opdigtet" not in self.title.lower():
            raise ValueError(_("En opdigtet ordning skal have ordet »opdigtet« i titlen."))
        return self

    def is_open_on(self, day: date) -> bool:
        """Both end days included; without days it is always open."""
        return (self.opens_on is None or self.opens_on <= day) and (
            self.closes_on is None or day <= self.closes_on
        )

    def next_deadline(self, day: date) -> Deadline | None:
        """The first deadline that has not passed."""
        ahead = sorted((deadline for deadline in self.deadlines if deadline.on >= day), key=lambda d: d.on)
        return ahead[0] if ahead else None

    @property
    def help_word(self) -> str:
        return str(HELP[self.help])

    @property
    def purpose_words(self) -> list[str]:
        return [str(PURPOSES[purpose]) for purpose in self.purposes]


def _check_order(low: int | None, high: int | None, name: str) -> None:
    if low is None and high is None:
        raise ValueError(_("%(rule)s skal have en mindste eller en højeste grænse.") % {"rule": name})
    if low is not None and high is not None and high < low:
        raise ValueError(_("%(rule)s har en højeste grænse under den mindste.") % {"rule": name})


kind(KIND, Scheme, label=gettext_lazy("Ordning"))
