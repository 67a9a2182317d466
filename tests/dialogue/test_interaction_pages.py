# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""The pages of talks: a note in a hurry, the list, one talk, its files; and that nobody else gets in."""

from __future__ import annotations

import re
import uuid
from datetime import timedelta
from io import BytesIO

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from brobygger.accounts.models import AuditEntry, Operator, Role, User
from brobygger.dialogue.models import Attachment, FollowUp, Interaction
from brobygger.market.models import Listing
from brobygger.register import search as register_search
from brobygger.register.models import Affiliation, Organisation
from tests.dialogue.made import day, step, talk
from tests.factories import OperatorFactory, OrganisationFactory, PersonFactory, firm_user, user_as

Kind = Interaction.Kind


@pytest.fixture
def firm(operator: Operator) -> Organisation:
    made = OrganisationFactory(operator=operator, name="Herslev Prøvebryg", postal_code="4000")
    register_search.index([made])
    return made


def text(response) -> str:
    assert response.status_code == 200, response.status_code
    return response.content.decode()


def write(client: Client, firm: Organisation | None, said: str, **typed: object):
    values = {"text": said, "entry_key": str(uuid.uuid4()), **typed}
    if firm:
        values["organisation"] = firm.pk
    return client.post("/samtaler/ny/", values)


def test_the_firm_and_one_text_are_enough(
    as_consultant: Client, firm: Organisation, consultant: User
) -> None:
    person = PersonFactory(operator=firm.operator, name="Lis Holm")
    Affiliation.objects.create(person=person, organisation=firm)
    said = "Besøgte Lis i går. De har 4 tons mask om ugen. Ring igen om 14 dage om prisen."
    answer = write(as_consultant, firm, said)
    made = Interaction.objects.get()
    assert answer["Location"] == f"/samtaler/{made.pk}/?laest=1"
    assert (made.kind, made.on, made.by, made.private) == (Kind.VISIT, day(-1), consultant, True)
    assert list(made.people.all()) == [person]
    planned = FollowUp.objects.get()
    assert (planned.due_on, planned.about, planned.assignee) == (day(14), "Ring igen om prisen", consultant)
    page = text(as_consultant.get(answer["Location"]))
    assert "Opret som har" in page
    assert "Ring igen om prisen" in page


def test_what_was_read_goes_straight_into_a_listing(as_consultant: Client, firm: Organisation) -> None:
    write(as_consultant, firm, "De har 4 tons mask om ugen.")
    page = text(as_consultant.get(f"/samtaler/{Interaction.objects.get().pk}/?laest=1"))
    form = page[page.index('action="/har-og-mangler/ny/"') :]
    fields = dict(re.findall(r'name="(action|organisation|retning|text)" value="([^"]*)"', form))
    assert fields == {
        "action": "read",
        "organisation": str(firm.pk),
        "retning": Listing.Side.HAVE,
        "text": "De har 4 tons mask om ugen.",
    }
    assert "Passer det?" in text(as_consultant.post("/har-og-mangler/ny/", fields))


def test_what_the_person_says_stands_over_the_text(as_consultant: Client, firm: Organisation) -> None:
    write(
        as_consultant,
        firm,
        "Besøgte dem i går. Ring igen om 14 dage.",
        kind=Kind.MEETING,
        on=day(-3).isoformat(),
        read_follow_up_on=day(14).isoformat(),
        follow_up_on="",
        read_follow_up_about="Ring igen",
        follow_up_about="",
        shared="on",
    )
    made = Interaction.objects.get()
    assert (made.kind, made.on, made.private) == (Kind.MEETING, day(-3), False)
    assert not FollowUp.objects.exists()


def test_while_somebody_types_the_fields_follow_the_text_until_they_are_touched(
    as_consultant: Client,
) -> None:
    page = text(as_consultant.post("/samtaler/laes/", {"text": "Ringede i går"}))
    assert re.search(r'<option value="call" selected', page)
    assert f'value="{day(-1).isoformat()}"' in page
    touched = {"text": "Ringede i går", "kind": "mail", "read_kind": "call"}
    assert re.search(r'<option value="mail" selected', text(as_consultant.post("/samtaler/laes/", touched)))
    assert text(as_consultant.post("/samtaler/laes/", {}))
    assert text(as_consultant.post("/samtaler/laes/", {"on": "sludder", "follow_up_on": "31/31"}))


