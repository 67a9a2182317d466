# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""What the office types about a case."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from brobygger.accounts.models import Membership, User
from brobygger.base.number_fields import AmountField
from brobygger.cases.definition import Ballot, CaseType, Majority, Move
from brobygger.cases.forms.fields import stand_fast
from brobygger.cases.models import Case, Vote
from brobygger.cases.queries.lists import officers
from brobygger.dialogue.attachments import ACCEPT
from brobygger.market.forms.matches import OpenedForm, TypedText, day_input


class DescribeForm(OpenedForm):
    """Title, sort, journal numbers and officer."""

    title = TypedText(label=gettext_lazy("Titel"), max_length=200)
    subtype = forms.ChoiceField(label=gettext_lazy("Slags sag"), required=False)
    external_ref = TypedText(
        label=gettext_lazy("Journalnummer i kommunens sagssystem"), required=False, max_length=60
    )
    kle = TypedText(
        label=gettext_lazy("KLE-nummer"),
        required=False,
        max_length=8,
        help_text=gettext_lazy("Skrives som 02.34.02."),
    )

    def __init__(self, *args: Any, case: Case, **kwargs: Any) -> None:
        first = {name: getattr(case, name) for name in ("title", "subtype", "external_ref", "kle")}
        kwargs["initial"] = {**first, "opened_version": case.version}
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        if case.type.subtypes:
            fields["subtype"].choices = [(sort.key, sort.name) for sort in case.type.subtypes]
        else:
            del fields["subtype"]
        stand_fast(self, case)

    @property
    def values(self) -> dict[str, Any]:
        """What to hand to the service."""
        typed = self.cleaned_data
        return {name: typed.get(name, "") for name in ("title", "subtype", "external_ref", "kle")}


class AssignForm(OpenedForm):
    """Who handles the case."""

    officer = forms.ModelChoiceField(
        label=gettext_lazy("Sagsbehandler"),
        queryset=User.objects.none(),
        required=False,
        empty_label=gettext_lazy("Ingen"),
    )

    def __init__(self, *args: Any, case: Case, **kwargs: Any) -> None:
        kwargs["initial"] = {"officer": case.officer_id, "opened_version": case.version}
        super().__init__(*args, **kwargs)
        who: Any = self.fields["officer"]
        who.queryset = officers(case.operator, also=case.officer_id)


class DatedForm(OpenedForm):
    """Something that happened, perhaps earlier."""

    on = forms.DateField(
        label=gettext_lazy("Dato"),
        required=False,
        widget=day_input(),
        help_text=gettext_lazy("Tomt betyder i dag."),
    )
    reason = TypedText(
        label=gettext_lazy("Begrundelse"), required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("Skal skrives, når datoen ligger tilbage."),
    )  # fmt: skip


