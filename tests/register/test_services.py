# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Entering and changing organisations, their places of work and permits."""

from __future__ import annotations

from datetime import date

import pytest

from brobygger.accounts.models import Operator
from brobygger.base import search
from brobygger.base.versions import EditedMeanwhile
from brobygger.register import errors, services
from brobygger.register.models import Organisation, Permit
from tests.factories import EstablishmentFactory, OperatorFactory, OrganisationFactory


def found(operator: Operator, text: str) -> list[int]:
    return search.find("organisation", text, scopes=[str(operator.pk)]).keys


def test_a_new_organisation_is_placed_tagged_and_searchable(operator: Operator) -> None:
    firm = services.create_organisation(
        operator,
        {"name": "Osted Smedje", "postal_code": "4320", "cvr": "99200001"},
        tags=["Metal", "metal", " "],
    )
    assert firm.x is not None
    assert [tag.name for tag in firm.tags.all()] == ["Metal"]
    assert found(operator, "smedje") == found(operator, "99200001") == found(operator, "metal") == [firm.pk]


def test_a_cvr_number_belongs_to_one_organisation_of_an_operator(operator: Operator) -> None:
    services.create_organisation(operator, {"name": "Den første", "cvr": "99200001"})
    with pytest.raises(errors.CvrTaken, match="Den første"):
        services.create_organisation(operator, {"name": "Den anden", "cvr": "99200001"})
    services.create_organisation(OperatorFactory(), {"name": "Naboens", "cvr": "99200001"})


def test_organisations_without_a_cvr_number_are_many(operator: Operator) -> None:
    for name in ("Borgergruppen", "Haveforeningen"):
        services.create_organisation(operator, {"name": name, "cvr": ""})
    assert Organisation.objects.filter(cvr=None).count() == 2


def test_a_changed_organisation_is_found_by_what_it_says_now(operator: Operator) -> None:
    firm = services.create_organisation(operator, {"name": "Osted Smedje"})
    firm = services.update_organisation(firm, {"name": "Osted Bageri"}, expected=firm.version)
    assert found(operator, "smedje") == []
    assert found(operator, "bageri") == [firm.pk]
    assert firm.sort_name != ""


def test_a_new_postal_code_moves_the_organisation(operator: Operator) -> None:
    firm = services.create_organisation(operator, {"name": "Smedjen", "postal_code": "4320"})
    moved = services.update_organisation(firm, {"postal_code": "4000"}, expected=firm.version)
    assert moved.city == "Roskilde"
    assert moved.x != firm.x


def test_other_changes_leave_the_position(operator: Operator) -> None:
    firm = OrganisationFactory(operator=operator, latitude=55.65, longitude=11.95)
    changed = services.update_organisation(firm, {"phone": "12 34 56 78"}, expected=firm.version)
    assert (changed.latitude, changed.longitude) == (55.65, 11.95)


def test_the_second_of_two_editors_is_told(operator: Operator) -> None:
    firm = services.create_organisation(operator, {"name": "Smedjen"})
    services.update_organisation(firm, {"phone": "12345678"}, expected=firm.version)
    with pytest.raises(EditedMeanwhile):
        services.update_organisation(firm, {"phone": "87654321"}, expected=firm.version)
    firm.refresh_from_db()
    assert firm.phone == "12345678"


def test_a_ceased_organisation_is_kept_and_can_come_back(operator: Operator) -> None:
    firm = OrganisationFactory(operator=operator, founded_on=date(2010, 1, 1))
    ceased = services.dissolve(firm, on=date(2026, 1, 1), expected=firm.version)
    assert ceased.status == Organisation.Status.DISSOLVED
    with pytest.raises(errors.AlreadyDissolved):
        services.dissolve(ceased, on=date(2026, 1, 2), expected=ceased.version)
    back = services.reactivate(ceased, expected=ceased.version)
    assert back.is_active
    assert back.dissolved_on is None
    with pytest.raises(errors.NotDissolved):
        services.reactivate(back, expected=back.version)


