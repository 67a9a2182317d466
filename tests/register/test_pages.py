# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Entering and changing organisations through the pages, as the office and as the firm."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from brobygger.accounts.models import Invitation, Operator, Role, User
from brobygger.base.history import history_under
from brobygger.register import services, services_people
from brobygger.register.models import Affiliation, Organisation, Permit
from tests.factories import EstablishmentFactory, OperatorFactory, OrganisationFactory, firm_user, user_as

RIGHT = {"name": "Osted Smedje", "kind": "firm"}


@pytest.fixture
def firm(operator: Operator) -> Organisation:
    return OrganisationFactory(operator=operator, name="Osted Smedje", cvr="99200001")


def url(name: str, *keys: int) -> str:
    return reverse(f"register:{name}", args=keys)


def changed(firm: Organisation, **fields: object) -> dict[str, object]:
    """What the office's form sends when only these fields are changed."""
    return {
        "name": firm.name, "kind": firm.kind, "cvr": firm.cvr, "industry": firm.industry, "street": firm.street,
        "postal_code": firm.postal_code, "opened_version": firm.version, **fields,
    }  # fmt: skip


def test_an_organisation_is_entered_and_shown(as_consultant: Client) -> None:
    sent = {
        **RIGHT, "cvr": "DK 99 20 00 01", "industry": "110500 Fremstilling af øl", "postal_code": "4320",
        "employees": "1.200", "founded_on": "1.2.2010", "website": "www.eksempel.dk", "tags_text": "metal, smed; Metal",
    }  # fmt: skip
    response = as_consultant.post(url("new"), sent, follow=True)
    assert response.status_code == 200
    firm = Organisation.objects.get()
    assert (firm.cvr, firm.industry, firm.city, firm.employees) == ("99200001", "110500", "Lejre", 1200)
    assert str(firm.founded_on) == "2010-02-01"
    assert firm.website == "https://www.eksempel.dk"
    assert {tag.name for tag in firm.tags.all()} == {"metal", "smed"}
    assert "Virksomheden er oprettet" in response.content.decode()
    assert {entry.history_user.name for entry in firm.history.all()} == {"Prøve Konsulent"}


def test_a_taken_cvr_number_is_said_and_the_typed_text_kept(
    as_consultant: Client, firm: Organisation
) -> None:
    page = as_consultant.post(url("new"), {"name": "Min nye smedje", "kind": "firm", "cvr": "99200001"})
    text = page.content.decode()
    assert "hører allerede til Osted Smedje" in text
    assert "Min nye smedje" in text
    assert Organisation.objects.count() == 1


def test_tags_that_are_too_long_or_too_many_are_said_and_none_is_lost(
    as_consultant: Client, firm: Organisation
) -> None:
    address = reverse("register:edit", args=[firm.pk])
    names = [f"{'et langt mærkat ' * 3}{number}" for number in range(31)]
    for typed, said in ((", ".join(names), "højst 30 mærkater"), ("x" * 61, "højst 60 tegn")):
        page = as_consultant.post(
            address, {"name": "Nyt navn", "kind": "firm", "tags_text": typed, "opened_version": firm.version}
        )
        assert said in page.content.decode()
        assert typed in page.content.decode()
    services.set_tags(firm, names)  # two imports gave it so many
    kept = {"name": "Nyt navn", "kind": "firm", "tags_text": ", ".join(names), "opened_version": firm.version}
    assert as_consultant.post(address, kept).status_code == 302
    assert firm.tags.count() == 31


def test_the_second_of_two_editors_sees_both_and_can_decide(
    as_consultant: Client, firm: Organisation
) -> None:
    services.update_organisation(firm, {"phone": "11 11 11 11"}, expected=firm.version)
    page = as_consultant.post(url("edit", firm.pk), changed(firm, phone="22 22 22 22"))
    text = page.content.decode()
    assert page.status_code == 409
    assert "22 22 22 22" in text
    assert "11 11 11 11" in text
    again = page.context["form"]["opened_version"].value()
    as_consultant.post(url("edit", firm.pk), changed(firm, phone="22 22 22 22", opened_version=again))
    firm.refresh_from_db()
    assert firm.phone == "22 22 22 22"


def test_a_firm_changes_its_contact_details_and_not_cvrs_facts(sign_in, firm: Organisation) -> None:
    client = sign_in(firm_user(firm))
    sent = changed(
        firm, phone="12 34 56 78", name="Et nyt navn", cvr="99200009", industry="014100", ad_protected="on"
    )
    assert client.post(url("edit", firm.pk), sent).status_code == 302
    firm.refresh_from_db()
    assert (firm.phone, firm.name, firm.cvr, firm.industry) == (
        "12 34 56 78",
        "Osted Smedje",
        "99200001",
        "110500",
    )
    assert not firm.ad_protected


