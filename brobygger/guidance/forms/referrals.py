# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Referrals as they are typed, answered, and narrowed in a list."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from brobygger.accounts.models import Operator, User
from brobygger.base.number_fields import AmountField, WholeNumberField
from brobygger.dialogue.queries.interactions import colleagues, people_of
from brobygger.guidance.models import Partner, Referral
from brobygger.guidance.queries.referrals import MOST_NOTES, Wanted, notes_to_share
from brobygger.guidance.queries.schemes import current_schemes
from brobygger.guidance.services.answers import REACHABLE, Answer
from brobygger.guidance.services.referrals import Consent, Wish
from brobygger.market.forms.matches import OpenedForm, TypedText, day_input
from brobygger.register.models import Organisation

PARTNER, OFFICE, SCHEME = "partner", "kontor", "ordning"
MOST_TARGETS = 500


def targets(operator: Operator, *, schemes: bool) -> list[tuple[Any, Any]]:
    """Partners, the other offices on this platform that are no partners yet, and schemes. Three queries."""
    partners = list(
        Partner.objects.filter(operator=operator, is_current=True).order_by("sort_name")[:MOST_TARGETS]
    )
    known = {partner.office_id for partner in partners if partner.office_id}
    offices = Operator.objects.exclude(pk__in=[operator.pk, *known]).order_by("name")[:MOST_TARGETS]
    groups: list[tuple[Any, Any]] = [("", _("Vælg"))]
    groups.append((_("Partnere"), [(f"{PARTNER}-{row.pk}", row.name) for row in partners]))
    groups.append((_("Andre kontorer i Brobygger"), [(f"{OFFICE}-{row.pk}", row.name) for row in offices]))
    if schemes:
        rows = current_schemes(operator)
        groups.append((_("Ordninger"), [(f"{SCHEME}-{row.pk}", row.title) for row in rows]))
    return [group for group in groups if not isinstance(group[1], list) or group[1]]