def test_nothing_ceases_before_it_began(operator: Operator) -> None:
    firm = OrganisationFactory(operator=operator, founded_on=date(2010, 1, 1))
    with pytest.raises(errors.DatesReversed):
        services.dissolve(firm, on=date(2009, 1, 1), expected=firm.version)
    firm.refresh_from_db()
    assert firm.is_active


def test_a_change_stands_in_the_history(operator: Operator) -> None:
    firm = services.create_organisation(operator, {"name": "Smedjen"})
    services.update_organisation(firm, {"name": "Smedjen i Osted"}, expected=firm.version)
    assert {entry.name for entry in firm.history.all()} == {"Smedjen", "Smedjen i Osted"}


def test_an_organisation_has_one_main_place(operator: Operator) -> None:
    firm = OrganisationFactory(operator=operator)
    first = services.add_establishment(firm, {"name": "Gården", "is_main": True, "postal_code": "4320"})
    services.add_establishment(firm, {"name": "Butikken", "is_main": True})
    first.refresh_from_db()
    assert not first.is_main
    assert first.x is not None


def test_a_place_of_work_is_found_by_its_p_number(operator: Operator) -> None:
    firm = OrganisationFactory(operator=operator)
    services.add_establishment(firm, {"name": "Butikken", "p_number": "1990000777"})
    assert found(operator, "1990000777") == [firm.pk]


def test_a_place_of_work_that_is_closed_is_found_by_its_number_and_by_nothing_else(
    operator: Operator,
) -> None:
    firm = services.create_organisation(operator, {"name": "Gården"})
    place = services.add_establishment(firm, {"name": "Butikken", "p_number": "1990000777"})
    services.end_establishment(place, on=date(2026, 1, 1), expected=place.version)
    assert found(operator, "1990 000 777") == [firm.pk]
    assert found(operator, "butikken") == []


def test_a_p_number_belongs_to_one_place(operator: Operator) -> None:
    EstablishmentFactory(organisation__operator=operator, name="Gården", p_number="1990000777")
    with pytest.raises(errors.PNumberTaken, match="Gården"):
        services.add_establishment(
            OrganisationFactory(operator=operator), {"name": "X", "p_number": "1990000777"}
        )


def test_a_closed_place_is_kept(operator: Operator) -> None:
    place = EstablishmentFactory(organisation__operator=operator, is_main=True)
    closed = services.end_establishment(place, on=date(2026, 1, 1), expected=place.version)
    assert closed.ended_on == date(2026, 1, 1)
    assert not closed.is_main


def test_a_permit_is_valid_between_its_days(operator: Operator) -> None:
    permit = services.add_permit(
        OrganisationFactory(operator=operator),
        {
            "kind": Permit.Kind.HAZARDOUS_WASTE,
            "valid_from": date(2026, 1, 1),
            "valid_until": date(2026, 12, 31),
        },
    )
    assert permit.is_valid_on(date(2026, 12, 31))
    assert not permit.is_valid_on(date(2027, 1, 1))
    changed = services.edit_permit(permit, {"valid_until": None}, expected=permit.version)
    assert changed.is_valid_on(date(2030, 1, 1))


def test_a_permit_does_not_end_before_it_begins(operator: Operator) -> None:
    with pytest.raises(errors.DatesReversed):
        services.add_permit(
            OrganisationFactory(operator=operator),
            {"kind": Permit.Kind.FOOD, "valid_from": date(2026, 1, 2), "valid_until": date(2026, 1, 1)},
        )
    assert not Permit.objects.exists()


def test_a_removed_permit_stays_in_the_history(operator: Operator) -> None:
    permit = services.add_permit(OrganisationFactory(operator=operator), {"kind": Permit.Kind.FEED})
    services.remove_permit(permit)
    assert Permit.history.filter(history_type="-").count() == 1
