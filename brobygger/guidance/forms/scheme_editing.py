# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""A scheme as a head of business types it, without knowing that it becomes a file."""

from __future__ import annotations

import re
from typing import Any

import yaml
from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from brobygger.base.number_fields import AmountField, WholeNumberField
from brobygger.blueprints.errors import BadDefinition
from brobygger.guidance.blueprints import HELP, PURPOSES, Scheme
from brobygger.knowledge.company_forms import company_forms
from brobygger.knowledge.geography import municipalities
from brobygger.market.forms.matches import TypedText, day_input
from brobygger.register.imports.errors import BadValue
from brobygger.register.imports.values import day

PLAIN = ("title", "provider", "help", "description", "source", "opens_on", "closes_on", "link")
AMOUNTS = ("rate_percent", "min_dkk", "max_dkk")
CONTACT = ("name", "email", "phone")
FORMS = ("10", "15", "30", "40", "60", "70", "80", "100", "110", "130")
"""The company forms that are offered; a scheme for others is written as a file."""
_FOLD = str.maketrans({"æ": "ae", "ø": "oe", "å": "aa", "ä": "ae", "ö": "oe", "ü": "y", "é": "e"})


def _lines() -> forms.Textarea:
    return forms.Textarea(attrs={"rows": 3})


def _regions() -> list[tuple[str, str]]:
    return sorted({(place.region_code, place.region) for place in municipalities() if place.region_code})