class ReferralForm(forms.Form):
    """A firm (given) or an entrepreneur (typed), to whom, what is shared, and who said yes."""

    target = forms.ChoiceField(label=_("Henvis til"))
    name = TypedText(label=_("Navn"), max_length=120)
    email = forms.EmailField(label=_("E-mail"), required=False, max_length=254)
    phone = TypedText(label=_("Telefon"), required=False, max_length=20)
    about = TypedText(
        label=_("Hvad handler det om?"),
        help_text=_("Det læser modtageren."),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    facts = forms.BooleanField(
        label=_("Del CVR-nummer, branche, størrelse og adresse"), required=False, initial=True
    )
    contact: forms.ModelChoiceField[Any] = forms.ModelChoiceField(
        label=_("Del kontaktperson"), queryset=None, required=False, empty_label=_("Del ingen kontaktperson")
    )
    notes: forms.ModelMultipleChoiceField[Any] = forms.ModelMultipleChoiceField(
        label=_("Del notater"),
        help_text=_("Kun notater, som virksomheden selv må læse, kan deles."),
        queryset=None,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    consent_by = TypedText(
        label=_("Hvem har sagt ja til at blive henvist?"),
        help_text=_("Uden samtykke bliver intet delt."),
        max_length=120,
    )
    consent_on = forms.DateField(label=_("Hvornår?"), widget=day_input())
    consent_how = forms.ChoiceField(label=_("Hvordan?"), choices=[("", _("Vælg")), *Referral.How.choices])
    letter = forms.BooleanField(label=_("Send det på e-mail til modtageren"), required=False, initial=True)
    copy = forms.BooleanField(label=_("Send en kopi til den, der henvises"), required=False, initial=True)
    note = TypedText(
        label=_("Intern note"),
        help_text=_("Deles ikke med nogen."),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    consultant: forms.ModelChoiceField[Any] = forms.ModelChoiceField(
        label=_("Hvem følger op?"), queryset=None, required=False, empty_label=_("Mig")
    )
    entry_key = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def __init__(
        self, *args: Any, operator: Operator, firm: Organisation | None, incoming: bool = False, **kwargs: Any
    ) -> None:
        kwargs["initial"] = {
            "entry_key": uuid.uuid4(), "consent_on": timezone.localdate(), **(kwargs.get("initial") or {}),
        }  # fmt: skip
        super().__init__(*args, **kwargs)
        self.operator, self.firm = operator, firm
        fields: dict[str, Any] = self.fields
        fields["target"].choices = targets(operator, schemes=not incoming)
        fields["consultant"].queryset = colleagues(operator)
        keys: list[int] = []
        if firm:
            fields["contact"].queryset = people_of([firm])
            keys = list(notes_to_share(firm).values_list("pk", flat=True)[:MOST_NOTES])
            fields["notes"].queryset = notes_to_share(firm).filter(pk__in=keys)
            fields["notes"].label_from_instance = _note_line
        for unused in ("name", "email", "phone") if firm else ("facts", "contact", "notes"):
            del fields[unused]
        if firm and not keys:
            del fields["notes"]
        if incoming:
            fields["target"].label, fields["about"].help_text = _("Hvem henviser til os?"), ""
            for unused in ("facts", "contact", "notes", "letter", "copy"):
                fields.pop(unused, None)

    def wish(self, user: User) -> Wish:
        """What to hand to the service."""
        typed = self.cleaned_data
        kind, _dash, key = typed["target"].partition("-")
        mine = {"operator": self.operator}
        return Wish(
            about=typed["about"],
            consent=Consent(typed["consent_by"], typed["consent_on"], typed["consent_how"]),
            partner=Partner.objects.filter(**mine).get(pk=key) if kind == PARTNER else None,
            office=Operator.objects.get(pk=key) if kind == OFFICE else None,
            scheme=next((row for row in current_schemes(self.operator) if str(row.pk) == key), None)
            if kind == SCHEME
            else None,
            organisation=self.firm,
            name=typed.get("name", ""),
            email=typed.get("email", ""),
            phone=typed.get("phone", ""),
            contact=typed.get("contact"),
            facts=bool(typed.get("facts")),
            notes=list(typed.get("notes") or ()),
            note=typed["note"],
            consultant=typed["consultant"],
            letter=bool(typed.get("letter")),
            copy=bool(typed.get("copy")),
        )


def _note_line(row: Any) -> str:
    return f"{row.get_kind_display()} {row.on:%d.%m.%Y}: {row.text[:120]}"


class AnswerForm(OpenedForm):
    """How far the referral has come."""

    state = forms.ChoiceField(label=_("Hvor langt er den?"), widget=forms.RadioSelect)
    result = TypedText(
        label=_("Hvad kom der ud af det?"),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    result_dkk = AmountField(label=_("Beløb i kroner"), required=False, max_digits=14, decimal_places=2)
    result_jobs = WholeNumberField(label=_("Arbejdspladser"), required=False, min_value=0, max_value=100_000)
    why = TypedText(label=_("Hvorfor er den ikke relevant?"), required=False, max_length=300)

    def __init__(self, *args: Any, referral: Referral, **kwargs: Any) -> None:
        first = {name: getattr(referral, name) for name in ("result", "result_dkk", "result_jobs", "why")}
        super().__init__(*args, **{**kwargs, "initial": first | {"opened_version": referral.version}})
        reachable = REACHABLE[referral.state]
        choice: Any = self.fields["state"]
        choice.choices = [(key, label) for key, label in Referral.State.choices if key in reachable]

    @property
    def given(self) -> Answer:
        typed = self.cleaned_data
        return Answer(
            typed["state"], typed["result"], typed["result_dkk"], typed["result_jobs"], typed["why"]
        )


class LinkAnswerForm(AnswerForm):
    """The same as the receiver says it, without sign-in."""

    field_order = ("state", "why", "result", "result_dkk", "result_jobs")
    SAID = (
        (Referral.State.IN_PROGRESS, _("Ja, vi tager den")),
        (Referral.State.NOT_RELEVANT, _("Nej, den er ikke noget for os")),
        (Referral.State.RESULT, _("Vi er færdige: det her kom der ud af det")),
    )

    def __init__(self, *args: Any, referral: Referral, **kwargs: Any) -> None:
        super().__init__(*args, referral=referral, **kwargs)
        fields: Any = self.fields
        fields["state"].label = _("Hvad svarer I?")
        fields["state"].choices = [pair for pair in self.SAID if pair[0] in REACHABLE[referral.state]]
        fields["why"].label = _("Hvis nej: hvorfor ikke?")
        fields["result"].label = _("Hvis I er færdige: hvad kom der ud af det?")
        fields["result_dkk"].label = _("Beløb i kroner, fx et lån eller et tilskud")
        fields["result_jobs"].label = _("Nye arbejdspladser")


class NoteForm(OpenedForm):
    """The office's own note, and who follows the referral."""

    consultant: forms.ModelChoiceField[Any] = forms.ModelChoiceField(
        label=_("Hvem følger op?"), queryset=None, required=False, empty_label=_("Ingen")
    )
    note = TypedText(
        label=_("Intern note"), required=False, max_length=4000, widget=forms.Textarea(attrs={"rows": 4})
    )

    def __init__(self, *args: Any, referral: Referral, **kwargs: Any) -> None:
        first = {
            "note": referral.note,
            "consultant": referral.consultant_id,
            "opened_version": referral.version,
        }
        super().__init__(*args, **{**kwargs, "initial": first})
        who: Any = self.fields["consultant"]
        who.queryset = colleagues(referral.operator, also=referral.consultant_id)


class ReferralFilters(forms.Form):
    """How the list is narrowed."""

    q = TypedText(label=_("Hvem eller hvad"), required=False, max_length=100)
    stand = forms.ChoiceField(
        label=_("Hvor langt"), required=False, choices=[("", _("Alle")), *Referral.State.choices]
    )
    venter = forms.BooleanField(label=_("Kun uden svar i to uger"), required=False)
    mine = forms.BooleanField(label=_("Kun mine"), required=False)
    retning = forms.CharField(widget=forms.HiddenInput, required=False, max_length=3)
    virksomhed = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=1, max_value=2**60)
    partner = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=1, max_value=2**60)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    @property
    def wanted(self) -> Wanted:
        self.is_valid()
        chosen = self.cleaned_data
        return Wanted(
            direction=Referral.Direction.IN if chosen.get("retning") == "ind" else Referral.Direction.OUT,
            state=chosen.get("stand") or "",
            words=chosen.get("q") or "",
            partner=chosen.get("partner"),
            organisation=chosen.get("virksomhed"),
            waiting=bool(chosen.get("venter")),
            mine=self.user.pk if chosen.get("mine") else None,
        )

    @property
    def is_narrowed(self) -> bool:
        return self.wanted != Wanted(direction=self.wanted.direction)
