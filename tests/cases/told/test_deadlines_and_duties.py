# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""The morning tells of deadlines, and of what the office itself has to do."""

from __future__ import annotations

import pytest

from brobygger.accounts import morning
from brobygger.cases import tasks
from brobygger.cases.errors import CaseIsOver
from brobygger.cases.models import CaseEvent
from brobygger.cases.services import contents
from brobygger.cases.services.correcting import take_back
from brobygger.cases.services.moving import move
from brobygger.guidance.services.referrals import note_received
from tests.cases.made import day, fresh, opened, press, shown
from tests.cases.told.made import to
from tests.guidance.made import partner, wish


def test_deadlines_stand_in_the_mornings_letter_and_one_that_passed_is_told_once(
    operator, firm, consultant
) -> None:
    case = opened(operator, organisation=firm, on=day(-60), values={"amount": 1}, officer=consultant)
    case = contents.tick(case, ["read"], user=consultant, expected=case.version)
    move(case, "complete", user=consultant, expected=case.version, on=day(-43), reason="Post")
    assert fresh(case).due_on == day(-3)
    assert "fristen var den" in morning.body(consultant, day())
    assert tasks.warn(day()) == 1
    assert tasks.warn(day()) == 0
    assert "fristen var" in to(consultant)[-1].subject


def test_referrals_stand_in_the_mornings_letter(operator, firm, consultant) -> None:
    received = note_received(
        operator, wish(organisation=firm, partner=partner(operator, consultant)), user=consultant
    )
    assert f"{received} (henvist til jer)" in morning.body(consultant, day())


def test_the_offices_own_duty_is_ticked_off_with_a_note(
    operator, case, owner, consultant, as_consultant
) -> None:
    duty = contents.set_duty(case, "ask", title="Spørg investoren", due_on=day(), of_applicant=False)
    address = f"/sager/{case.pk}/skal/{duty.pk}/"
    assert address in shown(as_consultant, "/i-dag/")
    assert address in shown(as_consultant, case.get_absolute_url())
    assert "Spørg investoren" in morning.body(consultant, day())
    press(as_consultant, address, text="")
    assert case.duties.get().done_on is None
    press(as_consultant, address, text="De bygger til foråret")
    assert "De bygger til foråret" in shown(as_consultant, case.get_absolute_url())
    assert "Skal gøres i sager" not in shown(as_consultant, "/i-dag/")
    assert as_consultant.get(address).status_code == 404


def test_the_officer_is_reminded_of_it_and_not_the_applicant(case, owner, consultant) -> None:
    contents.set_duty(case, "ask", title="Spørg investoren", due_on=day(5), of_applicant=False)
    assert tasks.remind_the_office(day()) == 1
    assert tasks.remind_the_office(day()) == 0
    assert "Spørg investoren" in to(consultant)[-1].subject
    assert not CaseEvent.objects.filter(name="reminder").exists()
    assert "Spørg investoren" not in "".join(letter.subject for letter in to("firma@example.invalid"))


def test_the_applicant_does_not_tick_it_off(case, owner, sign_in) -> None:
    duty = contents.set_duty(case, "ask", title="Spørg investoren", due_on=day(), of_applicant=False)
    client = sign_in(owner)
    assert client.post(f"/sager/{case.pk}/skal/{duty.pk}/", {"text": "x"}).status_code == 403
    assert client.post(f"/sager/mine/{case.pk}/senest/{duty.pk}/", {"text": "x"}).status_code == 404


# When the case is over


@pytest.fixture
def over(case, consultant):
    """Withdrawn while the office and the applicant still had something to do."""
    contents.set_duty(case, "ask", title="Spørg investoren", due_on=day(), of_applicant=False)
    contents.set_duty(case, "report", title="Årsrapport", due_on=day())
    move(fresh(case), "withdraw", user=consultant, expected=fresh(case).version, reason="Solgt")
    return fresh(case)


def test_nobody_is_reminded_of_a_case_that_is_over(over, owner, consultant, as_consultant, sign_in) -> None:
    assert (tasks.remind(day()), tasks.remind_the_office(day())) == (0, 0)
    assert "Spørg investoren" not in shown(as_consultant, "/i-dag/")
    assert "Spørg investoren" not in morning.body(consultant, day())
    assert "Årsrapport" not in shown(sign_in(owner), "/min-side/")


def test_what_is_not_due_any_longer_says_so_and_cannot_be_answered(
    over, owner, as_consultant, sign_in
) -> None:
    asked, report = over.duties.get(key="ask"), over.duties.get(key="report")
    as_owner = sign_in(owner)
    for client, page, address in (
        (as_consultant, over.get_absolute_url(), f"/sager/{over.pk}/skal/{asked.pk}/"),
        (as_owner, f"/sager/mine/{over.pk}/", f"/sager/mine/{over.pk}/senest/{report.pk}/"),
    ):
        text = shown(client, page)
        assert "skal ikke gøres længere, for sagen er slut" in text
        assert address not in text
        assert "Det skal ikke gøres længere" in press(client, address, text="Gjort")
    with pytest.raises(CaseIsOver):
        contents.do_duty(over, report, text="Gjort", user=owner)
    assert not over.duties.exclude(done_on=None).exists()


def test_a_case_that_opens_again_reminds_again(over, consultant) -> None:
    withdrawn = over.events.get(name="withdraw")
    take_back(over, withdrawn, reason="Ikke solgt", user=consultant, expected=over.version)
    assert (tasks.remind(day()), tasks.remind_the_office(day())) == (1, 1)