class SchemeForm(forms.Form):
    """Everything a scheme may say; what is left empty is not known."""

    title = TypedText(label=gettext_lazy("Navn"), max_length=200)
    provider = TypedText(label=gettext_lazy("Udbyder"), max_length=160)
    help = forms.ChoiceField(label=gettext_lazy("Slags"), choices=[("", gettext_lazy("Vælg")), *HELP.items()])
    purposes = forms.MultipleChoiceField(
        label=gettext_lazy("Formål"), choices=list(PURPOSES.items()), widget=forms.CheckboxSelectMultiple
    )
    description = TypedText(label=gettext_lazy("Beskrivelse"), max_length=5000, widget=_lines())
    source = TypedText(label=gettext_lazy("Hvor er ordningen beskrevet?"), required=False, max_length=500)
    link = TypedText(label=gettext_lazy("Link"), help_text="https://…", required=False, max_length=500)
    opens_on = forms.DateField(label=gettext_lazy("Åbner"), required=False, widget=day_input())
    closes_on = forms.DateField(label=gettext_lazy("Lukker"), required=False, widget=day_input())
    deadlines = TypedText(
        label=gettext_lazy("Frister"),
        help_text=gettext_lazy("En på hver linje: dato og tekst, for eksempel »1.3.2027 Første runde«."),
        required=False,
        max_length=2000,
        widget=_lines(),
    )
    employees_min = WholeNumberField(
        label=gettext_lazy("Mindst så mange ansatte"), required=False, min_value=0
    )
    employees_max = WholeNumberField(
        label=gettext_lazy("Højst så mange ansatte"), required=False, min_value=0
    )
    age_min = WholeNumberField(label=gettext_lazy("Mindst så mange år gammel"), required=False, min_value=0)
    age_max = WholeNumberField(label=gettext_lazy("Højst så mange år gammel"), required=False, min_value=0)
    industries = TypedText(
        label=gettext_lazy("Kun disse brancher"),
        help_text=gettext_lazy("Bogstav eller to til seks cifre (DB25) med komma imellem, fx »C, 4941«."),
        required=False,
        max_length=500,
    )
    industries_not = TypedText(label=gettext_lazy("Ikke disse brancher"), required=False, max_length=500)
    municipalities = TypedText(
        label=gettext_lazy("Kun disse kommuner"),
        help_text=gettext_lazy("Navne med komma imellem, fx »Lejre, Roskilde«."),
        required=False,
        max_length=2000,
    )
    regions = forms.MultipleChoiceField(
        label=gettext_lazy("Kun disse regioner"), required=False, widget=forms.CheckboxSelectMultiple
    )
    company_forms = forms.MultipleChoiceField(
        label=gettext_lazy("Kun disse virksomhedsformer"), required=False, widget=forms.CheckboxSelectMultiple
    )
    questions = TypedText(
        label=gettext_lazy("Det skal I spørge virksomheden om"),
        help_text=gettext_lazy("Et spørgsmål på hver linje: det, intet register ved."),
        required=False,
        max_length=3000,
        widget=_lines(),
    )
    de_minimis = forms.ChoiceField(
        label=gettext_lazy("Er det de minimis-støtte?"),
        required=False,
        choices=[("", gettext_lazy("Ikke kendt")), ("ja", gettext_lazy("Ja")), ("nej", gettext_lazy("Nej"))],
    )
    rate_percent = AmountField(
        label=gettext_lazy("Tilskud i procent"), required=False, max_digits=5, decimal_places=2
    )
    min_dkk = AmountField(
        label=gettext_lazy("Mindste beløb i kroner"), required=False, max_digits=14, decimal_places=2
    )
    max_dkk = AmountField(
        label=gettext_lazy("Største beløb i kroner"), required=False, max_digits=14, decimal_places=2
    )
    contact_name = TypedText(
        label=gettext_lazy("Kontakt"),
        help_text=gettext_lazy("Et kontor eller en afdeling."),
        required=False,
        max_length=120,
    )
    contact_email = forms.EmailField(label=gettext_lazy("E-mail"), required=False, max_length=254)
    contact_phone = TypedText(label=gettext_lazy("Telefon"), required=False, max_length=20)

    def __init__(self, *args: Any, content: Scheme | None = None, **kwargs: Any) -> None:
        if content:
            kwargs["initial"] = as_typed(content)
        super().__init__(*args, **kwargs)
        self.content = content
        fields: dict[str, Any] = self.fields
        fields["regions"].choices = _regions()
        fields["company_forms"].choices = [(code, company_forms()[code].name) for code in FORMS]

    def clean_municipalities(self) -> list[str]:
        """Codes of the names that were written."""
        by_name = {place.name.casefold(): place.code for place in municipalities()}
        found = []
        for name in _parts(self.cleaned_data["municipalities"]):
            code = by_name.get(name.casefold().removesuffix(" kommune"))
            if code is None:
                raise forms.ValidationError(_("Vi kender ikke kommunen »%(name)s«.") % {"name": name})
            found.append(code)
        return found

    def clean_deadlines(self) -> list[dict[str, str]]:
        """[{on, text}] of the lines that were written."""
        found = []
        for line in filter(None, map(str.strip, self.cleaned_data["deadlines"].splitlines())):
            first, _space, text = line.partition(" ")
            try:
                found.append({"on": day(first).isoformat(), "text": text.strip()})
            except BadValue as error:
                raise forms.ValidationError(
                    _("»%(line)s« begynder ikke med en dato som 1.3.2027.") % {"line": line}
                ) from error
        return found

    @property
    def key(self) -> str:
        """The scheme's key: its own, or one made of the title."""
        return self.content.key if self.content else _key(self.cleaned_data["title"])

    @property
    def text(self) -> str:
        """The file that says the same."""
        typed = self.cleaned_data
        content: dict[str, Any] = {"key": self.key}
        content |= {name: str(typed[name]) for name in PLAIN if typed[name]}
        content["purposes"] = typed["purposes"]
        content |= {name: str(typed[name]) for name in AMOUNTS if typed[name] is not None}
        if typed["de_minimis"]:
            content["de_minimis"] = typed["de_minimis"] == "ja"
        if typed["deadlines"]:
            content["deadlines"] = typed["deadlines"]
        contact = {name: typed[f"contact_{name}"] for name in CONTACT if typed[f"contact_{name}"]}
        if contact:
            content["contact"] = contact
        if self.content and self.content.invented:
            content["invented"] = True
        content["criteria"] = _criteria(typed)
        return yaml.safe_dump(content, allow_unicode=True, sort_keys=False)

    def tell(self, error: BadDefinition) -> None:
        """Put what the reader of files refused beside the field it came from, where there is one."""
        for fault in error.faults:
            name = fault.where.split(".")[0]
            self.add_error(name if name in self.fields else None, fault.what)