def test_without_javascript_the_firm_is_found_by_its_words(as_consultant: Client, firm: Organisation) -> None:
    assert write(as_consultant, None, "Hej", organisation_search="prøvebryg").status_code == 302
    assert list(Interaction.objects.get().organisations.all()) == [firm]
    other = OrganisationFactory(operator=firm.operator, name="Andet Prøvebryg")
    register_search.index([other])
    page = text(write(as_consultant, None, "Hvilken?", organisation_search="prøvebryg"))
    assert "Vælg virksomheden." in page
    assert page.count('type="radio"') == 2
    assert "Hvilken?" in page
    assert "Vi fandt ingen" in text(write(as_consultant, None, "Hej", organisation_search="qqqq"))
    assert "Skriv, hvilken virksomhed" in text(write(as_consultant, None, "Hej"))


def test_firms_are_proposed_while_somebody_types_from_ones_own_office_only(
    as_consultant: Client, firm: Organisation
) -> None:
    theirs = OrganisationFactory(name="Nabo Prøvebryg")
    register_search.index([theirs])
    page = text(as_consultant.get("/samtaler/find-virksomhed/", {"organisation_search": "prøvebr"}))
    assert "Herslev Prøvebryg" in page
    assert "Nabo" not in page
    assert "Ingen virksomhed" in text(
        as_consultant.get("/samtaler/find-virksomhed/", {"organisation_search": "qqqq"})
    )


def test_a_note_about_somebody_elses_firm_is_not_written(as_consultant: Client) -> None:
    theirs = OrganisationFactory()
    page = text(write(as_consultant, theirs, "Hej"))
    assert theirs.name not in page
    assert not Interaction.objects.exists()


def test_pressing_twice_saves_once(as_consultant: Client, firm: Organisation) -> None:
    key = str(uuid.uuid4())
    first, second = (write(as_consultant, firm, "Hej", entry_key=key) for _ in range(2))
    assert first["Location"] == second["Location"]
    assert Interaction.objects.count() == 1


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({"text": " "}, "Hvad talte I om?"),
        ({"on": day(1).isoformat(), "read_on": "x"}, "Vælg en dag, der har været"),
        ({"on": "i morges", "read_on": "x"}, "Hvornår?"),
        ({"follow_up_on": day(-1).isoformat(), "read_follow_up_on": "x"}, "Vælg en dag fra i dag"),
        ({"follow_up_about": "Ring", "read_follow_up_about": "x"}, "Vælg, hvornår"),
        ({"kind": "seance", "read_kind": "x"}, "Hvad var det?"),
        ({"entry_key": "1"}, "rettes"),
    ],
)
def test_bad_input_is_told_and_nothing_is_lost(as_consultant, firm, typed: dict, told: str) -> None:
    page = text(write(as_consultant, firm, **{"said": typed.pop("text", "Vigtig tekst"), **typed}))
    assert told in page
    assert not Interaction.objects.exists()
    assert "Vigtig tekst" in page or told == "Hvad talte I om?"


def test_the_list_is_narrowed_in_every_way(as_consultant: Client, firm, consultant: User, head: User) -> None:
    other = OrganisationFactory(operator=firm.operator, name="Kragebo Savværk")
    register_search.index([other])
    visit = talk(firm, consultant, text="Ny kedel")
    call = talk(other, head, kind=Kind.CALL, on=day(-40), text="Om flis", by=head)
    talk_of_others = talk(
        theirs := OrganisationFactory(name="Naboens Gartneri"), user_as(Role.CONSULTANT, theirs.operator)
    )

    def listed(**asked: object) -> set[int]:
        page = text(as_consultant.get("/samtaler/", asked))
        return {int(pk) for pk in re.findall(r'href="/samtaler/(\d+)/"', page)}

    assert listed() == {visit.pk, call.pk}
    assert listed(q="kedlen") == listed(art="visit") == listed(fra=day(-3).isoformat()) == {visit.pk}
    assert listed(firma="kragebo") == listed(hvem=head.pk) == listed(til=day(-3).isoformat()) == {call.pk}
    assert listed(virksomhed=firm.pk) == {visit.pk}
    assert listed(virksomhed=theirs.pk) == listed(firma=theirs.name) == listed(q="ukendtord") == set()
    assert listed(art="x", hvem="y", fra="z", virksomhed="æ", side="9") == {visit.pk, call.pk}
    assert talk_of_others.pk not in listed(q="bygger")


def test_the_list_asks_few_questions_however_long(as_consultant: Client, firm, consultant: User) -> None:
    def questions() -> int:
        with CaptureQueriesContext(
            connection,
        ) as asked:
            text(as_consultant.get("/samtaler/"))
        return len(asked)

    talk(firm, consultant)
    few = questions()
    for number in range(12):
        talk(OrganisationFactory(operator=firm.operator), consultant, text=f"Nummer {number}")
    assert questions() == few


