# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""The list of organisations: what is in it, in what order, and what it costs."""

from __future__ import annotations

from datetime import date

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from brobygger.accounts.models import Operator, Role, User
from brobygger.register import queries, services
from brobygger.register.models import Organisation, Tag
from brobygger.register.places import find_place
from brobygger.register.search import index
from tests.factories import ListingFactory, OperatorFactory, OrganisationFactory, firm_user, user_as

URL = reverse("register:organisations")
MAP = reverse("register:points")


def shown(client: Client, **asked: object) -> list[str]:
    response = client.get(URL, asked)
    assert response.status_code == 200
    return [row["organisation"].name for row in response.context["rows"]]


def on_map(client: Client, **asked: object) -> list[dict[str, object]]:
    return client.get(MAP, asked).json()["points"]


def enter(operator: Operator, name: str, **fields: object) -> Organisation:
    firm = OrganisationFactory(operator=operator, name=name, **fields)
    index([firm])
    return firm


def test_names_are_in_danish_order(as_consultant: Client, operator: Operator) -> None:
    for name in ("Ål og fisk", "Østers", "Æbler", "Zebra", "Aabenraa Is", "Bageren"):
        enter(operator, name)
    # aa is sorted as å; Dansk Sprognævn, Retskrivningsordbogen § 3
    assert shown(as_consultant) == ["Bageren", "Zebra", "Æbler", "Østers", "Aabenraa Is", "Ål og fisk"]


def test_only_active_ones_unless_asked(as_consultant: Client, operator: Operator) -> None:
    enter(operator, "Aktiv")
    enter(operator, "Ophørt", status="dissolved")
    enter(operator, "Konkurs", status="bankrupt")
    assert shown(as_consultant) == ["Aktiv"]
    assert shown(as_consultant, status="dissolved") == ["Ophørt"]
    assert shown(as_consultant, status="alle") == ["Aktiv", "Konkurs", "Ophørt"]


@pytest.mark.parametrize(
    ("code", "names"),
    [
        ("C", ["Bryggeri", "Mejeri"]),
        ("11", ["Bryggeri"]),
        ("105", ["Mejeri"]),
        ("110500", ["Bryggeri"]),
        ("V", []),
        ("zz", []),
        ("99", []),
    ],
)
def test_by_industry_at_every_level(
    as_consultant: Client, operator: Operator, code: str, names: list[str]
) -> None:
    enter(operator, "Bryggeri", industry="110500")
    enter(operator, "Mejeri", industry="105100")
    enter(operator, "Kvægbrug", industry="014100")
    assert shown(as_consultant, branche=code) == names


def test_by_municipality_size_kind_and_tag_together(as_consultant: Client, operator: Operator) -> None:
    right = enter(operator, "Den rette", municipality_code="0265", employees=12, kind="association")
    services.set_tags(right, ["klima"])
    enter(operator, "Forkert kommune", employees=12, kind="association")
    enter(operator, "For lille", municipality_code="0265", employees=9, kind="association")
    enter(operator, "Forkert art", municipality_code="0265", employees=12)
    tag = Tag.objects.get(name="klima")
    assert shown(as_consultant, kommune="0265", ansatte="10", art="association", maerkat=tag.pk) == [
        "Den rette"
    ]


def test_by_distance_from_a_place_nearest_first(as_consultant: Client, operator: Operator) -> None:
    for name, code in (("I Roskilde", "4000"), ("I Lejre", "4320"), ("I Aarhus", "8000")):
        firm = services.create_organisation(operator, {"name": name, "postal_code": code})
        assert firm.x is not None
    assert shown(as_consultant, sted="4320", km="5") == ["I Lejre"]
    assert shown(as_consultant, sted="Lejre", km="30") == ["I Lejre", "I Roskilde"]


def test_ten_kilometres_unless_another_distance_is_chosen(as_consultant: Client, operator: Operator) -> None:
    from brobygger.register.places import find_place

    place = find_place("4320")
    assert place is not None
    enter(operator, "Ni km væk", x=place.x + 9_000, y=place.y)
    enter(operator, "Elleve km væk", x=place.x + 11_000, y=place.y)
    assert shown(as_consultant, sted="4320") == ["Ni km væk"]
    assert as_consultant.get(URL).context["filter"].form["km"].value() == "10"


@pytest.mark.parametrize("points", [1, 2, 3, 10])
def test_the_nearest_come_first_however_few_are_read_at_once(
    as_consultant: Client, operator: Operator, monkeypatch: pytest.MonkeyPatch, points: int
) -> None:
    monkeypatch.setattr(queries, "MOST_POINTS", points)
    monkeypatch.setattr(settings, "PAGE_SIZE", 3)
    middle = find_place("4320")
    assert middle is not None
    names = [f"Firma {metres} meter væk" for metres in (100, 3000, 4000, 9900)]
    for name in reversed(names):
        enter(operator, name, x=middle.x + float(name.split()[1]), y=middle.y)
    enter(operator, "For langt væk", x=middle.x + 10_100.0, y=middle.y)
    asked = {"sted": "4320", "km": "10"}
    assert shown(as_consultant, **asked) + shown(as_consultant, **asked, side="2") == names
    assert [point["name"] for point in on_map(as_consultant, **asked)] == names[:points]