def test_ceasing_and_coming_back_are_asked_for(as_consultant: Client, firm: Organisation) -> None:
    question = as_consultant.get(url("dissolve", firm.pk)).content.decode()
    assert "Er Osted Smedje ophørt?" in question
    firm.refresh_from_db()
    assert firm.is_active
    as_consultant.post(
        url("dissolve", firm.pk), {"on": "2026-01-01", "status": "bankrupt", "opened_version": firm.version}
    )
    firm.refresh_from_db()
    assert firm.status == "bankrupt"
    as_consultant.post(url("reactivate", firm.pk), {"opened_version": firm.version})
    firm.refresh_from_db()
    assert firm.is_active


def test_a_place_of_work_is_entered_changed_and_closed(as_consultant: Client, firm: Organisation) -> None:
    as_consultant.post(url("new_place", firm.pk), {"name": "Butikken", "p_number": "1990 000 777"})
    place = firm.establishments.get()
    assert place.p_number == "1990000777"
    sent = {"name": "Gårdbutikken", "p_number": "", "opened_version": place.version}
    as_consultant.post(url("edit_place", firm.pk, place.pk), sent)
    place.refresh_from_db()
    assert (place.name, place.p_number) == ("Gårdbutikken", None)
    page = as_consultant.get(url("edit_place", firm.pk, place.pk)).content.decode()
    assert "navn: fra »Butikken« til »Gårdbutikken«" in page
    as_consultant.post(
        url("end_place", firm.pk, place.pk), {"on": "2026-01-01", "opened_version": place.version}
    )
    place.refresh_from_db()
    assert place.ended_on is not None


def test_a_permit_is_entered_changed_and_removed_after_a_question(
    as_consultant: Client, consultant: User, firm: Organisation
) -> None:
    sent = {
        "kind": "hazardous_waste",
        "number": "J-1",
        "waste_codes": "13 02 05, 150110",
        "valid_from": "2026-01-01",
    }
    as_consultant.post(url("new_permit", firm.pk), sent)
    permit = Permit.objects.get()
    assert permit.waste_codes == "130205 150110"
    sent |= {"number": "J-2", "opened_version": permit.version}
    as_consultant.post(url("edit_permit", firm.pk, permit.pk), sent)
    permit.refresh_from_db()
    assert permit.number == "J-2"
    page = as_consultant.get(url("edit_permit", firm.pk, permit.pk)).content.decode()
    assert "nummer eller journal: fra »J-1« til »J-2«" in page
    assert "Skal »" in as_consultant.get(url("remove_permit", firm.pk, permit.pk)).content.decode()
    assert Permit.objects.exists()
    as_consultant.post(url("remove_permit", firm.pk, permit.pk))
    told = as_consultant.get(firm.get_absolute_url()).content.decode()
    history = told.split("Tilladelsernes historik")[1].split("</details>")[0]
    assert f"{consultant} slettede »Modtager af farligt affald J-2«" in history
    assert not Permit.objects.exists()


def test_the_history_of_many_permits_asks_no_more_often(
    firm: Organisation, django_assert_num_queries
) -> None:
    for number in range(3):
        services.add_permit(firm, {"kind": "food", "number": f"J-{number}"})
    with django_assert_num_queries(1):
        told = history_under(Permit, organisation=firm)
    assert [change.what for change in told] == [f"oprettede »Fødevareregistrering J-{n}«" for n in (2, 1, 0)]


def test_a_person_is_entered_invited_and_ended(as_consultant: Client, firm: Organisation) -> None:
    as_consultant.post(
        url("new_person", firm.pk),
        {"name": "Signe", "email": "signe@example.invalid", "title": "smed", "is_contact": "on"},
    )
    affiliation = Affiliation.objects.get()
    as_consultant.post(url("invite_person", firm.pk, affiliation.pk))
    invitation = Invitation.objects.get()
    assert (invitation.organisation_id, invitation.role) == (firm.pk, Role.FIRM)
    sent = {"name": "Signe S", "email": "signe@example.invalid", "title": "mester", "opened_version": 1}
    as_consultant.post(url("edit_person", firm.pk, affiliation.pk), sent)
    affiliation.refresh_from_db()
    assert (affiliation.title, affiliation.person.name) == ("mester", "Signe S")
    assert (
        "Er Signe S ikke længere"
        in as_consultant.get(url("end_person", firm.pk, affiliation.pk)).content.decode()
    )
    as_consultant.post(url("end_person", firm.pk, affiliation.pk))
    affiliation.refresh_from_db()
    assert affiliation.ended_on is not None


def test_a_person_is_erased_after_a_question(
    as_consultant: Client, firm: Organisation, consultant: User
) -> None:
    affiliation = services_people.add_person(firm, {"name": "Signe"}, by=consultant)
    address = url("erase_person", firm.pk, affiliation.pk)
    assert "Det kan ikke fortrydes" in as_consultant.get(address).content.decode()
    assert Affiliation.objects.exists()
    as_consultant.post(address)
    assert not Affiliation.objects.exists()


def test_a_record_of_another_organisation_is_not_reached_through_this_one(
    as_consultant: Client, firm: Organisation, consultant: User
) -> None:
    other = OrganisationFactory(operator=OperatorFactory())
    place = EstablishmentFactory(organisation=other)
    permit = services.add_permit(other, {"kind": "food"})
    assert as_consultant.post(url("edit_place", firm.pk, place.pk), {"name": "x"}).status_code == 404
    assert as_consultant.post(url("remove_permit", firm.pk, permit.pk)).status_code == 404
    assert Permit.objects.exists()


