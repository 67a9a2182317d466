# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Invented records for tests. No real person, firm or address."""

from __future__ import annotations

from decimal import Decimal

import factory
from factory.django import DjangoModelFactory

from brobygger.accounts.models import Membership, Operator, Role, ServedMunicipality, User
from brobygger.market.models import Agreement, Delivery, Listing, Match, Suggestion
from brobygger.register.models import Affiliation, Establishment, Organisation, Person


class OperatorFactory(DjangoModelFactory):
    class Meta:
        model = Operator

    name = factory.Sequence(lambda n: f"Prøvekontor {n}")
    slug = factory.Sequence(lambda n: f"kontor-{n}")
    email = factory.Sequence(lambda n: f"kontor{n}@example.invalid")

    @factory.post_generation
    def municipality(self, create: bool, code: str | None, **kwargs: object) -> None:
        if create:
            ServedMunicipality.objects.create(operator=self, code=code or "0350")


class UserFactory(DjangoModelFactory):
    class Meta:
        model = User
        skip_postgeneration_save = True

    name = factory.Sequence(lambda n: f"Prøveperson {n}")
    email = factory.Sequence(lambda n: f"person{n}@example.invalid")
    password = factory.django.Password("prøve-kodeord-123")


def user_as(role: str, operator: Operator | None = None, **fields: object) -> User:
    """A user with one role at an operator."""
    user = UserFactory(**fields)
    Membership.objects.create(user=user, operator=operator or OperatorFactory(), role=role)
    return user


class OrganisationFactory(DjangoModelFactory):
    class Meta:
        model = Organisation

    operator = factory.SubFactory(OperatorFactory)
    name = factory.Sequence(lambda n: f"Prøvefirma {n} ApS")
    cvr = factory.Sequence(lambda n: str(99200000 + n))
    industry = "110500"
    postal_code = "4320"
    city = "Lejre"
    municipality_code = "0350"
    latitude = 55.60
    longitude = 11.97
    x = 687000.0
    y = 6165000.0


class EstablishmentFactory(DjangoModelFactory):
    class Meta:
        model = Establishment

    organisation = factory.SubFactory(OrganisationFactory)
    operator = factory.SelfAttribute("organisation.operator")
    name = factory.SelfAttribute("organisation.name")
    p_number = factory.Sequence(lambda n: str(1990000000 + n))


class PersonFactory(DjangoModelFactory):
    class Meta:
        model = Person

    operator = factory.SubFactory(OperatorFactory)
    name = factory.Sequence(lambda n: f"Kontakt {n}")
    email = factory.Sequence(lambda n: f"kontakt{n}@example.invalid")


def firm_user(organisation: Organisation, **fields: object) -> User:
    """A user who may act for an organisation."""
    user = user_as(Role.FIRM, organisation.operator, **fields)
    person = PersonFactory(operator=organisation.operator, user=user, name=user.name, email=user.email)
    Affiliation.objects.create(person=person, organisation=organisation, may_act=True)
    return user


class ListingFactory(DjangoModelFactory):
    class Meta:
        model = Listing

    organisation = factory.SubFactory(OrganisationFactory)
    operator = factory.SelfAttribute("organisation.operator")
    side = Listing.Side.HAVE
    kind = Listing.Kind.RESIDUE
    resource_type = "spent_grain"
    text = "Vi har 4 tons mask om ugen fra ølbrygning"
    quantity = Decimal(4)
    unit = "t"
    period = Listing.Period.WEEK
    postal_code = "4320"
    x = factory.SelfAttribute("organisation.x")
    y = factory.SelfAttribute("organisation.y")
    latitude = factory.SelfAttribute("organisation.latitude")
    longitude = factory.SelfAttribute("organisation.longitude")


class SuggestionFactory(DjangoModelFactory):
    class Meta:
        model = Suggestion

    have = factory.SubFactory(ListingFactory)
    operator = factory.SelfAttribute("have.operator")
    kind = Suggestion.Kind.PAIR
    need = factory.SubFactory(
        ListingFactory,
        side=Listing.Side.NEED,
        text="Vi søger foder til kvæg",
        organisation=factory.SubFactory(OrganisationFactory, operator=factory.SelfAttribute("...operator")),
    )
    score = 0.8
    reason = "Mask bruges som kvægfoder."


class MatchFactory(DjangoModelFactory):
    class Meta:
        model = Match

    have = factory.SubFactory(ListingFactory)
    operator = factory.SelfAttribute("have.operator")
    giver = factory.SelfAttribute("have.organisation")
    taker = factory.SubFactory(OrganisationFactory, operator=factory.SelfAttribute("..operator"))


class AgreementFactory(DjangoModelFactory):
    class Meta:
        model = Agreement

    match = factory.SubFactory(MatchFactory, stage=Match.Stage.AGREED)
    agreed_on = factory.Faker("date_object")
    starts_on = factory.SelfAttribute("agreed_on")
    quantity = Decimal(4)
    unit = "t"
    period = Listing.Period.WEEK


class DeliveryFactory(DjangoModelFactory):
    class Meta:
        model = Delivery

    agreement = factory.SubFactory(AgreementFactory)
    on = factory.SelfAttribute("agreement.starts_on")
    quantity = Decimal(4)
    unit = "t"
    tonnes = Decimal(4)
