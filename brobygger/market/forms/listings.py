# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""The forms of a listing: one sentence, then the fields that follow from it, each correctable."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from brobygger.accounts.models import User
from brobygger.base.forms import AskingForm, VersionedForm, clean_text
from brobygger.base.number_fields import AmountField, WholeNumberField
from brobygger.market import type_choice
from brobygger.market.models import Listing
from brobygger.market.photos import PhotoError, checked_photo
from brobygger.market.services.listing_rules import TEXTS, faults, normal
from brobygger.market.services.listings import FIELDS
from brobygger.market.wording import type_name, unit_choices
from brobygger.register.models import Establishment, Organisation, Person
from brobygger.register.rights import acts_for_key


class PlainTextField(forms.CharField):
    """Free text: control characters go, line breaks count as one character."""

    def to_python(self, value: Any) -> str:
        return clean_text(super().to_python(value) or "")


class TypeField(forms.CharField):
    """A resource type, by its id."""

    def in_words(self, value: str) -> str:
        """Its name, beside what somebody else chose meanwhile."""
        return type_name(value)


class SentenceForm(forms.Form):
    """What an organisation has or needs, in its own words."""

    text = PlainTextField(
        label=gettext_lazy("Skriv det med én sætning"),
        help_text=gettext_lazy(
            "For eksempel: »Vi har 4 tons mask om ugen fra ølbrygning«. I næste trin kan du rette alt."
        ),
        max_length=TEXTS["text"],
        widget=forms.Textarea(attrs={"rows": 3, "class": "bb-sentence"}),
    )


def _day() -> forms.DateInput:
    return forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})