def test_the_workbook_holds_the_list_without_the_firms_people(
    as_consultant: Client, firm, consultant: User
) -> None:
    person = PersonFactory(operator=firm.operator, name="Hemmelig Kontakt")
    talk(firm, consultant, people=[person], text="=1+1", on=day(-2))
    talk(firm, consultant, kind=Kind.CALL, text="Andet")
    answer = as_consultant.get("/samtaler/regneark/", {"art": "visit"})
    rows = list(openpyxl.load_workbook(BytesIO(answer.content)).active.values)
    assert len(rows) == 2
    assert rows[1][0].date() == day(-2)
    assert rows[1][3] == firm.name
    assert rows[1][6] == "=1+1"
    assert "Hemmelig Kontakt" not in str(rows)
    assert AuditEntry.objects.get(action="export").about == "Samtaler"


def test_a_talk_is_corrected_with_more_firms_and_people(
    as_consultant: Client, firm, consultant: User
) -> None:
    other = OrganisationFactory(operator=firm.operator, name="Kragebo Savværk")
    register_search.index([other])
    person = PersonFactory(operator=firm.operator)
    Affiliation.objects.create(person=person, organisation=firm)
    made = talk(firm, consultant)
    address = f"/samtaler/{made.pk}/ret/"
    assert "De bygger nyt" in text(as_consultant.get(address))
    typed = {
        "kind": Kind.MAYOR_VISIT, "on": day(-1).isoformat(), "clock": "10:30", "by": consultant.pk,
        "organisations": [firm.pk], "more_organisations": "kragebo", "people": [person.pk],
        "participants": "Borgmesteren", "text": "Rettet", "minutes": "Referatet", "shared": "on",
        "opened_version": made.version,
    }  # fmt: skip
    assert as_consultant.post(address, typed).status_code == 302
    made.refresh_from_db()
    assert (made.kind, str(made.clock), made.private) == (Kind.MAYOR_VISIT, "10:30:00", False)
    assert set(made.organisations.all()) == {firm, other}
    assert list(made.people.all()) == [person]
    page = text(as_consultant.get(made.get_absolute_url()))
    assert "Referatet" in page
    assert "kl. 10:30" in page
    kept_back = {name: value for name, value in typed.items() if name not in ("shared", "more_organisations")}
    again = as_consultant.post(address, {**kept_back, "text": "Fra en anden", "people": []})
    assert again.status_code == 409
    told = {field: (mine, theirs) for field, mine, theirs in again.context["conflict"]}
    assert told["Virksomheden må læse notatet"] == ("nej", "ja")
    assert told["Virksomheder"] == (firm.name, " og ".join(sorted([firm.name, other.name])))
    assert told["Hvad talte I om?"] == ("Fra en anden", "Rettet")
    assert len(told) == 4
    assert "Fra en anden" in again.content.decode()
    assert "Rettet" in again.content.decode()


@pytest.mark.parametrize(
    "typed",
    [
        {"organisations": []},
        {"more_organisations": "qqqq"},
        {"by": 999999},
        {"people": ["999999"]},
        {"clock": "25:00"},
        {"on": ""},
        {"text": ""},
        {"organisations": ["x" * 30]},
    ],
)
def test_a_bad_correction_is_told(as_consultant: Client, firm, consultant: User, typed: dict) -> None:
    person = PersonFactory(operator=firm.operator)
    Affiliation.objects.create(person=person, organisation=firm)
    made = talk(firm, consultant)
    whole = {
        "kind": "call", "on": day().isoformat(), "by": consultant.pk, "organisations": [firm.pk], "text": "Rettet",
        "opened_version": 1,
    }  # fmt: skip
    answer = as_consultant.post(f"/samtaler/{made.pk}/ret/", {**whole, **typed})
    assert answer.status_code == 200
    made.refresh_from_db()
    assert made.text == "De bygger nyt"


def test_deleting_asks_first(as_consultant: Client, firm, consultant: User) -> None:
    made = talk(firm, consultant)
    assert "revisionssporet" in text(as_consultant.get(f"/samtaler/{made.pk}/slet/"))
    assert Interaction.objects.exists()
    assert as_consultant.post(f"/samtaler/{made.pk}/slet/").status_code == 302
    assert not Interaction.objects.exists()


