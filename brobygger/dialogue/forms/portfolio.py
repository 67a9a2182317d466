# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""The portfolio, the funnels and the visits as they are typed."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from brobygger.accounts.models import Operator, User
from brobygger.dialogue import priorities
from brobygger.dialogue.funnels import Funnel
from brobygger.dialogue.models import OutreachSettings, PlannedVisit, PortfolioFirm, VisitCapacity
from brobygger.dialogue.queries.interactions import colleagues, people_of
from brobygger.dialogue.queries.portfolio import NOBODY, Wanted, key_accounts, to_hand_over
from brobygger.dialogue.queries.visits import staff
from brobygger.dialogue.services import outreach
from brobygger.dialogue.services.appointments import Appointment
from brobygger.dialogue.services.visits import monday
from brobygger.knowledge.geography import municipality
from brobygger.market.forms.matches import OpenedForm, TypedText, day_input
from brobygger.register import handing_over

SORTING = [
    ("", gettext_lazy("Navn")),
    ("laengst", gettext_lazy("Længst siden sidste samtale")),
    ("lovende", gettext_lazy("Mest lovende først")),
    ("stoerst", gettext_lazy("Flest ansatte først")),
]
WEEKS_SHOWN = 12
CAPACITY = "room_"


class PortfolioFilters(forms.Form):
    """How the portfolio is narrowed. A wrong choice narrows nothing."""

    q = forms.CharField(label=gettext_lazy("Søg"), required=False, max_length=200)
    niveau = forms.ChoiceField(label=gettext_lazy("Niveau"), required=False)
    noegle = forms.ChoiceField(label=gettext_lazy("Nøglekonsulent"), required=False)
    sorter = forms.ChoiceField(label=gettext_lazy("Rækkefølge"), required=False, choices=SORTING)
    forfalden = forms.BooleanField(
        label=gettext_lazy("Kun dem, der skal tilbydes en samtale"), required=False
    )
    prioriteret = forms.BooleanField(label=gettext_lazy("Kun prioriterede brancher"), required=False)

    def __init__(self, data: Any, *, operator: Operator, funnel: Any) -> None:
        super().__init__(data)
        levels: Any = self.fields["niveau"]
        levels.choices = [("", _("Alle niveauer"))]
        if funnel:
            levels.choices += [(level.key, level.name) for level in funnel.content.levels]
        who: Any = self.fields["noegle"]
        who.choices = [
            ("", _("Alle")), (NOBODY, _("Ingen endnu")),
            *((str(user.pk), user.name) for user in key_accounts(operator)),
        ]  # fmt: skip

    @property
    def wanted(self) -> Wanted:
        self.is_valid()
        typed = getattr(self, "cleaned_data", {})
        return Wanted(
            words=typed.get("q", ""),
            level=typed.get("niveau", ""),
            key_account=typed.get("noegle", ""),
            due=bool(typed.get("forfalden")),
            priority=bool(typed.get("prioriteret")),
            order=typed.get("sorter", ""),
        )

    @property
    def is_narrowed(self) -> bool:
        wanted = self.wanted
        return any((wanted.words, wanted.level, wanted.key_account, wanted.due, wanted.priority))


class KeyAccountField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """One of the office's own, or nobody yet."""

    def __init__(self, **kwargs: Any) -> None:
        label = gettext_lazy("Nøglekonsulent")
        super().__init__(label=label, queryset=None, required=False, empty_label=_("Ingen endnu"), **kwargs)