class ListingForm(AskingForm, VersionedForm):
    """Every field of a listing. Which organisation it belongs to is settled before the form is made."""

    answers = ("again",)

    text = PlainTextField(
        label=gettext_lazy("Med jeres egne ord"),
        max_length=TEXTS["text"],
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    side = forms.ChoiceField(
        label=gettext_lazy("Har eller mangler"),
        choices=Listing.Side.choices,
        widget=forms.RadioSelect,
    )
    kind = forms.ChoiceField(
        label=gettext_lazy("Hvad slags er det"),
        choices=[("", gettext_lazy("Vælg …")), *Listing.Kind.choices],
    )
    resource_type = TypeField(
        label=gettext_lazy("Hvad er det mere præcist"), required=False, widget=forms.RadioSelect
    )
    type_search = forms.CharField(
        label=gettext_lazy("Er det noget andet? Søg efter det"),
        help_text=gettext_lazy("Skriv for eksempel »kartoffelskræller«, »paller« eller »køkken«."),
        required=False,
        max_length=200,
    )
    quantity = AmountField(label=gettext_lazy("Mængde"), required=False, max_digits=14, decimal_places=3)
    unit = forms.ChoiceField(label=gettext_lazy("Enhed"), required=False)
    period = forms.ChoiceField(label=gettext_lazy("Hvor tit"), choices=Listing.Period.choices)
    lot = AmountField(
        label=gettext_lazy("Kun i hele læs à"),
        help_text=gettext_lazy(
            "Skriv 12, hvis det kun kører i hele læs på 12 tons. Enheden er den samme som mængdens. Skriv hele årets "
            "mængde, hvis den ikke kan deles. Tomt: den kan deles frit."
        ),
        required=False,
        max_digits=14,
        decimal_places=3,
    )
    least_share = WholeNumberField(
        label=gettext_lazy("Så stor en del skal mindst flyttes, procent"),
        help_text=gettext_lazy(
            "Skriv 80, hvis fire femtedele skal afsættes (eller dækkes, hvis I mangler). Erhvervskontorets plan for "
            "hele netværket holder det, når det kan lade sig gøre."
        ),
        required=False,
    )
    starts_on = forms.DateField(label=gettext_lazy("Fra den"), required=False, widget=_day())
    ends_on = forms.DateField(label=gettext_lazy("Til den"), required=False, widget=_day())
    establishment = forms.ModelChoiceField(
        label=gettext_lazy("Sted"), queryset=Establishment.objects.none(), required=False
    )
    postal_code = forms.CharField(
        label=gettext_lazy("Et andet sted: postnummer"),
        help_text=gettext_lazy("Kun hvis det ikke er på en af adresserne."),
        required=False,
        max_length=10,
    )
    reach_km = WholeNumberField(
        label=gettext_lazy("Højst så langt væk, km"),
        help_text=gettext_lazy("Tomt: afstanden er ikke afgørende."),
        required=False,
    )
    contact = forms.ModelChoiceField(
        label=gettext_lazy("Kontaktperson"),
        help_text=gettext_lazy("Vises kun for erhvervskontoret og virksomheden selv."),
        queryset=Person.objects.none(),
        required=False,
    )
    quality = PlainTextField(
        label=gettext_lazy("Kvalitet og stand"), required=False, max_length=TEXTS["quality"]
    )
    food_grade = forms.BooleanField(
        label=gettext_lazy("Kan bruges til mad (eller skal kunne det, hvis I mangler)"), required=False
    )
    hazardous = forms.BooleanField(label=gettext_lazy("Farligt affald"), required=False)
    waste_code = forms.CharField(
        label=gettext_lazy("Affaldskode (EAK)"),
        help_text=gettext_lazy(
            "Seks cifre, for eksempel 02 07 04. Lad feltet stå tomt, hvis det ikke er affald."
        ),
        required=False,
        max_length=12,
    )
    price_kind = forms.ChoiceField(
        label=gettext_lazy("Hvad skal det koste"), choices=Listing.Price.choices, widget=forms.RadioSelect
    )
    price = AmountField(
        label=gettext_lazy("Pris pr. enhed, kr."),
        required=False,
        max_digits=12,
        decimal_places=2,
    )
    visibility = forms.ChoiceField(label=gettext_lazy("Hvem må se det"), widget=forms.RadioSelect)
    new_photo = forms.FileField(
        label=gettext_lazy("Vælg et billede"),
        help_text=gettext_lazy(
            "JPEG, PNG eller WebP, højst 10 MB. Sted og tid, som kameraet har gemt, bliver fjernet."
        ),
        required=False,
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp"}),
    )
    photo_alt = PlainTextField(
        label=gettext_lazy("Hvad viser billedet"),
        help_text=gettext_lazy("En kort beskrivelse til dem, der ikke kan se det."),
        required=False,
        max_length=TEXTS["photo_alt"],
    )
    remove_photo = forms.BooleanField(label=gettext_lazy("Fjern billedet"), required=False)
    area_m2 = WholeNumberField(label=gettext_lazy("Areal, m²"), required=False)
    equipment = PlainTextField(
        label=gettext_lazy("Udstyr"),
        help_text=gettext_lazy("For eksempel komfur, kølerum, lift."),
        required=False,
        max_length=TEXTS["equipment"],
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    approvals = PlainTextField(
        label=gettext_lazy("Godkendelser"),
        help_text=gettext_lazy("For eksempel godkendt til fødevarer."),
        required=False,
        max_length=TEXTS["approvals"],
    )
    opening_hours = PlainTextField(
        label=gettext_lazy("Hvornår kan det bruges"), required=False, max_length=TEXTS["opening_hours"]
    )
    terms = PlainTextField(
        label=gettext_lazy("Vilkår"),
        required=False,
        max_length=TEXTS["terms"],
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    again = forms.BooleanField(label=gettext_lazy("Ja, det er noget mere af det samme"), required=False)

    field_order = (
        "text", "side", "kind", "resource_type", "type_search", "quantity", "unit", "period", "lot", "least_share", "starts_on",
        "ends_on", "quality", "food_grade", "waste_code", "hazardous", "area_m2", "equipment", "approvals", "opening_hours",
        "terms", "establishment", "postal_code", "reach_km", "contact", "price_kind", "price", "remove_photo", "new_photo",
        "photo_alt", "visibility",
    )  # fmt: skip
    """As on the page, so that what is wrong is listed in the order in which it is met."""

    class Meta:
        model = Listing
        fields = sorted(FIELDS)

    goods = ("quality", "food_grade", "hazardous", "waste_code")
    premises = ("area_m2", "equipment", "approvals", "opening_hours", "terms")

    def __init__(
        self,
        *args: Any,
        organisation: Organisation,
        user: User,
        proposed: tuple[str, ...] = (),
        **kwargs: Any,
    ) -> None:
        instance = kwargs.setdefault("instance", Listing(organisation=organisation))
        super().__init__(*args, **kwargs)
        self.organisation = organisation
        self._offer_types(proposed)
        self.fields["unit"].choices = unit_choices()  # type: ignore[attr-defined]
        self._offer_places()
        self._offer_contacts()
        self._offer_visibility(user)
        if not instance.photo:
            del self.fields["remove_photo"]
        if "postal_code" not in (kwargs.get("initial") or {}):
            self.initial.update(self.stored(instance))

    def stored(self, current: Listing) -> dict[str, Any]:
        """Field → what the record says, where the form says less: at one of the addresses it asks for no postal code."""
        at_an_address = current.establishment_id or current.postal_code == self.organisation.postal_code
        return {"postal_code": ""} if at_an_address else {}

    def _offer_types(self, proposed: tuple[str, ...]) -> None:
        chosen = str(self["resource_type"].value() or "")
        searched = str(self["type_search"].value() or "")
        text = str(self["text"].value() or "")
        ids = [chosen, *proposed, *type_choice.types_for(searched)]
        if not proposed and not searched:
            ids += type_choice.types_for(text, 5)
        offered = [*type_choice.choices(ids), ("", _("Ved ikke, eller det står ikke her"))]
        widget: Any = self.fields["resource_type"].widget
        widget.choices = offered

    def _offer_places(self) -> None:
        field: Any = self.fields["establishment"]
        field.queryset = Establishment.objects.filter(organisation=self.organisation, ended_on=None)
        address = self.organisation.address
        field.empty_label = (
            _("Virksomhedens adresse: %(address)s") % {"address": address}
            if address
            else _("Virksomhedens adresse")
        )
        field.label_from_instance = lambda place: (
            f"{place.name}, {place.address}" if place.address else place.name
        )

    def _offer_contacts(self) -> None:
        field: Any = self.fields["contact"]
        field.queryset = Person.objects.filter(
            affiliations__organisation=self.organisation, affiliations__ended_on=None
        ).distinct()
        field.empty_label = _("Ingen: kontakt går gennem erhvervskontoret")

    def _offer_visibility(self, user: User) -> None:
        every = [
            (Listing.Visibility.OPEN, _("Åben: alle kan se det, også på den offentlige side")),
            (Listing.Visibility.MEMBERS, _("Medlemmer: kun virksomheder og partnere med adgang her")),
            (
                Listing.Visibility.BROKER,
                _(
                    "Fortrolig: kun erhvervskontorets konsulenter ser det. Det er med, når der bliver ledt efter match, "
                    "men ingen andre får det at se, før ejeren har sagt ja."
                ),
            ),
        ]
        field: Any = self.fields["visibility"]
        locked = (
            self.instance.pk
            and self.instance.is_confidential
            and not acts_for_key(user, self.organisation.pk)
        )
        field.choices = [every[2]] if locked else every
        if locked:
            field.help_text = _("Skal det vises for andre, så brug »Ejeren har sagt ja« på siden om det.")

    def clean_new_photo(self) -> Any:
        upload = self.cleaned_data.get("new_photo")
        if not upload:
            return None
        try:
            return checked_photo(upload)
        except PhotoError as error:
            raise forms.ValidationError(str(error)) from None

    def clean(self) -> dict[str, Any]:
        """The rules of a listing, told at the field they concern."""
        super().clean()
        values = normal({name: self.cleaned_data[name] for name in FIELDS if name in self.cleaned_data})
        for field, message in faults(values).items():
            if field in self.fields and field not in self.errors:
                self.add_error(field, message)
        if self.cleaned_data.get("new_photo") and not values.get("photo_alt"):
            self.add_error("photo_alt", _("Skriv kort, hvad billedet viser, til dem, der ikke kan se det."))
        if self.errors:
            self.ask_for_the_photo_again()
        return {
            **self.cleaned_data,
            **{name: value for name, value in values.items() if name in self.cleaned_data},
        }

    def ask_for_the_photo_again(self) -> None:
        """Where one was chosen and the form comes back."""
        if self.files.get("new_photo") and "new_photo" not in self.errors:
            self.add_error(
                "new_photo", _("Vælg billedet igen: en browser husker ikke filer, når der er noget at rette.")
            )

    @property
    def values(self) -> dict[str, Any]:
        """What to hand to `create_listing` and `change_listing`."""
        out = {name: self.cleaned_data[name] for name in FIELDS}
        out["photo"] = self.cleaned_data.get("new_photo")
        return out


class ConsentForm(forms.Form):
    """The owner of a confidential listing agrees to be shown."""

    visibility = forms.ChoiceField(
        label=gettext_lazy("Hvem må se det fra nu af"),
        choices=[
            (
                Listing.Visibility.MEMBERS,
                gettext_lazy("Medlemmer: kun virksomheder og partnere med adgang her"),
            ),
            (Listing.Visibility.OPEN, gettext_lazy("Åben: alle kan se det, også på den offentlige side")),
        ],
        widget=forms.RadioSelect,
    )
    said_by = PlainTextField(
        label=gettext_lazy("Hvem har sagt ja, og hvordan"),
        help_text=gettext_lazy("For eksempel: »Direktøren, i telefonen 3. maj«. Det bliver gemt."),
        max_length=200,
    )

    def __init__(self, *args: Any, by_owner: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if by_owner:
            del self.fields["said_by"]


class InterestForm(forms.Form):
    """A few words to the office about somebody else's listing."""

    message = PlainTextField(
        label=gettext_lazy("Din besked til erhvervskontoret"),
        help_text=gettext_lazy("Skriv, hvad I vil bruge det til, og hvornår I kan træffes."),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
