# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""The introduction: written for the consultant, edited, and sent to both parties."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core import mail as outbox
from django.test import Client
from django.utils import timezone

from brobygger.accounts.models import Operator, Role, User
from brobygger.base import mail
from brobygger.base.errors import UserError
from brobygger.base.models import Letter
from brobygger.base.versions import EditedMeanwhile
from brobygger.market.models import Introduction, Listing, Match
from brobygger.market.services import letters as service
from brobygger.market.services.matches import OwnerNotAsked, StageNotReachable
from brobygger.register.models import Affiliation, Organisation
from tests.factories import OrganisationFactory, PersonFactory, user_as
from tests.market.line import Line, make_line, make_taker_line


@pytest.fixture
def line(operator: Operator, consultant: User) -> Line:
    return make_line(operator, consultant)


def introduce(line: Line, **changes: object) -> list[Introduction]:
    subject, body = service.draft(line.match, line.consultant)
    usual = {
        "subject": subject,
        "body": body,
        "sides": ["giver", "taker"],
        "user": line.consultant,
        "version": line.match.version,
    }
    return service.introduce(line.match, **usual | changes)  # type: ignore[arg-type]


def test_the_draft_tells_who_has_what_why_how_far_and_whom_to_call(line: Line) -> None:
    contact = PersonFactory(operator=line.operator, name="Prøve Kontakt", phone="12 34 56 78")
    Affiliation.objects.create(person=contact, organisation=line.match.taker)
    subject, body = service.draft(line.match, line.consultant)
    assert subject == "Prøvebryggeriet og Prøvegården: I bør tale sammen"
    for told in (
        "Vi har 4 tons mask om ugen",
        "Vi søger foder til 120 kvier",
        "Mask bruges som kvægfoder",
        "3,4 km",
        "Prøve Kontakt, 12 34 56 78",
        "bryg@example.invalid",
        "Prøve Konsulent",
        "Erhverv Prøvekommune",
        f"/match/{line.match.pk}/",
    ):
        assert told in body
    assert "{" not in body


def test_a_taker_that_did_not_ask_gets_other_words(operator: Operator, consultant: User) -> None:
    line = make_taker_line(operator, consultant)
    _subject, body = service.draft(line.match, consultant)
    assert "har ikke selv bedt om det" in body


def test_braces_in_what_people_wrote_stay_as_they_are(operator: Operator, consultant: User) -> None:
    line = make_line(operator, consultant, have={"text": "Vi har {modtager} og {0.__class__}"})
    _subject, body = service.draft(line.match, consultant)
    assert "Vi har {modtager} og {0.__class__}" in body


def test_each_party_gets_a_letter_with_answers_to_the_consultant(line: Line) -> None:
    introduce(line)
    letters = Letter.objects.order_by("to")
    assert [letter.to for letter in letters] == [["bryg@example.invalid"], ["gaard@example.invalid"]]
    assert {letter.reply_to for letter in letters} == {line.consultant.email}
    assert line.fresh().stage == Match.Stage.INTRODUCED


def test_the_letters_go_out_and_say_what_the_consultant_wrote(line: Line) -> None:
    introduce(line, body="Kære begge. Tal sammen!")
    assert mail.send_due() == 2
    assert {message.body for message in outbox.outbox} == {"Kære begge. Tal sammen!"}


def test_a_follow_up_is_set_so_that_nobody_forgets(line: Line) -> None:
    day = timezone.localdate() + timedelta(days=14)
    introduce(line, follow_up_on=day)
    assert line.fresh().follow_up_on == day


def test_a_follow_up_is_not_proposed_for_a_day_that_is_gone(line: Line, as_consultant: Client) -> None:
    gone = timezone.localdate() - timedelta(days=3)
    Match.objects.filter(pk=line.match.pk).update(follow_up_on=gone)
    page = as_consultant.get(f"/match/{line.match.pk}/introduktion/").content.decode()
    assert gone.isoformat() not in page
    assert service.follow_up_default().isoformat() in page


def test_pressing_send_twice_sends_once(line: Line) -> None:
    version = line.match.version
    introduce(line)
    with pytest.raises(EditedMeanwhile):
        service.introduce(
            line.fresh(), subject="a", body="b", sides=["giver"], user=line.consultant, version=version
        )
    assert Letter.objects.count() == 2


def test_a_missing_address_is_named_and_nothing_is_sent(line: Line) -> None:
    Organisation.objects.filter(pk=line.match.taker_id).update(email="")
    line.match = line.fresh()
    with pytest.raises(service.MissingAddress, match="Prøvegården har ingen e-mail"):
        introduce(line)
    assert not Letter.objects.exists()
    assert line.fresh().stage == Match.Stage.CHOSEN


def test_the_one_with_an_address_can_be_written_to_alone(line: Line) -> None:
    Organisation.objects.filter(pk=line.match.taker_id).update(email="")
    line.match = line.fresh()
    introduce(line, sides=["giver"])
    assert Letter.objects.get().to == ["bryg@example.invalid"]


@pytest.mark.parametrize("changes", [{"subject": ""}, {"body": " \x00 "}, {"sides": []}])
def test_an_empty_letter_is_not_sent(line: Line, changes: dict[str, object]) -> None:
    with pytest.raises(UserError):
        introduce(line, **changes)
    assert not Letter.objects.exists()


def test_a_confidential_owner_who_was_not_asked_gets_nobody_a_letter(
    operator: Operator, consultant: User
) -> None:
    line = make_line(operator, consultant, need={"visibility": Listing.Visibility.BROKER})
    with pytest.raises(OwnerNotAsked):
        introduce(line)
    assert not Letter.objects.exists()


