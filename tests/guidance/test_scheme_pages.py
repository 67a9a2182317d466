# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""The catalogue, a scheme's worklist of firms, a firm's own schemes, and taking schemes into use."""

from __future__ import annotations

from datetime import date
from io import BytesIO
from typing import Any

import pytest
from django.test import Client
from openpyxl import load_workbook

from brobygger.accounts.models import AuditEntry, Operator, Role, User
from brobygger.blueprints.models import Definition
from brobygger.dialogue.models import FollowUp
from brobygger.guidance.errors import BadValues, NotYourOffice
from brobygger.guidance.models import Offer
from brobygger.guidance.services.schemes import mark, show_interest
from brobygger.register.models import Organisation
from tests.factories import OrganisationFactory, firm_user, user_as
from tests.guidance.made import aid, day, scheme

SMALL = [{"rule": "employees", "max": 49}]


@pytest.fixture
def firm(operator: Operator) -> Organisation:
    return OrganisationFactory(operator=operator, name="Bryggeriet", employees=14)


@pytest.fixture
def pool(operator: Operator) -> Definition:
    return scheme(operator, criteria=SMALL)


def shown(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return answer.content.decode()


def sheet(client: Client, address: str) -> list[list[Any]]:
    rows = load_workbook(BytesIO(client.get(address).content)).active.iter_rows(values_only=True)
    return [list(row) for row in rows]


def test_the_catalogue_is_searched_and_narrowed(as_consultant: Client, operator: Operator) -> None:
    scheme(operator, "lukket", title="Lukket pulje", closes_on=day(-1))
    scheme(
        operator,
        "digital",
        title="Digitalpulje",
        purposes=["digital"],
        help="loan",
        deadlines=[{"on": day(9)}],
    )
    scheme(OrganisationFactory().operator, "anden", title="Naboens pulje")
    for query, there, away in (
        ("", "Digitalpulje", "Naboens"), ("?aaben=on", "Digitalpulje", "Lukket pulje"),
        ("?formaal=digital", "Digitalpulje", "Lukket pulje"), ("?slags=grant", "Lukket pulje", "Digitalpulje"),
        ("?q=digitalisering", "Digitalpulje", "Lukket pulje"),
    ):  # fmt: skip
        page = shown(as_consultant, f"/ordninger/{query}")
        assert there in page
        assert away not in page
    assert "Ingen ordninger passer" in shown(as_consultant, "/ordninger/?q=findesikke")
    assert [row[0] for row in sheet(as_consultant, "/ordninger/regneark/?aaben=on")] == [
        "Ordning",
        "Digitalpulje",
    ]


def test_an_office_without_schemes_is_told_what_to_do(as_consultant: Client) -> None:
    assert 'href="/ordninger/leverede/"' in shown(as_consultant, "/ordninger/")


def test_a_schemes_page_is_the_worklist_of_whom_to_tell(
    as_consultant: Client, firm: Organisation, pool: Definition
) -> None:
    OrganisationFactory(operator=firm.operator, name="Storværket", employees=400)
    OrganisationFactory(operator=firm.operator, name="Ukendtværket")
    page = shown(as_consultant, f"/ordninger/{pool.pk}/")
    assert "Bryggeriet" in page
    assert "Storværket" not in page
    assert "Ukendtværket" not in page
    assert "Ukendtværket" in shown(as_consultant, f"/ordninger/{pool.pk}/?passer=perhaps")
    answered = as_consultant.post(
        f"/ordninger/{pool.pk}/tilbudt/", {"virksomhed": [firm.pk], "query": "svar=ingen"}
    )
    assert answered["Location"] == f"/ordninger/{pool.pk}/?svar=ingen"
    assert Offer.objects.get().state == Offer.State.OFFERED
    assert "Bryggeriet" not in shown(as_consultant, f"/ordninger/{pool.pk}/?svar=ingen")
    assert "Bryggeriet" in shown(as_consultant, f"/ordninger/{pool.pk}/?svar=offered")


def test_marking_many_leaves_answers_and_other_offices_alone(
    as_consultant: Client, firm: Organisation, pool: Definition, consultant: User
) -> None:
    mark(firm, pool, "interested", user=consultant)
    foreign = OrganisationFactory()
    as_consultant.post(f"/ordninger/{pool.pk}/tilbudt/", {"virksomhed": [firm.pk, foreign.pk, "x", "9" * 30]})
    assert list(Offer.objects.values_list("organisation", "state")) == [(firm.pk, "interested")]


def test_what_is_fetched_for_mailing_holds_no_protected_firm(
    as_consultant: Client, firm: Organisation, pool: Definition
) -> None:
    OrganisationFactory(operator=firm.operator, name="Beskyttet", employees=3, ad_protected=True)
    assert "Beskyttet" in shown(as_consultant, f"/ordninger/{pool.pk}/")
    rows = sheet(as_consultant, f"/ordninger/{pool.pk}/regneark/")
    assert [row[0] for row in rows] == ["Virksomhed", "Bryggeriet"]
    assert AuditEntry.objects.filter(action="export").count() == 1


def test_a_consultant_notes_what_the_firm_says(
    as_consultant: Client, firm: Organisation, pool: Definition
) -> None:
    address = f"/ordninger/{pool.pk}/virksomhed/{firm.pk}/"
    assert "Der er 14 ansatte; ordningen kræver højst 49 ansatte." in shown(as_consultant, address)
    refused = as_consultant.post(address, {"state": "not_relevant", "why": ""})
    assert "Skriv, hvorfor den ikke er relevant." in refused.content.decode()
    as_consultant.post(address, {"state": "not_relevant", "why": "Ingen tid i år"})
    offer = Offer.objects.get()
    assert (offer.state, offer.why, offer.scheme) == ("not_relevant", "Ingen tid i år", pool)
    as_consultant.post(address, {"state": "interested", "why": "glemt"})
    offer.refresh_from_db()
    assert (offer.state, offer.why) == ("interested", "")


def test_the_answer_follows_the_scheme_into_its_next_version(
    as_consultant: Client, firm: Organisation, pool: Definition, consultant: User
) -> None:
    mark(firm, pool, "offered", user=consultant)
    newer = scheme(firm.operator, criteria=SMALL, title="Prøvepuljen 2")
    assert "Bryggeriet" in shown(as_consultant, f"/ordninger/{newer.pk}/?svar=offered")
    assert f'href="/ordninger/{newer.pk}/"' in shown(as_consultant, f"/ordninger/{pool.pk}/")


def test_a_firm_sees_what_fits_it_and_why_and_says_that_it_is_interested(
    firm: Organisation, pool: Definition, sign_in: Any
) -> None:
    scheme(firm.operator, "for_smaa", title="For de mindste", criteria=[{"rule": "employees", "max": 9}])
    owner = firm_user(firm)
    own = sign_in(owner)
    assert own.get("/min-side/ordninger/")["Location"] == f"/ordninger/virksomhed/{firm.pk}/"
    page = shown(own, f"/ordninger/virksomhed/{firm.pk}/")
    assert page.index("Prøvepuljen") < page.index("Passer ikke") < page.index("For de mindste")
    assert "Der er 14 ansatte; ordningen kræver højst 9 ansatte." in page
    assert "/henvisninger/" not in page
    for _ in range(2):
        own.post(f"/ordninger/{pool.pk}/interesseret/{firm.pk}/")
    assert Offer.objects.get().state == Offer.State.INTERESTED
    assert FollowUp.objects.get().about.startswith("Ring om ordningen »Prøvepuljen«")
    assert "I har vist interesse" in shown(own, f"/ordninger/virksomhed/{firm.pk}/")
    assert "Ordninger, der passer til jer" in shown(own, "/min-side/")


def test_nobody_sees_or_answers_for_another_firm(
    firm: Organisation, pool: Definition, sign_in: Any, consultant: User
) -> None:
    stranger = firm_user(OrganisationFactory(operator=firm.operator))
    for person in (stranger, user_as(Role.ADMIN, firm.operator), user_as(Role.CONSULTANT)):
        browser = sign_in(person)
        assert browser.get(f"/ordninger/virksomhed/{firm.pk}/").status_code == 404
        assert browser.post(f"/ordninger/{pool.pk}/interesseret/{firm.pk}/").status_code == 404
        with pytest.raises(NotYourOffice):
            show_interest(firm, pool, user=person)
        with pytest.raises(NotYourOffice):
            mark(firm, pool, "offered", user=person)
    with pytest.raises(NotYourOffice):
        mark(firm, scheme(OrganisationFactory().operator), "offered", user=consultant)
    with pytest.raises(BadValues):
        mark(firm, pool, "granted", user=consultant)
    assert not Offer.objects.exists()


def test_the_firms_page_shows_the_best_of_it(
    as_consultant: Client, firm: Organisation, pool: Definition, consultant: User
) -> None:
    aid(firm, consultant, amount_eur=120_000)
    page = shown(as_consultant, firm.get_absolute_url())
    assert f'href="/ordninger/{pool.pk}/virksomhed/{firm.pk}/"' in page
    assert "plads til 180.000 euro af 300.000" in page
    assert f'href="/henvisninger/ny/?virksomhed={firm.pk}"' in page


def test_the_first_page_leads_on(as_consultant: Client, firm: Organisation, pool: Definition) -> None:
    page = shown(as_consultant, "/vejledning/")
    for address in (
        "/ordninger/",
        "/henvisninger/",
        "/partnere/",
        "/de-minimis/",
        f"/ordninger/{pool.pk}/?svar=ingen",
    ):
        assert f'href="{address}"' in page


# Taking schemes into use ------------------------------------------------------------------------------

TYPED = {
    "title": "Ny pulje på øen", "provider": "Prøvefonden", "help": "grant", "purposes": ["climate", "growth"],
    "description": "Tilskud", "employees_min": "2", "employees_max": "1.000", "industries": "C, 11",
    "municipalities": "Lejre, roskilde kommune", "regions": ["1085"], "company_forms": ["80"], "age_max": "3",
    "questions": "Sparer I energi?\nHar I et tilbud?", "de_minimis": "ja", "rate_percent": "40", "max_dkk": "750.000",
    "opens_on": "2026-01-01", "closes_on": "2027-12-31", "deadlines": "1.3.2027 Første runde",
    "link": "https://example.invalid/pulje", "contact_email": "pulje@example.invalid",
}  # fmt: skip


def test_a_head_types_a_scheme_and_sees_whom_it_fits(as_head: Client, operator: Operator) -> None:
    answered = as_head.post("/ordninger/ny/", TYPED)
    made = Definition.objects.get()
    assert answered["Location"] == f"/ordninger/{made.pk}/"
    content = made.content
    assert (made.key, content.max_dkk, content.de_minimis) == ("ny_pulje_paa_oeen", 750_000, True)
    assert [criterion.rule for criterion in content.criteria] == [
        "employees", "age", "industry", "municipality", "region", "company_form", "ask", "ask",
    ]  # fmt: skip
    assert content.criteria[0].max == 1000
    assert content.criteria[3].any_of == ("0350", "0265")
    assert content.deadlines[0].on == date(2027, 3, 1)


def test_editing_makes_a_new_version_and_keeps_what_was_typed(as_head: Client, operator: Operator) -> None:
    as_head.post("/ordninger/ny/", TYPED)
    first = Definition.objects.get()
    page = as_head.get(f"/ordninger/{first.pk}/ret/")
    typed = {key: value for key, value in page.context["form"].initial.items() if value not in (None, "")}
    as_head.post(f"/ordninger/{first.pk}/ret/", typed)
    assert Definition.objects.count() == 1, "the same content is the same version"
    as_head.post(f"/ordninger/{first.pk}/ret/", typed | {"title": "Nyt navn", "rate_percent": "50"})
    newest = Definition.objects.get(is_current=True)
    assert (newest.key, newest.version, newest.title) == (first.key, 2, "Nyt navn")


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"municipalities": "Atlantis"}, "Vi kender ikke kommunen »Atlantis«."),
        ({"deadlines": "snart"}, "begynder ikke med en dato"),
        ({"industries": "x99"}, "er ikke en branche"),
        ({"closes_on": "2025-01-01"}, "lukker, før den åbner"),
        ({"link": "http://example.invalid"}, "https://"),
        ({"employees_max": "1"}, "under den mindste"),
    ],
)
def test_what_cannot_be_right_is_told_and_nothing_typed_is_lost(
    as_head: Client, change: dict[str, str], words: str
) -> None:
    page = as_head.post("/ordninger/ny/", TYPED | change).content.decode()
    assert words in page
    assert "Ny pulje på øen" in page
    assert not Definition.objects.exists()


