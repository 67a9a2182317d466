# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""What is done in a case by others is news to the office, and its officer is written to once."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from brobygger.accounts import morning
from brobygger.accounts.models import Role
from brobygger.cases.models import CaseEvent
from brobygger.cases.services import contents, documents, opening, waiting
from brobygger.cases.services.moving import move
from brobygger.register.models import Affiliation
from tests.cases.made import day, fresh, opened, press, shown, trial
from tests.cases.told.made import to
from tests.factories import PersonFactory, user_as

PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


def test_what_a_firm_does_is_news_until_the_officer_has_opened_the_case(
    case, owner, consultant, as_consultant
) -> None:
    assert "Nyt i sager" not in shown(as_consultant, "/i-dag/")
    contents.message(case, "Hvornår hører vi fra jer?", user=owner)
    page = shown(as_consultant, "/i-dag/")
    assert "Nyt i sager" in page
    assert "Besked fra ansøger" in page
    assert "Nyt</span>" in shown(as_consultant, "/sager/")
    assert case.title in shown(as_consultant, "/sager/?status=news")
    assert "Besked fra ansøger" in morning.body(consultant, day())
    assert "Hvornår hører vi" not in morning.body(consultant, day())
    assert "Hvornår hører vi fra jer?" in shown(as_consultant, case.get_absolute_url())
    assert "Nyt i sager" not in shown(as_consultant, "/i-dag/")
    assert case.title not in shown(as_consultant, "/sager/?status=news")


@pytest.mark.parametrize("what", ["answer", "file", "fields", "withdraw", "duty"])
def test_everything_a_firm_can_do_is_news(case, owner, consultant, what) -> None:
    if what == "answer":
        asked = waiting.pause(case, "applicant", user=consultant, text="Send budgettet")
        waiting.resume(case, asked, user=owner, text="Her")
    elif what == "file":
        documents.add(case, SimpleUploadedFile("b.pdf", PDF, "application/pdf"), kind="budget", user=owner)
    elif what == "fields":
        contents.fill_in(case, {"purpose": "En kedel"}, user=owner, expected=case.version)
    elif what == "withdraw":
        move(case, "withdraw", user=owner, expected=case.version, reason="Fortrudt")
    else:
        contents.do_duty(
            case, contents.set_duty(case, "r", title="Rapport", due_on=day()), text="Her", user=owner
        )
    assert fresh(case).news is not None
    assert fresh(case).news.by == owner


def test_what_the_office_does_itself_is_no_news(case, consultant) -> None:
    contents.note(case, "Ringede", user=consultant)
    contents.tick(case, ["read"], user=consultant, expected=fresh(case).version)
    assert fresh(case).news is None


def test_a_colleague_who_looks_does_not_hide_it_from_the_officer(
    operator, case, owner, consultant, sign_in
) -> None:
    contents.message(case, "Er I der?", user=owner)
    colleague = sign_in(user_as(Role.CONSULTANT, operator))
    shown(colleague, case.get_absolute_url())
    assert fresh(case).news is not None
    seen = fresh(case).news_id
    contents.message(case, "Hallo?", user=owner)
    press(colleague, f"/sager/{case.pk}/laest/", news=seen)
    assert fresh(case).news is not None, "they had not seen the second one"
    press(colleague, f"/sager/{case.pk}/laest/", news=fresh(case).news_id)
    assert fresh(case).news is None


def test_a_new_case_that_nobody_has_stands_on_everybodys_day_until_it_is_taken(
    operator, firm, owner, consultant, as_consultant
) -> None:
    trial(operator)
    made = opening.open_case(
        operator, "trial", title="Ny kedel", subtype="small", user=owner, organisation=firm
    )
    assert len(to(operator.email)) == 1
    assert "Ny sag" in shown(as_consultant, "/i-dag/")
    shown(as_consultant, made.get_absolute_url())
    assert "Ny kedel" in shown(as_consultant, "/i-dag/")
    press(as_consultant, f"/sager/{made.pk}/tag/", opened_version=fresh(made).version)
    assert fresh(made).officer == consultant
    assert "Ny kedel" not in shown(as_consultant, "/i-dag/")


def test_a_case_given_to_a_colleague_is_news_to_them(operator, case, consultant, sign_in) -> None:
    other = user_as(Role.CONSULTANT, operator)
    opening.assign(case, other, user=consultant, expected=case.version)
    client = sign_in(other)
    assert "Sagen er givet videre" in shown(client, "/i-dag/")
    shown(client, case.get_absolute_url())
    assert "Sagen er givet videre" not in shown(client, "/i-dag/")