class TakeInForm(forms.Form):
    """Who knows the firms, and why they are chosen."""

    key_account = KeyAccountField()
    why = TypedText(
        label=gettext_lazy("Hvorfor er de valgt?"),
        help_text=gettext_lazy("For eksempel: »Produktion med eksport«."),
        required=False,
        max_length=200,
    )

    def __init__(self, *args: Any, operator: Operator, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        who: Any = self.fields["key_account"]
        who.queryset = colleagues(operator)


class MemberForm(OpenedForm):
    """A firm's key account and why it is in the portfolio."""

    key_account = KeyAccountField()
    why = TypedText(label=gettext_lazy("Hvorfor i porteføljen?"), required=False, max_length=200)

    def __init__(self, *args: Any, member: PortfolioFirm, **kwargs: Any) -> None:
        first = {"key_account": member.key_account_id, "why": member.why, "opened_version": member.version}
        super().__init__(*args, **{**kwargs, "initial": first})
        who: Any = self.fields["key_account"]
        who.queryset = colleagues(member.operator, also=member.key_account_id)


class ReasonForm(OpenedForm):
    """Why."""

    reason = TypedText(label=gettext_lazy("Hvorfor?"), max_length=500)


class MoveForm(OpenedForm):
    """To which level, and why."""

    to_level = forms.ChoiceField(label=gettext_lazy("Til niveau"))
    reason = TypedText(
        label=gettext_lazy("Hvorfor?"),
        help_text=gettext_lazy("Behøves ikke, når reglerne selv foreslår det."),
        required=False,
        max_length=500,
    )

    def __init__(self, *args: Any, funnel: Funnel, level: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        levels: Any = self.fields["to_level"]
        levels.choices = [(one.key, one.name) for one in funnel.levels if one.key != level]


class GiverForm(forms.Form):
    """Whose work is to be handed over."""

    fra: Any = forms.ModelChoiceField(
        label=gettext_lazy("Fra"), queryset=None, empty_label=gettext_lazy("Vælg")
    )

    def __init__(self, data: Any, *, operator: Operator) -> None:
        super().__init__(data)
        giver: Any = self.fields["fra"]
        giver.queryset = User.objects.filter(to_hand_over(operator)).distinct().order_by("name")


class HandOverForm(forms.Form):
    """To whom, what goes along, and whether only for some firms."""

    ALL, SOME = "alle", "valgte"

    receiver: Any = forms.ModelChoiceField(
        label=gettext_lazy("Til"), queryset=None, empty_label=gettext_lazy("Vælg")
    )
    kinds = forms.MultipleChoiceField(
        label=gettext_lazy("Hvad skal med?"), widget=forms.CheckboxSelectMultiple
    )
    scope = forms.ChoiceField(
        label=gettext_lazy("For hvilke virksomheder?"),
        choices=[
            (ALL, gettext_lazy("Alle, også det, der ikke hører til en virksomhed")),
            (SOME, gettext_lazy("Kun dem, der er valgt herunder")),
        ],
        widget=forms.RadioSelect,
        required=False,
    )
    firms = forms.TypedMultipleChoiceField(
        label=gettext_lazy("Virksomheder"),
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )

    def __init__(self, *args: Any, operator: Operator, giver: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["receiver"].queryset = colleagues(operator).exclude(pk=giver.pk)
        held = {kind: list(kind.held(operator, giver, None)) for kind in handing_over.kinds()}
        fields["kinds"].choices = [(kind.key, kind.count(len(keys))) for kind, keys in held.items() if keys]
        firms = PortfolioFirm.objects.filter(operator=operator, key_account=giver)
        fields["firms"].choices = list(
            firms.order_by("organisation__sort_name").values_list("organisation_id", "organisation__name")
        )
        if not fields["firms"].choices:
            del fields["firms"], fields["scope"]
        self.initial.setdefault("kinds", [key for key, _words in fields["kinds"].choices])
        self.initial.setdefault("scope", self.ALL)

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or {}
        if typed.get("scope") == self.SOME and not typed.get("firms"):
            self.add_error("firms", _("Vælg mindst én virksomhed."))
        return typed

    @property
    def chosen_firms(self) -> list[int] | None:
        """None for all."""
        typed = self.cleaned_data
        return typed["firms"] if typed.get("scope") == self.SOME else None


class KeyAccountForm(forms.Form):
    """Who is to know the chosen firms."""

    key_account = KeyAccountField()

    def __init__(self, *args: Any, operator: Operator, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        who: Any = self.fields["key_account"]
        who.queryset = colleagues(operator)


def week_choices(first: date, *, also: date | None = None) -> list[tuple[str, str]]:
    """The coming weeks, and `also` one that is not among them."""
    weeks = [first + timedelta(weeks=number) for number in range(WEEKS_SHOWN)]
    if also and also not in weeks:
        weeks.insert(0, also)
    return [(week.isoformat(), week_in_words(week)) for week in weeks]


def week_in_words(week: date) -> str:
    """`Uge 48 (23.11. - 27.11.)`."""
    number, last = week.isocalendar().week, week + timedelta(days=4)
    told = {"number": number, "first": f"{week.day}.{week.month}.", "last": f"{last.day}.{last.month}."}
    return _("Uge %(number)s (%(first)s – %(last)s)") % told


class VisitForm(OpenedForm):
    """Which week, and who."""

    week = forms.TypedChoiceField(label=gettext_lazy("Uge"), coerce=date.fromisoformat)
    consultant: Any = forms.ModelChoiceField(label=gettext_lazy("Hvem"), queryset=None, empty_label=None)

    def __init__(self, *args: Any, operator: Operator, also: date | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        week: Any = self.fields["week"]
        week.choices = week_choices(monday(timezone.localdate()), also=also)
        who: Any = self.fields["consultant"]
        who.queryset = colleagues(operator)


class AppointmentForm(OpenedForm):
    """When a visit is, whom with, and whether that one is sent an invitation."""

    day = forms.DateField(label=gettext_lazy("Dag"), widget=day_input())
    starts = forms.TimeField(
        label=gettext_lazy("Fra klokken"), widget=forms.TimeInput(format="%H:%M", attrs={"type": "time"})
    )
    minutes = forms.IntegerField(
        label=gettext_lazy("Varighed i minutter"), min_value=1, max_value=600, initial=60
    )
    where = TypedText(
        label=gettext_lazy("Sted"),
        help_text=gettext_lazy("Tomt felt: virksomhedens adresse."),
        required=False,
        max_length=200,
    )
    contact: Any = forms.ModelChoiceField(
        label=gettext_lazy("Kontaktperson"), queryset=None, required=False, empty_label=gettext_lazy("Ingen")
    )
    invite = forms.BooleanField(
        label=gettext_lazy("Send kontaktpersonen en invitation til kalenderen"),
        help_text=gettext_lazy("Den, der har fået en, får også besked, når besøget flyttes eller aflyses."),
        required=False,
    )
    message = TypedText(
        label=gettext_lazy("Hilsen i invitationen"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, visit: PlannedVisit, **kwargs: Any) -> None:
        start = timezone.localtime(visit.starts_at) if visit.starts_at else None
        minutes = 60.0
        if visit.starts_at and visit.ends_at:
            minutes = (visit.ends_at - visit.starts_at).total_seconds() // 60
        first = {
            "day": start.date() if start else None,
            "starts": start.time() if start else None,
            "minutes": int(minutes),
            "where": visit.where,
            "contact": visit.contact_id,
            "opened_version": visit.version,
        }
        super().__init__(*args, **{**kwargs, "initial": first})
        who: Any = self.fields["contact"]
        also = [visit.contact_id] if visit.contact_id else []
        who.queryset = people_of([visit.organisation], also=also)
        who.label_from_instance = _with_address

    @property
    def wanted(self) -> Appointment:
        """What to hand to the service."""
        typed = self.cleaned_data
        start = timezone.make_aware(datetime.combine(typed["day"], typed["starts"]))
        return Appointment(
            start,
            start + timedelta(minutes=typed["minutes"]),
            where=typed["where"],
            contact=typed["contact"],
            invite=typed["invite"],
            message=typed["message"],
        )


def _with_address(person: Any) -> str:
    return f"{person} ({person.email or _('uden e-mail')})"


class SkipForm(OpenedForm):
    """Why not this time."""

    reason = forms.ChoiceField(
        label=gettext_lazy("Hvorfor ikke?"),
        choices=[one for one in PlannedVisit.Skip.choices if one[0] != PlannedVisit.Skip.HANDED_OVER],
        widget=forms.RadioSelect,
    )
    note = TypedText(label=gettext_lazy("Bemærkning"), required=False, max_length=300)


class SettingsForm(OpenedForm):
    """The office's own figures for its outreach."""

    visits_per_year = forms.IntegerField(label=gettext_lazy("Besøg om året"), min_value=1, max_value=20_000)
    talk_every_months = forms.IntegerField(
        label=gettext_lazy("Måneder mellem to samtaler med samme virksomhed"), min_value=1, max_value=120
    )
    visits_per_week = forms.IntegerField(
        label=gettext_lazy("Besøg om ugen pr. konsulent"), min_value=0, max_value=40
    )
    weeks_per_year = forms.IntegerField(
        label=gettext_lazy("Uger om året med besøg"), min_value=1, max_value=52
    )
    priority_industries = forms.CharField(
        label=gettext_lazy("Prioriterede brancher"),
        help_text=gettext_lazy(
            "Branchekoder (2-6 cifre) eller hovedafdelinger (bogstav) med mellemrum. For eksempel: C 41 42 43 62."
        ),
        required=False,
        max_length=500,
    )

    def __init__(self, *args: Any, operator: Operator, settings: OutreachSettings, **kwargs: Any) -> None:
        first = {name: getattr(settings, name) for name in outreach.LIMITS}
        first["priority_industries"] = " ".join(settings.priority_industries)
        first["opened_version"] = settings.version
        own = dict(VisitCapacity.objects.filter(operator=operator).values_list("user_id", "visits_per_week"))
        self.people = staff(operator)
        first |= {f"{CAPACITY}{who.pk}": own.get(who.pk) for who in self.people}
        super().__init__(*args, **{**kwargs, "initial": first})
        for who in self.people:
            self.fields[f"{CAPACITY}{who.pk}"] = forms.IntegerField(
                label=_("%(who)s: besøg om ugen") % {"who": who}, required=False, min_value=0, max_value=40
            )

    def clean_priority_industries(self) -> list[str]:
        codes, unknown = priorities.read_codes(self.cleaned_data["priority_industries"])
        if unknown:
            raise forms.ValidationError(_("Vi kender ikke branchen »%(code)s«.") % {"code": unknown[0]})
        return codes

    @property
    def wanted(self) -> outreach.Wanted:
        """What to hand to the service."""
        typed = self.cleaned_data
        figures = {name: typed[name] for name in outreach.LIMITS}
        rooms = {who.pk: typed.get(f"{CAPACITY}{who.pk}") for who in self.people}
        return outreach.Wanted(**figures, priority_industries=typed["priority_industries"], capacities=rooms)


class NonUserFilters(forms.Form):
    """Where, and whether only what the office gives priority."""

    kommune = forms.ChoiceField(label=gettext_lazy("Kommune"), required=False)
    prioriteret = forms.BooleanField(label=gettext_lazy("Kun prioriterede brancher"), required=False)

    def __init__(self, data: Any, *, operator: Operator) -> None:
        super().__init__(data)
        where: Any = self.fields["kommune"]
        served = [
            (code, found.name if (found := municipality(code)) else code)
            for code in operator.municipality_codes
        ]
        where.choices = [("", _("Alle kommuner")), *served]

    @property
    def chosen(self) -> dict[str, Any]:
        self.is_valid()
        typed = getattr(self, "cleaned_data", {})
        return {
            "municipality": typed.get("kommune", ""),
            "priority_only": bool(typed.get("prioriteret")),
        }