def test_what_is_agreed_is_not_introduced_again(line: Line) -> None:
    line.agreed()
    with pytest.raises(StageNotReachable):
        introduce(line)


def test_people_known_to_a_neighbouring_office_stay_with_it(line: Line) -> None:
    theirs = OrganisationFactory(email="info@example.invalid")
    contact = PersonFactory(operator=theirs.operator, name="Nabokontakt")
    Affiliation.objects.create(person=contact, organisation=theirs)
    Match.objects.filter(pk=line.match.pk).update(taker=theirs)
    party = service.parties(line.fresh())[1]
    assert (party.name, party.email) == ("", "info@example.invalid")


# In the browser ---------------------------------------------------------------------------------


def typed(line: Line, **changes: object) -> dict[str, object]:
    return {
        "to": ["giver", "taker"],
        "subject": "I bør tale sammen",
        "body": "Kære begge",
        "follow_up_on": "",
        "opened_version": line.match.version,
    } | changes


def test_the_consultant_edits_and_sends(as_consultant: Client, line: Line) -> None:
    page = f"{line.at}introduktion/"
    assert "Vi har 4 tons mask om ugen" in as_consultant.get(page).content.decode()
    response = as_consultant.post(page, typed(line), follow=True)
    assert "lagt i udbakken" in response.content.decode()
    assert "Venter på at blive sendt" in response.content.decode()
    assert {letter.body for letter in Letter.objects.all()} == {"Kære begge"}


def test_whoever_sends_the_same_letter_twice_is_told_to_look_first(as_consultant: Client, line: Line) -> None:
    once = typed(line)
    as_consultant.post(f"{line.at}introduktion/", once)
    told = as_consultant.post(f"{line.at}introduktion/", once)
    assert "Måske er brevet allerede sendt" in told.content.decode()
    assert Introduction.objects.filter(match=line.match).count() == 2


@pytest.mark.parametrize(
    "changes",
    [
        {"subject": "x" * 100_000},
        {"body": "x" * 100_000},
        {"body": "a\x00b", "to": ["fremmed"]},
        {"to": []},
        {"follow_up_on": "i morgen"},
    ],
)
def test_a_letter_that_cannot_be_sent_is_kept_on_the_page(
    as_consultant: Client, line: Line, changes: dict[str, object]
) -> None:
    response = as_consultant.post(f"{line.at}introduktion/", typed(line, **changes))
    assert response.status_code == 200
    assert "Der er noget, der skal rettes" in response.content.decode()
    assert not Letter.objects.exists()


def test_the_page_says_whose_address_is_missing_and_where_to_write_it(
    as_consultant: Client, line: Line
) -> None:
    Organisation.objects.filter(pk=line.match.taker_id).update(email="")
    for page in (line.at, f"{line.at}introduktion/"):
        shown = as_consultant.get(page).content.decode()
        assert "Prøvegården har ingen e-mail" in shown
        assert f"/virksomheder/{line.match.taker_id}/" in shown


def stuck_letter(line: Line, **fields: object) -> Letter:
    introduce(line)
    letter = Letter.objects.get(to=["gaard@example.invalid"])
    Letter.objects.filter(pk=letter.pk).update(**fields)
    line.match = line.fresh()
    return letter


def test_a_letter_that_failed_is_shown_with_the_reason_and_sent_again(
    as_consultant: Client, line: Line
) -> None:
    letter = stuck_letter(line, state="failed", attempts=12, last_error="550 No such user")
    assert "550 No such user" in as_consultant.get(line.at).content.decode()
    as_consultant.post(f"{line.at}brev/{letter.pk}/", {"do": "again"})
    letter.refresh_from_db()
    assert (letter.state, letter.attempts) == (Letter.State.WAITING, 0)


def test_a_letter_nobody_knows_of_is_shown_as_unsure_and_settled_by_a_person(
    as_consultant: Client, line: Line
) -> None:
    letter = stuck_letter(line, state="sending", try_after=timezone.now() - timedelta(minutes=11))
    assert "Vi ved ikke, om det kom frem" in as_consultant.get(line.at).content.decode()
    as_consultant.post(f"{line.at}brev/{letter.pk}/", {"do": "sent"})
    letter.refresh_from_db()
    assert letter.state == Letter.State.SENT


def test_a_letter_that_got_through_meanwhile_is_not_sent_again(as_consultant: Client, line: Line) -> None:
    letter = stuck_letter(line, state="sent")
    response = as_consultant.post(f"{line.at}brev/{letter.pk}/", {"do": "again"}, follow=True)
    assert "i mellemtiden sendt" in response.content.decode()
    letter.refresh_from_db()
    assert letter.state == Letter.State.SENT


def test_the_second_letter_is_proposed_to_the_one_whose_first_failed(
    as_consultant: Client, line: Line
) -> None:
    stuck_letter(line, state="failed")
    form = as_consultant.get(f"{line.at}introduktion/").context["form"]
    assert form["to"].value() == ["taker"]


def test_another_offices_letters_cannot_be_touched(line: Line, sign_in) -> None:
    letter = stuck_letter(line, state="failed")
    stranger = sign_in(user_as(Role.CONSULTANT))
    assert stranger.post(f"{line.at}brev/{letter.pk}/", {"do": "again"}).status_code == 404
    assert sign_in(line.brewer()).post(f"{line.at}brev/{letter.pk}/").status_code == 403


def test_a_letter_of_another_match_cannot_be_reached_through_this_one(
    operator: Operator, consultant: User, as_consultant: Client, line: Line
) -> None:
    letter = stuck_letter(line, state="failed")
    other = make_line(operator, consultant)
    assert as_consultant.post(f"{other.at}brev/{letter.pk}/", {"do": "again"}).status_code == 404