OFFICE_ONLY = ("dissolve", "reactivate", "new_place", "new_permit")
BOTH = ("edit", "new_person")


@pytest.mark.parametrize("name", [*OFFICE_ONLY, *BOTH])
@pytest.mark.parametrize("method", ["get", "post"])
def test_another_office_finds_no_page_to_change(sign_in, firm: Organisation, name: str, method: str) -> None:
    stranger = sign_in(user_as(Role.CONSULTANT, OperatorFactory()))
    assert getattr(stranger, method)(url(name, firm.pk)).status_code == 404


@pytest.mark.parametrize("name", OFFICE_ONLY)
def test_a_firm_does_not_do_what_the_office_does(sign_in, firm: Organisation, name: str) -> None:
    assert sign_in(firm_user(firm)).post(url(name, firm.pk)).status_code == 403


def test_a_firm_does_not_erase_or_invite(sign_in, firm: Organisation) -> None:
    user = firm_user(firm)
    affiliation = Affiliation.objects.get(person__user=user)
    for name in ("erase_person", "invite_person"):
        assert sign_in(user).post(url(name, firm.pk, affiliation.pk)).status_code == 403
    assert Affiliation.objects.filter(pk=affiliation.pk).exists()


ABSURD = [
    "", " ", "a" * 100_000, "🙂🙂🙂", "a\x00b", "<script>alert(1)</script>", "-1", "1e400", "99999999999999999999",
    "NaN", "2,5", "0001-01-01", "9999-12-31", "31-02-2026", "' OR 1=1 --", "١٢٣٤٥٦٧٨", "²", "\u202eabc", "../../etc/passwd",
]  # fmt: skip
ORGANISATION_FIELDS = (
    "name", "kind", "cvr", "form_code", "industry", "street", "postal_code", "employees", "founded_on", "email",
    "phone", "website", "description", "tags_text", "opened_version",
)  # fmt: skip


@pytest.mark.parametrize("field", ORGANISATION_FIELDS)
def test_no_text_breaks_the_form_or_is_half_saved(
    as_consultant: Client, firm: Organisation, field: str
) -> None:
    for text in ABSURD:
        before = Organisation.objects.values().get(pk=firm.pk)
        response = as_consultant.post(url("edit", firm.pk), changed(firm, **{field: text}))
        after = Organisation.objects.values().get(pk=firm.pk)
        if response.status_code == 302:
            firm.refresh_from_db()
            continue
        said = {200: "Der er noget, der skal rettes", 409: "En anden har gemt i mellemtiden"}
        assert said[response.status_code] in response.content.decode(), text[:20]
        assert after == before
    assert as_consultant.get(url("organisation", firm.pk)).status_code == 200


@pytest.mark.parametrize(
    ("name", "fields"),
    [
        ("new_place", ("name", "p_number", "industry", "employees", "street", "postal_code", "started_on")),
        ("new_permit", ("kind", "number", "issued_by", "waste_codes", "valid_from", "valid_until")),
        ("new_person", ("name", "email", "phone", "title")),
        ("dissolve", ("on", "status", "opened_version")),
    ],
)
def test_no_text_breaks_the_smaller_forms(
    as_consultant: Client, firm: Organisation, name: str, fields: tuple[str, ...]
) -> None:
    right = {
        "name": "X",
        "kind": "food",
        "status": "dissolved",
        "on": "2026-01-01",
        "opened_version": firm.version,
    }
    for field in fields:
        for text in ABSURD:
            response = as_consultant.post(url(name, firm.pk), {**right, field: text})
            assert response.status_code in (200, 302, 409), (field, text[:20])


def test_markup_is_shown_as_typed_text(as_consultant: Client, firm: Organisation) -> None:
    as_consultant.post(url("edit", firm.pk), changed(firm, description="<script>alert(1)</script>"))
    shown = as_consultant.get(url("organisation", firm.pk)).content.decode()
    assert "<script>alert(1)" not in shown
    assert "&lt;script&gt;" in shown


def test_permit_dates_the_wrong_way_round_are_said(as_consultant: Client, firm: Organisation) -> None:
    sent = {"kind": "food", "number": "F-1", "valid_from": "2026-02-01", "valid_until": "2026-01-01"}
    page = as_consultant.post(url("new_permit", firm.pk), sent).content.decode()
    assert "Slutdatoen ligger før startdatoen" in page
    assert "F-1" in page
    assert not Permit.objects.exists()


@pytest.mark.parametrize("typed", ["123", "13 02", "130205 abc", "999999", "1302051"])
def test_waste_codes_that_do_not_exist_are_said(
    as_consultant: Client, firm: Organisation, typed: str
) -> None:
    page = as_consultant.post(url("new_permit", firm.pk), {"kind": "waste", "waste_codes": typed})
    assert page.status_code == 200
    assert "waste_codes" in page.context["form"].errors