class WayForm(DatedForm):
    """Going through a gate. `told`: the applicant reads the reason in the letter that is sent."""

    def __init__(self, *args: Any, way: Move, told: bool, dated: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        reason = self.fields["reason"]
        who_reads = _("Ansøgeren får den at læse i brevet.") if told else ""
        if way.needs_reason:
            reason.required = True
            reason.help_text = way.reason_help or who_reads
        else:
            reason.help_text = " ".join(filter(None, [str(reason.help_text) if dated else "", who_reads]))
        if not dated:
            del self.fields["on"]


class PauseForm(DatedForm):
    """What the case waits for."""

    key = forms.ChoiceField(label=gettext_lazy("Hvad venter sagen på?"))
    text = TypedText(
        label=gettext_lazy("Hvad skal ansøgeren svare på?"), required=False, max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 5}), help_text=gettext_lazy("Sendes til ansøgeren, når det er ansøgeren, sagen venter på."),
    )  # fmt: skip
    field_order = ("key", "text", "on", "reason")

    def __init__(self, *args: Any, kind: CaseType, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice: Any = self.fields["key"]
        choice.choices = [(pause.key, pause.name) for pause in kind.pauses]


class ResumeForm(DatedForm):
    """What came in."""

    text = TypedText(
        label=gettext_lazy("Svaret"),
        required=False,
        max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    field_order = ("text", "on", "reason")


class MarkForm(DatedForm):
    """One of the type's marks."""

    key = forms.ChoiceField(label=gettext_lazy("Hvad er sket?"))
    text = TypedText(
        label=gettext_lazy("Notér"),
        required=False,
        max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    field_order = ("key", "text", "on", "reason")

    def __init__(self, *args: Any, kind: CaseType, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice: Any = self.fields["key"]
        choice.choices = [(mark.key, mark.name) for mark in kind.marks]


class RedateForm(OpenedForm):
    """The right date, and why."""

    on = forms.DateField(label=gettext_lazy("Rigtig dato"), widget=day_input())
    reason = TypedText(label=gettext_lazy("Hvorfor rettes den?"), max_length=1000)


class ReasonForm(OpenedForm):
    """Why."""

    reason = TypedText(
        label=gettext_lazy("Begrundelse"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3})
    )


class VoteForm(forms.Form):
    """An answer in a decision, on what the person had on the screen."""

    answer = forms.ChoiceField(label=gettext_lazy("Dit svar"), widget=forms.RadioSelect)
    reason = TypedText(
        label=gettext_lazy("Begrundelse"), required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("Skal skrives, når svaret er nej."),
    )  # fmt: skip
    round = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=2**31 - 1)
    of = forms.ChoiceField(label=gettext_lazy("Du svarer for"), required=False)

    def __init__(self, *args: Any, case: Case, mine: list[Ballot], told: bool, **kwargs: Any) -> None:
        """`told`: the applicant reads why it became a no."""
        kwargs["initial"] = {"round": case.round}
        super().__init__(*args, **kwargs)
        if told:
            self.fields["reason"].help_text = _(
                "Skal skrives, når svaret er nej. Afgør dit nej sagen, får ansøgeren begrundelsen at læse i brevet."
            )
        fields: Any = self.fields
        abstain = any(ballot.how == Majority.MAJORITY for ballot in mine)
        fields["answer"].choices = [c for c in Vote.Answer.choices if abstain or c[0] != Vote.Answer.ABSTAIN]
        fields["of"].choices = [(ballot.of, ballot.name) for ballot in mine]
        if len(mine) < 2:
            del fields["of"]


class OnceForm(forms.Form):
    """What is written once, however often the button is pressed: the key comes with the page."""

    entry_key = forms.UUIDField(widget=forms.HiddenInput, required=False, initial=uuid.uuid4)


class NoteForm(OnceForm):
    """An internal note, or a message."""

    text = TypedText(label=gettext_lazy("Notat"), max_length=20_000, widget=forms.Textarea(attrs={"rows": 3}))


class DocumentForm(forms.Form):
    """A file for the case."""

    file = forms.FileField(label=gettext_lazy("Fil"), widget=forms.FileInput(attrs={"accept": ACCEPT}))
    kind = forms.ChoiceField(label=gettext_lazy("Hvad er det?"), required=False)
    for_applicant = forms.BooleanField(label=gettext_lazy("Ansøgeren må se den"), required=False)

    def __init__(
        self, *args: Any, case: Case, by_applicant: bool = False, parties: Collection[str] = (), **kwargs: Any
    ) -> None:
        """`parties`: the roles of somebody who is neither the office nor the applicant."""
        super().__init__(*args, **kwargs)
        choice: Any = self.fields["kind"]
        every = case.type.document_types
        sorts = [sort for sort in every if sort.by_applicant or not by_applicant]
        if parties:
            sorts = [sort for sort in every if set(sort.by_parties) & set(parties)]
        other = [] if parties else [("", _("Noget andet"))]
        choice.choices = [*((sort.key, sort.name) for sort in sorts), *other]
        choice.initial = sorts[0].key if sorts else ""
        if by_applicant or parties:
            del self.fields["for_applicant"]


class PartyForm(forms.Form):
    """Who takes part, and as what."""

    role = forms.ChoiceField(label=gettext_lazy("Rolle"))
    user = forms.ModelChoiceField(
        label=gettext_lazy("En, der kan logge ind"), queryset=User.objects.none(), required=False,
        help_text=gettext_lazy("Vælg en person, en virksomhed, eller skriv et navn."),
    )  # fmt: skip
    name = TypedText(
        label=gettext_lazy("Navn på en, der ikke er i registret"), required=False, max_length=200
    )

    def __init__(self, *args: Any, case: Case, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["role"].choices = [(role.key, role.name) for role in case.type.roles if not role.body]
        here = Membership.objects.filter(operator=case.operator).values("user_id")
        fields["user"].queryset = User.objects.filter(pk__in=here, is_active=True).order_by("name")


class RecuseForm(ReasonForm):
    """Who is partial, and why."""

    person = forms.ModelChoiceField(label=gettext_lazy("Hvem er inhabil?"), queryset=User.objects.none())
    field_order = ("person", "reason")

    def __init__(self, *args: Any, case: Case, user: User, office: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        here = Membership.objects.filter(operator=case.operator).values("user_id")
        who: Any = self.fields["person"]
        who.queryset = (
            User.objects.filter(pk__in=here).order_by("name") if office else User.objects.filter(pk=user.pk)
        )
        who.initial = user.pk


class PaymentForm(OnceForm):
    """Money that was paid."""

    amount = AmountField(label=gettext_lazy("Beløb (kr.)"), decimal_places=2, max_digits=14, min_value=0)
    on = forms.DateField(label=gettext_lazy("Dato"), widget=day_input())
    text = TypedText(label=gettext_lazy("Hvad"), required=False, max_length=200)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["on"].initial = timezone.localdate()


class CorrectedPaymentForm(ReasonForm):
    """What was paid, put right."""

    amount = AmountField(label=gettext_lazy("Beløb (kr.)"), decimal_places=2, max_digits=14, min_value=0)
    on = forms.DateField(label=gettext_lazy("Dato"), widget=day_input())
    text = TypedText(label=gettext_lazy("Hvad"), required=False, max_length=200)
    field_order = ("amount", "on", "text", "reason")


class ArchiveForm(OpenedForm):
    """The receipt of the municipality's own records."""

    reference = TypedText(
        label=gettext_lazy("Arkivets journalnummer"), max_length=200,
        help_text=gettext_lazy("Hent arkivfilen, aflever den, og skriv her, hvor den ligger."),
    )  # fmt: skip


class ImportForm(forms.Form):
    """Building cases from a file."""

    file = forms.FileField(
        label=gettext_lazy("Fil"), help_text=gettext_lazy("CSV eller Excel (.xlsx) fra kommunens byggesagssystem."),
        error_messages={"required": gettext_lazy("Vælg en fil."), "empty": gettext_lazy("Filen er tom.")},
    )  # fmt: skip
    dry_run = forms.BooleanField(
        label=gettext_lazy("Prøv først, uden at gemme noget"), required=False, initial=True,
        help_text=gettext_lazy("Du ser, hvad der bliver oprettet og rettet, og kan importere bagefter."),
    )  # fmt: skip
