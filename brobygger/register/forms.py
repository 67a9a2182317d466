# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""What a person types about an organisation, checked before any service sees it."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from brobygger.base.forms import VersionedForm, clean_text
from brobygger.base.number_fields import WholeNumberField
from brobygger.knowledge.company_forms import company_forms
from brobygger.knowledge.geography import postal_code
from brobygger.knowledge.industries import db25_codes, industry_title, to_db25
from brobygger.knowledge.waste_codes import waste_codes
from brobygger.register.models import Establishment, Organisation, Permit, Person, Tag

MOST_EMPLOYEES = 1_000_000
EARLIEST = date(1500, 1, 1)
INDUSTRY_LIST = "branchekoder"
"""Id of the datalist that the form page carries."""


class DateInput(forms.DateInput):
    """The browser's own date picker; a typed Danish date works too."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


def cvr_in(text: str) -> str | None:
    """The eight digits of a CVR number, with or without spaces, signs and DK before them; None where it is no such number."""
    bare = re.sub(r"[\s.-]", "", text).upper().removeprefix("DK")
    return bare if re.fullmatch(r"[0-9]{8}", bare) else None


def typed_cvr(typed: Any) -> str | None:
    """What was typed in a form's field, None where nothing was. Raises ValidationError."""
    text = str(typed or "").strip()
    found = cvr_in(text)
    if text and found is None:
        raise ValidationError(_("Et CVR-nummer har otte cifre."))
    return found


class CheckedForm(VersionedForm):
    """Text without control characters, and the checks that several forms share."""

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        for name, value in cleaned.items():
            if isinstance(value, str):
                cleaned[name] = clean_text(value)
        for name, field in self.fields.items():
            if field.required and isinstance(field, forms.CharField) and cleaned.get(name) == "":
                self.add_error(name, _("Feltet skal udfyldes."))
        return cleaned

    @property
    def values(self) -> dict[str, Any]:
        """What to hand to a service."""
        return {name: value for name, value in self.cleaned_data.items() if name != "opened_version"}

    def clean_postal_code(self) -> str:
        typed = str(self.cleaned_data["postal_code"]).strip()
        if not typed:
            return ""
        known = postal_code(typed)
        if known is None:
            raise ValidationError(_("Vi kender ikke postnummeret. Det har fire cifre, for eksempel 4320."))
        return known.code

    def clean_industry(self) -> str:
        typed = str(self.cleaned_data["industry"]).strip()
        if not typed:
            return ""
        digits = re.match(r"[\d.\s]+", typed)
        code = to_db25(digits.group()) if digits else None
        if code is None:
            raise ValidationError(
                _("Vi kender ikke branchekoden. Skriv seks cifre fra CVR (DB25), eller vælg fra listen.")
            )
        return code

    def clean_employees(self) -> int | None:
        number: int | None = self.cleaned_data["employees"]
        if number is not None and not 0 <= number <= MOST_EMPLOYEES:
            raise ValidationError(_("Antal ansatte skal være mellem 0 og 1.000.000."))
        return number

    def clean_website(self) -> str:
        typed = str(self.cleaned_data["website"]).strip()
        if not typed:
            return ""
        address = typed if "://" in typed else f"https://{typed}"
        try:
            URLValidator(schemes=["http", "https"])(address)
        except ValidationError as error:
            raise ValidationError(_("Skriv en hjemmeside som www.eksempel.dk.")) from error
        if len(address) > 200:
            raise ValidationError(_("Adressen er for lang."))
        return address

    def clean_phone(self) -> str:
        typed = " ".join(str(self.cleaned_data["phone"]).split())
        if typed and not re.fullmatch(r"\+?[\d ()/-]{4,20}", typed):
            raise ValidationError(_("Skriv et telefonnummer som 12 34 56 78 eller +45 12 34 56 78."))
        return typed


def check_date(value: date | None, *, future_days: int = 3660) -> date | None:
    """A date that can be meant. Raises ValidationError."""
    if value is None:
        return None
    if not EARLIEST <= value <= timezone.localdate() + timedelta(days=future_days):
        raise ValidationError(_("Datoen kan ikke passe. Se efter, om årstallet er rigtigt."))
    return value


