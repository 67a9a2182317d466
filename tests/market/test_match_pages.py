# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""What a consultant and a firm see of a match, and who sees nothing."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO

import openpyxl
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from brobygger.accounts.models import Operator, Role, User
from brobygger.market.models import Listing, Match, MatchNote
from brobygger.market.services.matches import write_note
from tests.factories import (
    DeliveryFactory,
    ListingFactory,
    MatchFactory,
    OrganisationFactory,
    firm_user,
    user_as,
)
from tests.market.line import Line, make_line


@pytest.fixture
def line(operator: Operator, consultant: User) -> Line:
    return make_line(operator, consultant)


def text(response) -> str:
    assert response.status_code == 200, response.status_code
    return response.content.decode()


@pytest.mark.parametrize(
    ("stage", "next_step"),
    [
        (Match.Stage.CHOSEN, "Skriv introduktionen"),
        (Match.Stage.INTRODUCED, "De er i dialog"),
        (Match.Stage.DIALOGUE, "Skriv aftalen"),
        (Match.Stage.AGREED, "Indberet en leverance"),
        (Match.Stage.RUNNING, "Afslut"),
        (Match.Stage.ENDED, "De er i gang igen"),
    ],
)
def test_the_page_says_what_to_do_next(as_consultant: Client, line: Line, stage: str, next_step: str) -> None:
    line.at_stage(stage)
    assert next_step in text(as_consultant.get(line.at))


def test_a_firm_says_we_where_the_office_says_they(line: Line, sign_in) -> None:
    line.at_stage(Match.Stage.INTRODUCED)
    brewer = sign_in(line.brewer())
    page = text(brewer.get(line.at))
    assert "Vi taler sammen" in page
    assert "De er i dialog" not in page
    why = text(brewer.get(f"{line.at}ikke-til-noget/"))
    assert "Vi handler allerede sammen" in why
    assert "De ønsker ikke hinanden" not in why


def test_the_page_of_a_running_match_shows_what_moved_and_what_it_is_worth(
    as_consultant: Client, line: Line
) -> None:
    agreement = line.agreed(price="150", unit="t")
    for days in (1, 40):
        agreement.deliveries.create(
            on=timezone.localdate() - timedelta(days=days), quantity=4, unit="t", tonnes=4
        )
    page = text(as_consultant.get(line.at))
    assert "8 tons" in page
    assert "1.200 kr." in page
    assert "bb-chart" in page


def test_where_the_mash_became_flour_the_page_says_that_the_co2e_of_feed_does_not_hold(
    as_consultant: Client, line: Line
) -> None:
    Listing.objects.filter(pk=line.match.need_id).update(resource_type="spent_grain_flour")
    DeliveryFactory(agreement=line.agreed(), quantity=4, tonnes=4)
    page = text(as_consultant.get(line.at))
    assert "ukendt for denne brug; tallet for mask gælder brug som kvægfoder" in page
    assert "kg sparet" not in page


def test_a_delivery_without_a_weight_is_said_to_be_left_out(as_consultant: Client, line: Line) -> None:
    DeliveryFactory(agreement=line.agreed(), quantity=3, unit="palle", tonnes=None)
    assert "1 leverance kan ikke regnes om til tons" in text(as_consultant.get(line.at))


def test_a_firm_sees_its_match_and_the_other_partys_contact_but_not_the_offices_notes(
    line: Line, sign_in
) -> None:
    write_note(line.match, "Hemmelig vurdering af prisen", line.consultant, private=True)
    write_note(line.match, "Husk at ringe i høsten", line.consultant, private=False)
    line.at_stage(Match.Stage.INTRODUCED)
    page = text(sign_in(line.brewer()).get(line.at))
    assert "gaard@example.invalid" in page
    assert "Husk at ringe i høsten" in page
    assert "Hemmelig vurdering" not in page
    assert "Skriv aftalen" not in page
    assert "Historik" not in page


@pytest.mark.parametrize(
    ("stage", "address", "sent"),
    [
        (Match.Stage.INTRODUCED, "videre/", {"to": "dialogue"}),
        (Match.Stage.DIALOGUE, "ikke-til-noget/", {"reason": "price", "note": "For dyrt"}),
    ],
)
def test_whoever_presses_twice_is_not_told_that_somebody_else_was_there(
    as_consultant: Client, line: Line, operator: Operator, sign_in, stage: str, address: str, sent: dict
) -> None:
    sent = sent | {"opened_version": line.at_stage(stage).version}
    for _ in range(2):
        page = text(as_consultant.post(f"{line.at}{address}", sent, follow=True))
        assert "En anden" not in page
    assert MatchNote.objects.filter(match=line.match).exclude(stage="").count() == 2
    colleague = sign_in(user_as(Role.CONSULTANT, operator))
    assert "En anden" in colleague.post(f"{line.at}{address}", sent, follow=True).content.decode()