def _criteria(typed: dict[str, Any]) -> list[dict[str, Any]]:
    rules = [
        {"rule": "employees", "min": typed["employees_min"], "max": typed["employees_max"]},
        {"rule": "age", "min_years": typed["age_min"], "max_years": typed["age_max"]},
        {
            "rule": "industry",
            "any_of": _parts(typed["industries"]),
            "none_of": _parts(typed["industries_not"]),
        },
        {"rule": "municipality", "any_of": typed["municipalities"]},
        {"rule": "region", "any_of": typed["regions"]},
        {"rule": "company_form", "any_of": typed["company_forms"]},
    ]
    said = [{key: value for key, value in rule.items() if value not in (None, [], "")} for rule in rules]
    questions = [line.strip() for line in typed["questions"].splitlines() if line.strip()]
    return [rule for rule in said if len(rule) > 1] + [
        {"rule": "ask", "question": line} for line in questions
    ]


def can_be_typed(content: Scheme) -> bool:
    """Whether the form holds all that the scheme says; else it is changed as a file."""
    rules = [criterion.rule for criterion in content.criteria if criterion.rule != "ask"]
    others = [
        c for criterion in content.criteria if criterion.rule == "company_form" for c in criterion.any_of
    ]
    return len(rules) == len(set(rules)) and set(others) <= set(FORMS)


def as_typed(content: Scheme) -> dict[str, Any]:
    """What the fields hold for a scheme. The opposite of `SchemeForm.text`."""
    typed: dict[str, Any] = {name: getattr(content, name) for name in (*PLAIN, *AMOUNTS)}
    typed["purposes"] = list(content.purposes)
    typed["de_minimis"] = {True: "ja", False: "nej", None: ""}[content.de_minimis]
    typed["deadlines"] = "\n".join(
        f"{deadline.on:%d.%m.%Y} {deadline.text}".strip() for deadline in content.deadlines
    )
    typed |= {f"contact_{name}": getattr(content.contact, name) for name in CONTACT}
    rules: dict[str, Any] = {criterion.rule: criterion for criterion in content.criteria}
    if rule := rules.get("employees"):
        typed |= {"employees_min": rule.min, "employees_max": rule.max}
    if rule := rules.get("age"):
        typed |= {"age_min": rule.min_years, "age_max": rule.max_years}
    if rule := rules.get("industry"):
        typed |= {"industries": ", ".join(rule.any_of), "industries_not": ", ".join(rule.none_of)}
    if rule := rules.get("municipality"):
        names = {place.code: place.name for place in municipalities()}
        typed["municipalities"] = ", ".join(names[code] for code in rule.any_of)
    for name, field in (("region", "regions"), ("company_form", "company_forms")):
        if rule := rules.get(name):
            typed[field] = list(rule.any_of)
    typed["questions"] = "\n".join(c.question for c in content.criteria if c.rule == "ask")
    return typed


def _parts(text: str) -> list[str]:
    return [part.strip() for part in text.split(",") if part.strip()]


def _key(title: str) -> str:
    """`SMV:Grøn` → `smv_groen`."""
    key = re.sub(r"[^a-z0-9]+", "_", title.casefold().translate(_FOLD)).strip("_")
    return (key if key[:1].isalpha() else f"ordning_{key}")[:60].strip("_")


class FileForm(forms.Form):
    """A scheme as a file."""

    text = forms.CharField(
        label=gettext_lazy("Ordningen som fil (YAML)"),
        max_length=200_000,
        widget=forms.Textarea(attrs={"rows": 25}),
    )