class OrganisationForm(CheckedForm):
    """Everything the office may say about an organisation."""

    cvr = forms.CharField(
        label=gettext_lazy("CVR-nummer"),
        required=False,
        max_length=20,
        help_text=gettext_lazy("Otte cifre. Foreninger og borgergrupper kan være uden."),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    form_code = forms.ChoiceField(label=gettext_lazy("Virksomhedsform"), required=False)
    industry = forms.CharField(
        label=gettext_lazy("Branche"),
        required=False,
        max_length=200,
        help_text=gettext_lazy(
            "Skriv koden, eller begynd på navnet og vælg. Ældre koder oversættes, når det er sikkert."
        ),
        widget=forms.TextInput(attrs={"list": INDUSTRY_LIST, "autocomplete": "off"}),
    )
    employees = WholeNumberField(label=gettext_lazy("Ansatte"), required=False)
    website = forms.CharField(label=gettext_lazy("Hjemmeside"), required=False, max_length=200)
    tags_text = forms.CharField(
        label=gettext_lazy("Mærkater"),
        required=False,
        max_length=5000,
        help_text=gettext_lazy("Jeres egne ord, med komma imellem: fødevarer, vækstvirksomhed."),
    )

    class Meta:
        model = Organisation
        fields = [
            "name",
            "kind",
            "cvr",
            "form_code",
            "industry",
            "street",
            "postal_code",
            "employees",
            "founded_on",
            "email",
            "phone",
            "website",
            "description",
            "ad_protected",
        ]
        widgets = {"founded_on": DateInput(), "description": forms.Textarea(attrs={"rows": 5})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "form_code" in self.fields:
            forms_known = [
                (form.code, f"{form.name} ({form.short})" if form.short else form.name)
                for form in company_forms().values()
            ]
            self.fields["form_code"].choices = [("", _("Ikke oplyst")), *forms_known]  # type: ignore[attr-defined]
        if self.instance.pk:
            self.initial["tags_text"] = ", ".join(tag.name for tag in self.instance.tags.all())
            title = industry_title(self.instance.industry) if self.instance.industry else None
            self.initial["industry"] = f"{self.instance.industry} {title or ''}".strip()

    def clean_cvr(self) -> str | None:
        return typed_cvr(self.cleaned_data["cvr"])

    def clean_founded_on(self) -> date | None:
        return check_date(self.cleaned_data["founded_on"])

    def clean_tags_text(self) -> str:
        text = str(self.cleaned_data["tags_text"])
        names = tags_in(text)
        if too_long := [name for name in names if len(name) > Tag.LONGEST]:
            told = {"tag": too_long[0][:20], "most": Tag.LONGEST}
            raise ValidationError(
                _("»%(tag)s …« er for langt. Et mærkat kan have højst %(most)s tegn.") % told
            )
        most = max(Tag.MOST, self.instance.tags.count() if self.instance.pk else 0)
        if len(names) > most:
            raise ValidationError(_("Der kan være højst %(most)s mærkater.") % {"most": most})
        return text

    @property
    def values(self) -> dict[str, Any]:
        return {name: value for name, value in super().values.items() if name != "tags_text"}

    @property
    def tags(self) -> list[str]:
        return tags_in(self.cleaned_data.get("tags_text", ""))


def tags_in(text: str) -> list[str]:
    """The tags of a text, with commas between, none twice."""
    names: dict[str, str] = {}
    for raw in re.split(r"[,;|\n]", text):
        if name := " ".join(raw.split()):
            names.setdefault(name.casefold(), name)
    return list(names.values())


class FirmForm(OrganisationForm):
    """What a firm itself may say: CVR's facts are not its to change here."""

    cvr = None  # type: ignore[assignment]
    form_code = None  # type: ignore[assignment]
    industry = None  # type: ignore[assignment]
    tags_text = None  # type: ignore[assignment]

    class Meta(OrganisationForm.Meta):
        fields = ["street", "postal_code", "employees", "email", "phone", "website", "description"]


class VersionOnly(forms.Form):
    """A question that is answered with yes, about the record as it was when the person opened it."""

    opened_version = forms.IntegerField(widget=forms.HiddenInput)


class EndForm(VersionOnly):
    """From when something no longer is."""

    on = forms.DateField(label=gettext_lazy("Fra hvilken dag"), widget=DateInput())

    def clean_on(self) -> date:
        return check_date(self.cleaned_data["on"], future_days=366) or timezone.localdate()


class DissolveForm(EndForm):
    """How an organisation ceased, and when."""

    status = forms.ChoiceField(
        label=gettext_lazy("Hvordan"),
        choices=[
            (Organisation.Status.DISSOLVED, gettext_lazy("Ophørt")),
            (Organisation.Status.BANKRUPT, gettext_lazy("Konkurs")),
        ],
    )
    field_order = ["status", "on"]


class EstablishmentForm(CheckedForm):
    """A place of work."""

    p_number = forms.CharField(
        label=gettext_lazy("P-nummer"),
        required=False,
        max_length=20,
        help_text=gettext_lazy("Ti cifre, hvis stedet har et."),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    industry = forms.CharField(
        label=gettext_lazy("Branche"),
        required=False,
        max_length=200,
        help_text=gettext_lazy("Kun hvis den er en anden end virksomhedens."),
        widget=forms.TextInput(attrs={"list": INDUSTRY_LIST, "autocomplete": "off"}),
    )
    employees = WholeNumberField(label=gettext_lazy("Ansatte"), required=False)

    class Meta:
        model = Establishment
        fields = [
            "name",
            "p_number",
            "is_main",
            "industry",
            "employees",
            "street",
            "postal_code",
            "started_on",
        ]
        widgets = {"started_on": DateInput()}

    def clean_p_number(self) -> str | None:
        typed = re.sub(r"[\s.-]", "", str(self.cleaned_data["p_number"]))
        if not typed:
            return None
        if not re.fullmatch(r"[0-9]{10}", typed):
            raise ValidationError(_("Et P-nummer har ti cifre."))
        return typed

    def clean_started_on(self) -> date | None:
        return check_date(self.cleaned_data["started_on"])


class PersonForm(CheckedForm):
    """A person and the role in one organisation."""

    title = forms.CharField(
        label=gettext_lazy("Stilling"),
        required=False,
        max_length=80,
        help_text=gettext_lazy("For eksempel direktør, køkkenchef eller kasserer."),
    )
    is_contact = forms.BooleanField(
        label=gettext_lazy("Kontaktperson: den, vi ringer til"), required=False, initial=True
    )

    class Meta:
        model = Person
        fields = ["name", "email", "phone"]
        help_texts = {
            "name": gettext_lazy(
                "Skriv kun det, arbejdet kræver. Personen kan bede om at se det og få det slettet."
            ),
        }
        widgets = {"name": forms.TextInput(attrs={"autocomplete": "off"})}


class PermitForm(CheckedForm):
    """A permit."""

    waste_codes = forms.CharField(
        label=gettext_lazy("Affaldskoder (EAK)"),
        required=False,
        max_length=400,
        help_text=gettext_lazy("Seks cifre hver, med mellemrum. Tomt betyder alle af den art."),
    )

    class Meta:
        model = Permit
        fields = ["kind", "number", "issued_by", "waste_codes", "valid_from", "valid_until"]
        widgets = {"valid_from": DateInput(), "valid_until": DateInput()}

    def clean_waste_codes(self) -> str:
        typed = str(self.cleaned_data["waste_codes"])
        codes = re.findall(r"\d{2} ?\d{2} ?\d{2}\b", typed)
        if re.sub(r"[\d\s,;*.]", "", typed) or re.sub(r"\D", "", "".join(codes)) != re.sub(r"\D", "", typed):
            raise ValidationError(
                _("Skriv affaldskoder med seks cifre hver, for eksempel 02 07 04 15 01 06.")
            )
        codes = list(dict.fromkeys(code.replace(" ", "") for code in codes))
        unknown = [code for code in codes if code not in waste_codes()]
        if unknown:
            raise ValidationError(
                _("Vi kender ikke affaldskoden %(codes)s.") % {"codes": ", ".join(unknown[:5])}
            )
        return " ".join(codes)

    def clean_valid_from(self) -> date | None:
        return check_date(self.cleaned_data["valid_from"])

    def clean_valid_until(self) -> date | None:
        return check_date(self.cleaned_data["valid_until"], future_days=36600)


def industry_options() -> list[tuple[str, str]]:
    """(code, title) for the datalist of industries."""
    return [(entry.code, entry.title) for entry in db25_codes().values()]