def test_a_note_sent_twice_by_one_press_too_many_stands_once(line: Line, sign_in) -> None:
    line.at_stage(Match.Stage.INTRODUCED)
    brewer = sign_in(line.brewer())
    for _ in range(2):
        brewer.post(f"{line.at}note/", {"note-text": "Vi ringer på mandag"})
    mine = MatchNote.objects.filter(match=line.match, text="Vi ringer på mandag")
    assert mine.count() == 1
    write_note(line.match, "Godt", line.consultant, private=False)
    brewer.post(f"{line.at}note/", {"note-text": "Vi ringer på mandag"})
    assert mine.count() == 2, "said again after somebody answered is said again"


def test_a_firm_does_not_see_a_match_before_the_introduction(line: Line, sign_in) -> None:
    assert sign_in(line.brewer()).get(line.at).status_code == 404


def test_a_firm_never_sees_a_match_that_fell_through_before_the_introduction(line: Line, sign_in) -> None:
    line.at_stage(Match.Stage.FELL_THROUGH, why_not="unwanted", have_shown=False, need_shown=False)
    assert sign_in(line.brewer()).get(line.at).status_code == 404


def test_a_firm_does_not_see_why_the_office_gave_up(line: Line, sign_in) -> None:
    line.at_stage(Match.Stage.FELL_THROUGH, why_not="unwanted", why_not_note="De er uvenner")
    page = text(sign_in(line.brewer()).get(line.at))
    assert "uvenner" not in page
    assert "ønsker ikke hinanden" not in page


def test_the_parties_keep_their_match_when_the_listing_is_fulfilled(line: Line, sign_in) -> None:
    line.at_stage(Match.Stage.RUNNING)
    Listing.objects.update(status=Listing.Status.FULFILLED)
    assert sign_in(line.farmer()).get(line.at).status_code == 200


def test_strangers_and_neighbours_are_told_that_the_page_is_not_there(line: Line, sign_in) -> None:
    line.at_stage(Match.Stage.RUNNING)
    neighbour = user_as(Role.CONSULTANT)
    stranger = firm_user(MatchFactory(have__organisation__operator=line.operator).giver)
    for person in (neighbour, stranger, user_as(Role.ADMIN, line.operator)):
        assert sign_in(person).get(line.at).status_code == 404


OFFICE_PAGES = (
    "introduktion/",
    "aftale/",
    "opfoelgning/",
    "sagt-ja/have/",
)


@pytest.mark.parametrize("page", OFFICE_PAGES)
def test_the_offices_pages_are_closed_to_firms(line: Line, sign_in, page: str) -> None:
    line.at_stage(Match.Stage.INTRODUCED)
    assert sign_in(line.brewer()).get(line.at + page).status_code == 403


@pytest.mark.parametrize("page", [*OFFICE_PAGES, "leverance/", "udbytte/", "ikke-til-noget/"])
def test_the_pages_of_a_match_are_not_there_for_a_neighbouring_office(line: Line, sign_in, page: str) -> None:
    line.agreed()
    assert sign_in(user_as(Role.CONSULTANT)).get(line.at + page).status_code == 404


def test_a_visitor_is_asked_to_sign_in(client: Client, line: Line) -> None:
    assert client.get(line.at).status_code == 302
    assert client.get("/match/").status_code == 302


def test_the_list_shows_the_operators_matches_and_says_who_and_how_far(
    as_consultant: Client, line: Line
) -> None:
    page = text(as_consultant.get("/match/"))
    assert "Prøvebryggeriet → Prøvegården" in page
    assert "Valgt, ikke sat i forbindelse endnu" in page


def test_an_empty_list_says_what_to_do_next(as_consultant: Client) -> None:
    assert "Se forslagene" in text(as_consultant.get("/match/"))


