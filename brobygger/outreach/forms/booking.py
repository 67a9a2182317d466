# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Times that can be booked, and a booking as it is typed."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from brobygger.base.forms import VersionedForm
from brobygger.market.forms.matches import TypedText, day_input
from brobygger.outreach.models import BookingException, BookingProfile, BookingRule, Feedback
from brobygger.outreach.services.booking import Guest
from brobygger.outreach.slots import Slot


def clock_input() -> forms.TimeInput:
    """A time of day as the browser gives it."""
    return forms.TimeInput(format="%H:%M", attrs={"type": "time"})


class ProfileForm(VersionedForm):
    """What holds for all of one's times."""

    class Meta:
        model = BookingProfile
        fields = ("is_open", "about", "notice_hours", "horizon_days", "calendar_url")

    calendar_url = forms.CharField(
        label=_("Adresse på din kalender (ICS)"),
        max_length=500,
        required=False,
        help_text=_(
            "Tider, hvor din kalender siger optaget, vises ikke som ledige. Kun tidspunkterne gemmes, ikke hvad aftalerne handler om."
        ),
    )

    def _post_clean(self) -> None:
        """The service checks and stores."""


class RuleForm(forms.ModelForm):  # type: ignore[type-arg]
    """A stretch of the week that can be booked."""

    class Meta:
        model = BookingRule
        fields = ("weekday", "starts", "ends", "minutes", "place", "where")

    starts = forms.TimeField(label=_("Fra klokken"), widget=clock_input())
    ends = forms.TimeField(label=_("Til klokken"), widget=clock_input())

    def _post_clean(self) -> None:
        """The service checks and stores."""


class ExceptionForm(forms.ModelForm):  # type: ignore[type-arg]
    """Days on which the weekly times do not hold."""

    class Meta:
        model = BookingException
        fields = ("first_day", "last_day", "starts", "ends", "why")

    first_day = forms.DateField(label=_("Fra og med"), widget=day_input())
    last_day = forms.DateField(
        label=_("Til og med"), required=False, widget=day_input(), help_text=_("Tomt felt: kun den ene dag.")
    )
    starts = forms.TimeField(
        label=_("Fra klokken"),
        required=False,
        widget=clock_input(),
        help_text=_("Tomme klokkeslæt: hele dagen."),
    )
    ends = forms.TimeField(label=_("Til klokken"), required=False, widget=clock_input())

    def _post_clean(self) -> None:
        """The service checks and stores."""


class BookForm(forms.Form):
    """A visitor's booking. The time stands beside it as radio buttons."""

    tid = forms.CharField(max_length=40, widget=forms.HiddenInput, required=False)
    name = TypedText(label=_("Navn"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    email = forms.EmailField(
        label=_("E-mail"),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        help_text=_("Her sender vi bekræftelsen og et link, hvis I vil flytte eller aflyse."),
    )
    phone = TypedText(
        label=_("Telefon"),
        help_text=_("Skal udfyldes, når samtalen er på telefon."),
        max_length=20,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "tel"}),
    )
    about = TypedText(
        label=_("Hvad vil I gerne tale om?"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    entry_key = forms.UUIDField(widget=forms.HiddenInput, required=False)

    @classmethod
    def fresh(cls, **initial: Any) -> BookForm:
        """An empty one with a key of its own, so that pressing the button twice books once."""
        return cls(initial={"entry_key": uuid.uuid4(), **initial})

    def clean_tid(self) -> str:
        chosen = str(self.cleaned_data.get("tid") or "")
        if not chosen:
            raise forms.ValidationError(_("Vælg en tid."))
        return chosen

    @property
    def guest(self) -> Guest:
        data = self.cleaned_data
        return Guest(data["name"], data["email"], data["phone"], data["about"])


class FeedbackForm(forms.ModelForm):  # type: ignore[type-arg]
    """How it was."""

    class Meta:
        model = Feedback
        fields = ("score", "comment")

    score = forms.TypedChoiceField(
        label=_("Hvor tilfredse var I med samtalen?"),
        choices=Feedback._meta.get_field("score").choices,  # type: ignore[arg-type]
        coerce=int,
        widget=forms.RadioSelect,
    )
    comment = TypedText(
        label=_("Vil I tilføje noget?"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def _post_clean(self) -> None:
        """The service checks and stores."""


def chosen_slot(slots: list[Slot], key: str) -> Slot | None:
    """The slot that a form names."""
    return next((slot for slot in slots if slot.key == key), None)