def test_a_file_is_attached_downloaded_and_deleted(as_consultant: Client, firm, consultant: User) -> None:
    made = talk(firm, consultant)
    bad = as_consultant.post(f"/samtaler/{made.pk}/bilag/", {"file": SimpleUploadedFile("a.exe", b"MZ")})
    assert "kan ikke vedhæftes" in text(bad)
    as_consultant.post(f"/samtaler/{made.pk}/bilag/", {"file": SimpleUploadedFile("plan.pdf", b"%PDF-1.7")})
    attachment = Attachment.objects.get()
    answer = as_consultant.get(f"/bilag/{attachment.pk}/")
    assert b"".join(answer.streaming_content) == b"%PDF-1.7"
    assert answer["Content-Disposition"] == 'attachment; filename="plan.pdf"'
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "plan.pdf" in text(as_consultant.get(f"/bilag/{attachment.pk}/slet/"))
    as_consultant.post(f"/bilag/{attachment.pk}/slet/")
    assert not Attachment.objects.exists()


def test_nobody_else_gets_in(firm: Organisation, consultant: User, sign_in) -> None:
    made, planned = talk(firm, consultant), step(firm, consultant)
    client = sign_in(consultant)
    client.post(f"/samtaler/{made.pk}/bilag/", {"file": SimpleUploadedFile("plan.pdf", b"%PDF-1.7")})
    file = Attachment.objects.get()
    addresses = [
        f"/samtaler/{made.pk}/", f"/samtaler/{made.pk}/ret/", f"/samtaler/{made.pk}/slet/", f"/bilag/{file.pk}/",
        f"/bilag/{file.pk}/slet/", f"/opfoelgninger/{planned.pk}/", f"/opfoelgninger/{planned.pk}/slet/",
        f"/opfoelgninger/ny/{firm.pk}/",
    ]  # fmt: skip
    neighbour, own = sign_in(user_as(Role.HEAD, OperatorFactory())), sign_in(firm_user(firm))
    for address in addresses:
        for other in (neighbour, own, Client()):
            assert other.get(address).status_code in (302, 403, 404), address
            assert other.post(address, {"opened_version": 1}).status_code in (302, 403, 404), address
    for address in (f"/samtaler/{made.pk}/bilag/", f"/opfoelgninger/{planned.pk}/gjort/"):
        assert neighbour.post(address, {"opened_version": 1}).status_code == 404
        assert own.post(address).status_code == 403
    assert Interaction.objects.get().attachments.count() == 1
    assert not FollowUp.objects.get().is_done
    assert Interaction.objects.get().version == 1


def test_a_firm_downloads_the_file_of_a_talk_it_may_read(
    firm: Organisation, consultant: User, sign_in
) -> None:
    made = talk(firm, consultant, private=False)
    sign_in(consultant).post(
        f"/samtaler/{made.pk}/bilag/", {"file": SimpleUploadedFile("p.pdf", b"%PDF-1.7")}
    )
    file = Attachment.objects.get()
    assert sign_in(firm_user(firm)).get(f"/bilag/{file.pk}/").status_code == 200
    stranger = firm_user(OrganisationFactory(operator=firm.operator))
    assert sign_in(stranger).get(f"/bilag/{file.pk}/").status_code == 404
    assert sign_in(stranger).post(f"/bilag/{file.pk}/slet/").status_code == 403


def test_follow_ups_are_planned_put_off_and_done(
    as_consultant: Client, firm, consultant: User, head: User
) -> None:
    new = f"/opfoelgninger/ny/{firm.pk}/"
    assert firm.name in text(as_consultant.get(new))
    assert "Vælg en dag fra i dag" in text(
        as_consultant.post(new, {"about": "Ring", "due_on": day(-1).isoformat(), "assignee": consultant.pk})
    )
    as_consultant.post(new, {"about": "Ring", "due_on": day(2).isoformat(), "assignee": consultant.pk})
    planned = FollowUp.objects.get()
    page = text(as_consultant.get(f"/opfoelgninger/{planned.pk}/"))
    assert "Markér som gjort" in page
    later = {"about": "Ring til Lis", "due_on": day(9).isoformat(), "assignee": head.pk, "opened_version": 1}
    as_consultant.post(f"/opfoelgninger/{planned.pk}/", later)
    planned.refresh_from_db()
    assert (planned.due_on, planned.about, planned.assignee) == (day(9), "Ring til Lis", head)
    assert as_consultant.post(f"/opfoelgninger/{planned.pk}/", later).status_code == 409
    assert "Ring til Lis" not in text(as_consultant.get("/opfoelgninger/"))
    assert "Ring til Lis" in text(as_consultant.get("/opfoelgninger/?vis=alle"))
    as_consultant.post(f"/opfoelgninger/{planned.pk}/gjort/", {"opened_version": 2})
    planned.refresh_from_db()
    assert planned.done_by == consultant
    assert "Ring til Lis" in text(as_consultant.get("/opfoelgninger/?vis=alle&gjort=1"))
    assert "ikke gjort alligevel" in text(as_consultant.get(f"/opfoelgninger/{planned.pk}/"))
    as_consultant.post(f"/opfoelgninger/{planned.pk}/tag-op/", {"opened_version": 3})
    planned.refresh_from_db()
    assert not planned.is_done


