# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Forms of tenders."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from brobygger.accounts.models import User
from brobygger.base.number_fields import AmountField, WholeNumberField
from brobygger.cases.definition import FieldKind
from brobygger.cases.models import Case
from brobygger.cases.tenders.case_words import TEXTS
from brobygger.cases.tenders.models import Bid
from brobygger.cases.tenders.texts import label
from brobygger.cases.values import LONGEST
from brobygger.dialogue.attachments import AttachmentRefused, Checked, checked_attachment
from brobygger.market.forms.matches import OpenedForm, TypedText
from brobygger.market.photos import PhotoError
from brobygger.register.models import Organisation


class MomentField(forms.DateTimeField):
    """A day and a time of day, Danish time, with the browser's own picker."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
        super().__init__(widget=widget, input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"], **kwargs)

    def prepare_value(self, value: Any) -> Any:
        return (
            timezone.localtime(value) if isinstance(value, datetime) and timezone.is_aware(value) else value
        )


class SetUpForm(forms.Form):
    deadline = MomentField(label=_("Frist for bud"))
    members_days = WholeNumberField(
        label=_("Dage, hvor kun medlemmer ser den"), min_value=0, max_value=60, initial=0,
        help_text=_("Medlemmer er virksomheder med adgang hos jer. Kun for opgaver under grænsen; ellers 0."),
    )  # fmt: skip


class ExtendForm(forms.Form):
    deadline = MomentField(label=_("Ny frist"))
    reason = forms.CharField(label=_("Hvorfor"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3}))


class ChangeTextForm(OpenedForm):
    """What is published, and what everybody is told of the change."""

    reason = TypedText(
        label=_("Hvad er ændret, og hvorfor"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Sendes til alle, der har budt, spurgt eller følger opgaven, og står på dens side."),
    )  # fmt: skip

    def __init__(self, *args: Any, case: Case, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["opened_version"].initial = case.version
        self.fields["title"] = TypedText(label=label(case.type, "title"), max_length=200, initial=case.title)
        for key in TEXTS:
            long = case.type.field(key).kind == FieldKind.LONG_TEXT
            self.fields[key] = TypedText(
                label=label(case.type, key),
                max_length=LONGEST[FieldKind.LONG_TEXT if long else FieldKind.TEXT],
                initial=case.value(key),
                widget=forms.Textarea(attrs={"rows": 8}) if long else forms.TextInput(),
            )
        self.order_fields(["title", *TEXTS, "reason"])

    @property
    def typed(self) -> dict[str, str]:
        """What to hand to the service."""
        return {key: self.cleaned_data[key] for key in ("title", *TEXTS)}


class TellMeetingForm(forms.Form):
    told = TypedText(
        label=_("Referat for alle"), max_length=20_000, widget=forms.Textarea(attrs={"rows": 10})
    )


class MeetingForm(forms.Form):
    at = MomentField(label=_("Hvornår"))
    place = forms.CharField(label=_("Hvor"), max_length=200)
    told = forms.CharField(
        label=_("Referat for alle"),
        required=False,
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 8}),
    )


class AnswerForm(forms.Form):
    answer = forms.CharField(
        label=_("Svar til alle"), max_length=10_000, widget=forms.Textarea(attrs={"rows": 6})
    )


class CloseForm(forms.Form):
    why = forms.CharField(
        label=_("Hvorfor det ikke besvares"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Alle kan læse det, og den, der spurgte, får det i en mail."),
    )


class _OfFirm(forms.Form):
    """Something that a firm does: for which of those the person acts for."""

    organisation = forms.ModelChoiceField(
        label=_("Virksomhed"), queryset=Organisation.objects.none(), empty_label=None
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own: Any = self.fields["organisation"]
        own.queryset = Organisation.objects.acted_for_by(user)


class AskForm(_OfFirm):
    text = forms.CharField(label=_("Spørgsmål"), max_length=5000, widget=forms.Textarea(attrs={"rows": 5}))


class BidForm(_OfFirm):
    price = AmountField(
        label=_("Pris i alt uden moms, kr."), max_digits=14, decimal_places=2, min_value=Decimal("0.01")
    )
    text = forms.CharField(
        label=_("Sådan vil I løse opgaven"), max_length=20_000, widget=forms.Textarea(attrs={"rows": 12})
    )
    file = forms.FileField(label=_("Bilag"), required=False, help_text=_("Én fil, højst 10 MB."))

    def clean_file(self) -> Checked | None:
        sent = self.cleaned_data.get("file")
        if not sent:
            return None
        try:
            return checked_attachment(sent)
        except (AttachmentRefused, PhotoError) as error:
            raise forms.ValidationError(str(error)) from None


class ChooseForm(forms.Form):
    bid = forms.ModelChoiceField(label=_("Hvilket bud"), queryset=Bid.objects.none(), empty_label=None)
    reason = forms.CharField(
        label=_("Begrundelse, som alle bydende får"),
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 6}),
    )

    def __init__(self, *args: Any, bids: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen: Any = self.fields["bid"]
        chosen.queryset = bids
        chosen.label_from_instance = lambda bid: bid.organisation.name
