# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""A definition's fields as a form."""

from __future__ import annotations

from collections.abc import Collection
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from brobygger.base import search
from brobygger.base.number_fields import AmountField
from brobygger.cases.definition import Field, FieldKind
from brobygger.cases.fixed import fixed
from brobygger.cases.models import Case
from brobygger.cases.sources import options
from brobygger.cases.values import LARGEST, LONGEST, ORIGINS
from brobygger.market.forms.matches import OpenedForm, TypedText, day_input
from brobygger.register.industry_picker import IndustriesField
from brobygger.register.models import Organisation, Person

MOST_HITS = 8


class ValuesForm(OpenedForm):
    """The case's fields, or those of `keys`: what is empty may be filled in later, the gate asks for it."""

    def __init__(self, *args: Any, case: Case, keys: Collection[str] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.case = case
        unseen = ORIGINS.get(case.type_key, ())
        fields = [field.key for field in case.type.filled_in if field.key not in unseen]
        self.keys = [key for key in fields if keys is None or key in keys]
        self.fields["opened_version"].initial = case.version
        needed = {name for way in case.at_stage.moves for name in way.needs_fields}
        for key in self.keys:
            field = case.type.field(key)
            control: Any = self._control(field)
            if key in needed:  # not asked for here and now, but by the gate
                control.optional_word = _("skal udfyldes, før sagen går videre")
            self.fields[key] = control
            self.initial[key] = _first(field, case.values.get(key))

        stand_fast(self, case)

    def _control(self, field: Field) -> forms.Field:
        told: dict[str, Any] = {"label": field.label, "help_text": field.help, "required": False}
        if field.unit:
            told["label"] = f"{field.label} ({field.unit})"
        match field.kind:
            case FieldKind.LONG_TEXT:
                return TypedText(
                    widget=forms.Textarea(attrs={"rows": 4}), max_length=LONGEST[field.kind], **told
                )
            case FieldKind.NUMBER:
                return AmountField(max_value=field.most or LARGEST, min_value=field.least, **told)
            case FieldKind.MONEY:
                told["label"] = f"{field.label} ({_('kr.')})"
                return AmountField(
                    max_value=field.most or LARGEST,
                    min_value=field.least,
                    decimal_places=2,
                    max_digits=14,
                    **told,
                )
            case FieldKind.DATE:
                return forms.DateField(widget=day_input(), **told)
            case FieldKind.CHOICE:
                return forms.ChoiceField(choices=self._choices(field), **told)
            case FieldKind.YES_NO:
                return forms.TypedChoiceField(
                    choices=[("", "–"), ("True", _("Ja")), ("False", _("Nej"))],
                    coerce=lambda value: value == "True", empty_value=None, **told,
                )  # fmt: skip
            case FieldKind.ORGANISATION:
                return OrganisationField(self.case.operator, self.case.values.get(field.key), **told)
            case FieldKind.INDUSTRIES:
                return IndustriesField(**told)
            case FieldKind.PERSON:
                return forms.ModelChoiceField(
                    Person.objects.filter(operator=self.case.operator)[:500], **told
                )
            case _:
                return TypedText(max_length=LONGEST[FieldKind.TEXT], **told)

    def _choices(self, field: Field) -> list[tuple[str, str]]:
        known = options(field, self.case.operator)
        stored = self.case.values.get(field.key)
        kept = (
            [] if stored is None or stored in known else [(stored, stored)]
        )  # a scheme that is no longer on offer
        return [("", "–"), *known.items(), *kept]

    @property
    def typed(self) -> dict[str, Any]:
        """What to hand to the service."""
        return {key: self.cleaned_data.get(key) for key in self.keys}


def stand_fast(form: forms.Form, case: Case) -> None:
    """Fields that are fixed cannot be typed in, and say why."""
    for key, why in fixed(case).items():
        if key in form.fields:
            form.fields[key].disabled = True
            form.fields[key].help_text = why


def _first(field: Field, stored: Any) -> Any:
    """A stored value as its control shows it."""
    if stored is not None and field.kind in (FieldKind.NUMBER, FieldKind.MONEY):
        return Decimal(str(stored))
    return str(stored) if field.kind == FieldKind.YES_NO and stored is not None else stored


class OrganisationField(forms.CharField):
    """A name or a CVR number that means one organisation of the office."""

    def __init__(self, operator: Any, stored: Any, **kwargs: Any) -> None:
        super().__init__(max_length=200, **kwargs)
        self.operator = operator
        self.help_text = self.help_text or _("Skriv navn eller CVR-nummer.")

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, int):
            found = Organisation.objects.filter(pk=value, operator=self.operator).first()
            return (found.cvr or found.name) if found else ""
        return value

    def clean(self, value: Any) -> Any:
        words = super().clean(value)
        if not words:
            return None
        here = Organisation.objects.filter(operator=self.operator)
        if exact := here.filter(cvr=words).first():
            return exact.pk
        keys = search.find("organisation", words, scopes=[str(self.operator.pk)], limit=MOST_HITS).keys
        named = [row.pk for row in here.filter(pk__in=keys) if row.name.casefold() == words.casefold()]
        if len(named) == 1 or len(keys) == 1:
            return (named or keys)[0]
        if keys:
            raise forms.ValidationError(_("Det passer på flere. Skriv CVR-nummeret."))
        raise forms.ValidationError(_("Vi fandt ingen virksomhed. Prøv et andet navn."))