def test_a_partner_without_a_firm_is_not_asked_what_it_has(line: Line, sign_in) -> None:
    partner = sign_in(user_as(Role.PARTNER, line.operator))
    page = text(partner.get("/match/"))
    assert "Skriv, hvad I har og mangler" not in page
    assert "Du er ikke knyttet til en virksomhed" in page
    for which in ("have", "need"):
        asked = text(partner.get(f"/har-og-mangler/ny/?retning={which}"))
        assert "Hvad har I?" not in asked
        assert "Hvad mangler I?" not in asked
    assert "Skriv, hvad I har og mangler" in text(
        sign_in(firm_user(OrganisationFactory(operator=line.operator))).get("/match/")
    )


def test_the_list_is_narrowed_by_stage_words_kind_and_who(
    as_consultant: Client, line: Line, operator: Operator
) -> None:
    other = MatchFactory(
        have__organisation__operator=operator,
        have__organisation__name="Prøvesavværket",
        have__kind=Listing.Kind.MATERIAL,
        stage=Match.Stage.RUNNING,
    )
    for query, seen, hidden in [
        ("stage=running", "Prøvesavværket", "Prøvebryggeriet"),
        ("q=bryggeriet", "Prøvebryggeriet", "Prøvesavværket"),
        ("slags=material", "Prøvesavværket", "Prøvebryggeriet"),
        ("mine=true", "Prøvebryggeriet", "Prøvesavværket"),
    ]:
        page = text(as_consultant.get(f"/match/?{query}"))
        assert seen in page, query
        assert hidden not in page, query
    assert other.consultant is None


def test_the_list_finds_those_that_stand_still(as_consultant: Client, line: Line, operator: Operator) -> None:
    MatchFactory(have__organisation__operator=operator, have__organisation__name="Prøvesavværket")
    Match.objects.filter(pk=line.match.pk).update(stage_at=timezone.now() - timedelta(days=4))
    page = text(as_consultant.get("/match/?venter=true"))
    assert "Prøvebryggeriet" in page
    assert "Prøvesavværket" not in page


def test_a_long_list_is_turned_page_by_page_the_latest_first(
    as_consultant: Client, operator: Operator
) -> None:
    now = timezone.now()
    made = [
        str(MatchFactory(have__organisation__operator=operator, stage_at=now - timedelta(days=days)).pk)
        for days in range(27)
    ]
    seen = [
        str(match.pk)
        for side in (1, 2)
        for match in as_consultant.get(f"/match/?side={side}").context["page"]
    ]
    assert seen == made


@pytest.mark.parametrize("query", ["stage=findes-ikke", "side=999", "side=æ", "q=%00", "q=" + "x" * 5000])
def test_a_wild_address_still_gives_a_page(as_consultant: Client, line: Line, query: str) -> None:
    assert as_consultant.get(f"/match/?{query}").status_code == 200


def test_the_lists_queries_do_not_grow_with_its_rows(as_consultant: Client, operator: Operator) -> None:
    counts = []
    for more in (3, 9):
        for _number in range(more):
            MatchFactory(have__organisation__operator=operator)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            as_consultant.get("/match/")
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_the_pages_queries_do_not_grow_with_its_deliveries_and_notes(
    as_consultant: Client, line: Line
) -> None:
    agreement = line.agreed()
    counts = []
    for more in (2, 8):
        for number in range(more):
            DeliveryFactory(agreement=agreement, reported_by=line.consultant)
            MatchNote.objects.create(match=line.match, by=line.consultant, text=f"Note {number}")
        with CaptureQueriesContext(connection) as queries:
            as_consultant.get(line.at)
        counts.append(len(queries))
    assert counts[0] == counts[1]


def read(response) -> list[list[object]]:
    book = openpyxl.load_workbook(BytesIO(response.content))
    return [[cell.value for cell in row] for row in book.active.rows]


def test_the_office_gets_the_list_as_a_workbook(as_consultant: Client, line: Line) -> None:
    line.match.giver.name = "=HYPERLINK(1)"
    line.match.giver.save()
    rows = read(as_consultant.get("/match/excel/"))
    assert rows[0][:2] == ["Giver", "Modtager"]
    assert "Konsulent" in rows[0]
    assert rows[1][0] == "=HYPERLINK(1)"


def test_a_firms_workbook_holds_only_its_own_matches_and_not_the_offices_columns(line: Line, sign_in) -> None:
    brewer = line.brewer()
    line.at_stage(Match.Stage.RUNNING)
    MatchFactory(have=ListingFactory(organisation=line.match.giver), taker=line.match.taker)
    rows = read(sign_in(brewer).get("/match/excel/"))
    assert len(rows) == 2
    assert "Konsulent" not in rows[0]
    assert "Bemærkning" not in rows[0]