def test_the_second_to_say_done_is_told_who_was_first(
    as_consultant: Client, firm, consultant, head, sign_in
) -> None:
    planned = step(firm, consultant)
    address = f"/opfoelgninger/{planned.pk}/gjort/"
    sign_in(head).post(address, {"opened_version": 1})
    for version in ("1", "2", "x"):
        as_consultant.post(address, {"opened_version": version})
    planned.refresh_from_db()
    assert planned.done_by == head
    page = text(as_consultant.get("/opfoelgninger/"))
    assert f"{head} har allerede gjort det." in page
    assert "En anden har gemt" in page


def test_a_redirect_after_done_stays_in_the_house(as_consultant: Client, firm, consultant: User) -> None:
    first, second = step(firm, consultant), step(firm, consultant)
    home = as_consultant.post(f"/opfoelgninger/{first.pk}/gjort/", {"opened_version": 1, "next": "/i-dag/"})
    away = as_consultant.post(
        f"/opfoelgninger/{second.pk}/gjort/", {"opened_version": 1, "next": "https://evil.invalid/"}
    )
    assert (home["Location"], away["Location"]) == ("/i-dag/", "/opfoelgninger/")


def test_an_overdue_step_is_corrected_without_moving_it(
    as_consultant: Client, firm, consultant: User
) -> None:
    planned = step(firm, consultant)
    FollowUp.objects.filter(pk=planned.pk).update(due_on=day() - timedelta(3))
    as_consultant.post(
        f"/opfoelgninger/{planned.pk}/",
        {"about": "Ring nu", "due_on": day(-3).isoformat(), "assignee": "", "opened_version": 1},
    )
    planned.refresh_from_db()
    assert (planned.about, planned.due_on, planned.assignee) == ("Ring nu", day(-3), None)


def test_a_step_that_is_not_to_be_done_is_deleted_and_recorded(
    as_consultant: Client, firm, consultant: User
) -> None:
    planned = step(firm, consultant)
    assert "Ring om prisen" in text(as_consultant.get(f"/opfoelgninger/{planned.pk}/slet/"))
    as_consultant.post(f"/opfoelgninger/{planned.pk}/slet/")
    assert not FollowUp.objects.exists()
    assert not FollowUp.history.exists()
    assert AuditEntry.objects.filter(action="follow_up_deleted", about__contains=firm.name).exists()


def test_follow_ups_are_narrowed_to_a_colleague_to_what_is_late_and_by_words_and_taken_along(
    as_consultant: Client, firm: Organisation, consultant: User, head: User
) -> None:
    step(firm, consultant, about="Ring om prisen")
    late = step(firm, head, about="Send budgettet")
    FollowUp.objects.filter(pk=late.pk).update(due_on=day(-3))
    address = "/opfoelgninger/"

    def listed(**asked: object) -> set[str]:
        page = text(as_consultant.get(address, asked))
        return {about for about in ("Ring om prisen", "Send budgettet") if about in page}

    both = {"Ring om prisen", "Send budgettet"}
    assert listed() == {"Ring om prisen"}
    assert listed(vis="alle") == both
    assert listed(hvem=head.pk) == {"Send budgettet"}
    assert listed(vis="alle", forsinket="on") == {"Send budgettet"}
    assert listed(vis="alle", q="prisen") == {"Ring om prisen"}
    assert listed(vis="alle", hvem="9" * 30) == both
    assert "Ingen opfølgninger passer." in text(as_consultant.get(address, {"q": "findes ikke"}))
    file = as_consultant.get("/opfoelgninger/regneark/", {"vis": "alle", "forsinket": "on"})
    rows = list(openpyxl.load_workbook(BytesIO(file.content)).active.iter_rows(values_only=True))
    assert [(row[1], row[3]) for row in rows[1:]] == [(firm.name, "Send budgettet")]


def test_the_firm_of_a_note_is_not_called_voluntary(as_consultant: Client) -> None:
    page = as_consultant.get("/samtaler/ny/").content.decode()
    assert "Find virksomheden</label>" in page