def test_a_new_scheme_never_becomes_a_version_of_another(as_head: Client, operator: Operator) -> None:
    as_head.post("/ordninger/ny/", TYPED)
    assert "allerede en ordning med det navn" in as_head.post("/ordninger/ny/", TYPED).content.decode()


def test_a_file_is_taken_in_or_told_line_by_line(as_head: Client, pool: Definition) -> None:
    assert "Linje 1" in as_head.post("/ordninger/fil/", {"text": "key: X\n"}).content.decode()
    as_head.post("/ordninger/fil/", {"text": pool.text.replace("Prøvepuljen", "Rettet")})
    assert Definition.objects.get(is_current=True).title == "Rettet"


def test_a_scheme_that_the_form_cannot_hold_is_changed_as_a_file(as_head: Client, operator: Operator) -> None:
    twice = scheme(operator, criteria=[{"rule": "employees", "min": 1}, {"rule": "employees", "max": 9}])
    assert as_head.get(f"/ordninger/{twice.pk}/ret/")["Location"] == f"/ordninger/fil/?ordning={twice.pk}"
    assert "key: pulje" in shown(as_head, f"/ordninger/fil/?ordning={twice.pk}")


def test_delivered_schemes_are_taken_into_use_and_out_again(as_head: Client, as_consultant: Client) -> None:
    as_head.post("/ordninger/leverede/", {"key": "smv_groen"})
    made = Definition.objects.get()
    assert "SMV:Grøn" in shown(as_consultant, "/ordninger/")
    as_head.post(f"/ordninger/{made.pk}/tag-ud/")
    assert not Definition.objects.current().exists()
    as_head.post("/ordninger/leverede/", {"key": "findes_ikke"})
    assert Definition.objects.count() == 1


def test_what_is_invented_for_the_demo_is_offered_to_no_office(as_head: Client) -> None:
    for address in ("/ordninger/leverede/", "/opskrifter/"):
        page = shown(as_head, address)
        assert "SMV:Grøn" in page
        assert "opdigtet" not in page
    as_head.post("/ordninger/leverede/", {"key": "maskinpulje_opdigtet"})
    assert "Grøn maskinpulje (opdigtet)" in shown(as_head, "/opskrifter/")


def test_consultants_change_no_schemes(as_consultant: Client, pool: Definition) -> None:
    for address in (
        "/ordninger/ny/",
        "/ordninger/fil/",
        f"/ordninger/{pool.pk}/ret/",
        f"/ordninger/{pool.pk}/tag-ud/",
    ):
        assert as_consultant.post(address, TYPED).status_code == 403
    assert as_consultant.post("/ordninger/leverede/", {"key": "smv_groen"}).status_code == 403
    assert Definition.objects.count() == 1