def test_the_corners_of_the_square_are_not_near(as_consultant: Client, operator: Operator) -> None:
    from brobygger.register.places import find_place

    place = find_place("4320")
    assert place is not None
    enter(operator, "I hjørnet", x=place.x + 4_500, y=place.y + 4_500)
    enter(operator, "Lige øst", x=place.x + 4_500, y=place.y)
    assert shown(as_consultant, sted="4320", km="5") == ["Lige øst"]


def test_an_unknown_place_is_said_and_nothing_is_left_out(as_consultant: Client, operator: Operator) -> None:
    enter(operator, "Smedjen")
    page = as_consultant.get(URL, {"sted": "Ingenstedby"})
    assert "Vi kender ikke stedet" in page.content.decode()
    assert [row["organisation"].name for row in page.context["rows"]] == ["Smedjen"]


def test_the_nearest_to_nowhere_are_asked_where(as_consultant: Client, operator: Operator) -> None:
    enter(operator, "Prøve")
    page = as_consultant.get(URL, {"sorter": "naermest"})
    assert "for at få de nærmeste først" in page.content.decode()
    assert shown(as_consultant, sorter="naermest") == ["Prøve"]
    asked = as_consultant.get(URL, {"sorter": "naermest", "sted": "4320"}).content.decode()
    assert "for at få de nærmeste først" not in asked


@pytest.mark.parametrize("asked", [{"sted": "Xyzzy"}, {"sorter": "naermest"}, {"km": "7"}])
def test_a_filter_that_was_not_understood_is_not_folded_away(
    as_consultant: Client, operator: Operator, asked: dict[str, str]
) -> None:
    folded = '<details class="bb-more">'
    assert folded in as_consultant.get(URL).content.decode()
    assert folded not in as_consultant.get(URL, asked).content.decode()


def test_with_something_on_the_list(as_consultant: Client, operator: Operator) -> None:
    ListingFactory(organisation=enter(operator, "Har noget"))
    ListingFactory(organisation=enter(operator, "Havde noget"), status="withdrawn")
    enter(operator, "Har intet")
    assert shown(as_consultant, har="on") == ["Har noget"]


def test_an_administrator_cannot_ask_who_has_confidential_listings(sign_in, operator: Operator) -> None:
    ListingFactory(organisation=enter(operator, "Fortrolig"), visibility="broker")
    enter(operator, "Har intet")
    client = sign_in(user_as(Role.ADMIN, operator))
    assert shown(client, har="on") == ["Fortrolig", "Har intet"]
    assert "Har og mangler" not in str(client.get(URL).context["filter"].form)


def test_newest_and_largest_first_unknown_last(as_consultant: Client, operator: Operator) -> None:
    enter(operator, "Gammel", founded_on=date(1990, 1, 1), employees=5)
    enter(operator, "Ny", founded_on=date(2026, 1, 1), employees=None)
    enter(operator, "Ukendt", founded_on=None, employees=50)
    assert shown(as_consultant, sorter="nyeste") == ["Ny", "Gammel", "Ukendt"]
    assert shown(as_consultant, sorter="stoerste") == ["Ukendt", "Gammel", "Ny"]


def test_words_and_filters_together(as_consultant: Client, operator: Operator) -> None:
    enter(operator, "Lejre Bageri")
    enter(operator, "Roskilde Bageri", municipality_code="0265")
    assert shown(as_consultant, q="bagerier", kommune="0265") == ["Roskilde Bageri"]


def test_a_number_of_a_firm_that_has_ceased_finds_it_though_it_is_not_active(
    as_consultant: Client, operator: Operator
) -> None:
    enter(operator, "Den gamle smedje", cvr="99100001", status="dissolved")
    page = as_consultant.get(URL, {"q": "99 10 00 01"}).content.decode()
    assert "Ingen aktive virksomheder passer, men en ophørt gør." in page
    assert 'href="?q=99+10+00+01&amp;status=alle"' in page
    assert shown(as_consultant, q="99 10 00 01", status="alle") == ["Den gamle smedje"]
    assert (
        "ophørt gør" not in as_consultant.get(URL, {"q": "99100001", "status": "bankrupt"}).content.decode()
    )
    assert "Prøv færre ord" in as_consultant.get(URL, {"q": "99100002"}).content.decode()


def test_mended_words_are_said(as_consultant: Client, operator: Operator) -> None:
    enter(operator, "Herslev Bryghus")
    page = as_consultant.get(URL, {"q": "herslef"}).content.decode()
    assert "Viser resultater for <strong>herslev</strong>" in page
    assert "Herslev Bryghus" in page


def test_more_hits_than_are_ranked_are_all_in_the_list(
    as_consultant: Client, operator: Operator, monkeypatch
) -> None:
    monkeypatch.setattr("brobygger.base.search.finding.MOST_RANKED", 2)
    for number in range(5):
        enter(operator, f"Gård {number}")
    assert shown(as_consultant, q="gård") == [f"Gård {number}" for number in range(5)]
    assert as_consultant.get(URL, {"q": "gård"}).context["listed"].found.more