def test_the_officer_gets_one_letter_until_the_news_is_read(case, owner, consultant, as_consultant) -> None:
    for text in ("Et", "To", "Tre"):
        contents.message(case, text, user=owner)
    (letter,) = to(consultant)
    assert case.number in letter.subject
    assert "Et" not in letter.body.split()
    shown(as_consultant, case.get_absolute_url())
    contents.message(case, "Fire", user=owner)
    assert len(to(consultant)) == 2


def test_news_that_the_office_made_itself_holds_no_letter_back(
    operator, firm, owner, consultant, as_consultant
) -> None:
    trial(operator)
    made = opening.open_case(
        operator, "trial", title="Ny kedel", subtype="small", user=consultant, organisation=firm
    )
    assert fresh(made).news is not None
    assert not to(operator.email)
    for text in ("Hvornår?", "Hallo?"):
        contents.message(made, text, user=owner)
    assert len(to(operator.email)) == 1
    other = user_as(Role.CONSULTANT, operator)
    case = opened(operator, organisation=firm, officer=consultant)
    opening.assign(case, other, user=consultant, expected=case.version)
    for text in ("Hvornår?", "Hallo?"):
        contents.message(case, text, user=owner)
    assert len(to(other)) == 1
    assert fresh(case).news.kind == CaseEvent.Kind.MESSAGE


def test_giving_a_case_on_does_not_hide_what_came_from_outside_and_the_new_officer_is_told(
    operator, case, owner, consultant, sign_in
) -> None:
    contents.message(case, "Hvornår hører vi?", user=owner)
    other = user_as(Role.CONSULTANT, operator)
    for _ in range(2):
        opening.assign(fresh(case), other, user=consultant, expected=fresh(case).version)
    (letter,) = to(other)
    assert "Besked fra ansøger" in letter.subject
    assert "Besked fra ansøger" in shown(sign_in(other), "/i-dag/")
    contents.message(case, "Er I der?", user=owner)
    assert (len(to(other)), len(to(consultant))) == (1, 1)
    opening.assign(fresh(case), None, user=consultant, expected=fresh(case).version)
    assert len(to(operator.email)) == 1
    assert fresh(case).news.kind == CaseEvent.Kind.MESSAGE


def test_who_takes_a_case_themselves_is_not_written_to_about_it(operator, firm, owner, consultant) -> None:
    trial(operator)
    made = opening.open_case(
        operator, "trial", title="Ny kedel", subtype="small", user=owner, organisation=firm
    )
    opening.assign(made, consultant, user=consultant, expected=made.version)
    assert not to(consultant)
    assert fresh(made).news.kind == CaseEvent.Kind.OPENED


def test_when_the_officer_steps_out_as_partial_the_office_is_told_what_waits(
    operator, case, owner, consultant
) -> None:
    contents.message(case, "Er I der?", user=owner)
    contents.recuse(fresh(case), consultant, user=consultant, reason="Søster")
    assert len(to(operator.email)) == 1
    contents.message(case, "Hallo?", user=owner)
    assert (len(to(operator.email)), len(to(consultant))) == (1, 1)


def test_what_is_read_can_be_told_again(case, owner, consultant, as_consultant, sign_in) -> None:
    stranger = sign_in(owner)
    contents.message(case, "Et", user=owner)
    stranger.post(f"/sager/{case.pk}/laest/", {"news": fresh(case).news_id})
    assert fresh(case).news is not None, "who sent it does not say that it is read"
    shown(as_consultant, case.get_absolute_url())
    assert (fresh(case).news, fresh(case).news_told) == (None, "")
    contents.message(case, "To", user=owner)
    assert len(to(consultant)) == 2


def test_an_officer_who_has_become_partial_is_told_nothing(
    operator, case, firm, owner, consultant, sign_in
) -> None:
    Affiliation.objects.create(person=PersonFactory(operator=operator, user=consultant), organisation=firm)
    contents.message(case, "Hemmeligt", user=owner)
    assert to(consultant) == []
    assert len(to(operator.email)) == 1
    assert case.title not in shown(sign_in(consultant), "/i-dag/?vis=alle")
    assert case.title not in morning.body(consultant, day())
    assert sign_in(consultant).post(f"/sager/{case.pk}/laest/").status_code == 404


def test_the_day_asks_no_more_with_many_cases(operator, firm, owner, consultant, as_consultant) -> None:
    def asked() -> int:
        shown(as_consultant, "/i-dag/")
        with CaptureQueriesContext(connection) as found:
            shown(as_consultant, "/i-dag/")
        return len(found)

    counts = []
    for _ in range(2):
        for number in range(3):
            made = opened(operator, organisation=firm, officer=consultant, title=f"Sag {number}")
            contents.message(made, "Hej", user=owner)
            contents.set_duty(made, "d", title="Ring", due_on=day(), of_applicant=False)
        counts.append(asked())
    assert counts[0] == counts[1]