def test_pages_follow_each_other(as_consultant: Client, operator: Operator) -> None:
    for number in range(30):
        enter(operator, f"Firma {number:02}")
    assert len(shown(as_consultant)) == 25
    assert shown(as_consultant, side=2) == [f"Firma {number}" for number in range(25, 30)]
    assert "30 virksomheder" in as_consultant.get(URL).content.decode()
    assert len(shown(as_consultant, q="firma")) == 25
    assert len(shown(as_consultant, q="firma", side=2)) == 5


def test_the_map_shows_what_the_list_shows(as_consultant: Client, operator: Operator) -> None:
    enter(operator, "På kortet")
    enter(operator, "Uden sted", latitude=None, longitude=None)
    enter(operator, "Frasorteret", status="dissolved")
    assert [point["name"] for point in on_map(as_consultant)] == ["På kortet"]
    assert (
        f'data-ask="{MAP}?status=alle"'
        in as_consultant.get(URL, {"status": "alle", "side": "1"}).content.decode()
    )
    assert [point["name"] for point in on_map(as_consultant, status="alle")] == ["Frasorteret", "På kortet"]


def test_the_map_holds_no_more_than_it_can_show(
    as_consultant: Client, operator: Operator, monkeypatch
) -> None:
    monkeypatch.setattr("brobygger.register.queries.MOST_POINTS", 3)
    for number in range(5):
        enter(operator, f"Gård {number}")
    assert len(on_map(as_consultant)) == 3
    assert len(on_map(as_consultant, q="gård")) == 3
    assert "Kortet viser de første 3" in as_consultant.get(URL).content.decode()


def test_another_office_sees_nothing_of_it(operator: Operator, sign_in) -> None:
    enter(operator, "Herslev Bryghus")
    client = sign_in(user_as(Role.CONSULTANT, OperatorFactory()))
    for asked in ({}, {"q": "herslev"}, {"q": "herslef"}, {"status": "alle"}):
        page = client.get(URL, asked)
        assert page.context["total"] == 0
        assert on_map(client, **asked) == []
        assert "Herslev" not in page.content.decode().replace("herslev", "")


def test_a_firm_sees_itself_only(operator: Operator, sign_in) -> None:
    own = enter(operator, "Egen Bageri")
    enter(operator, "Anden Bageri")
    client = sign_in(firm_user(own))
    assert shown(client) == ["Egen Bageri"]
    assert shown(client, q="bageri") == ["Egen Bageri"]
    assert shown(client, q="anden") == []


def test_nobody_is_sent_to_sign_in(client: Client, db: None) -> None:
    assert client.get(URL).status_code == 302


def test_an_empty_register_says_what_to_do(as_consultant: Client) -> None:
    page = as_consultant.get(URL).content.decode()
    assert "opret den første" in page
    assert f'href="{reverse("register:imports")}">Importer en fil' in page


@pytest.mark.parametrize("asked", [{}, {"q": "prøvefirma"}, {"sted": "4320", "km": "100"}])
def test_the_number_of_queries_does_not_grow_with_the_rows(
    consultant: User, operator: Operator, sign_in, asked: dict[str, str]
) -> None:
    def queries(count: int) -> int:
        for _ in range(count):
            firm = OrganisationFactory(operator=operator)
            services.set_tags(firm, ["fælles", firm.name])
            index([firm])
        client = sign_in(User.objects.get(pk=consultant.pk))
        client.get(URL, asked)
        with CaptureQueriesContext(
            connection,
        ) as captured:
            client.get(URL, asked)
        return len(captured)

    assert queries(3) == queries(9)


@pytest.mark.parametrize(
    "asked",
    [
        {"q": "\x00"},
        {"q": "🙂" * 5000},
        {"q": "'; DROP TABLE x; --"},
        {"km": "-5", "sted": "4320"},
        {"km": "1e99", "sted": "4320"},
        {"ansatte": "x"},
        {"maerkat": "999999999999999999999"},
        {"maerkat": "' OR 1=1"},
        {"side": "-1"},
        {"side": "99999999999999999999"},
        {"side": "x"},
        {"branche": "%"},
        {"branche": "²"},
        {"branche": "1" * 5000},
        {"sorter": "password"},
        {"status": "<script>"},
        {"kommune": "\x00"},
        {"sted": "\x00"},
    ],
)
def test_any_question_is_answered(as_consultant: Client, operator: Operator, asked: dict[str, str]) -> None:
    enter(operator, "Smedjen")
    assert as_consultant.get(URL, asked).status_code == 200


def test_each_reads_the_industries_in_their_own_language(as_consultant: Client, operator: Operator) -> None:
    for language, said in (("en", "All industries"), ("da", "Alle brancher"), ("en", "All industries")):
        as_consultant.post("/sprog/", {"language": language, "next": "/"})
        assert f">{said}</option>" in as_consultant.get(URL).content.decode()
