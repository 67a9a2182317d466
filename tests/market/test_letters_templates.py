# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""The office's own wording of its letters."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from brobygger.accounts.models import AuditEntry, Operator, Role, User
from brobygger.market.models import MailTemplate
from brobygger.market.services.letter_texts import FIELDS, SHIPPED, BadTemplate, check, fill
from brobygger.market.services.letters import wording_of
from tests.factories import user_as

PAGE = "/breve/introduction/"


@pytest.mark.parametrize("key", SHIPPED)
def test_every_shipped_letter_can_be_filled_in(key: str) -> None:
    wording = SHIPPED[key]
    filled = fill(wording.subject + wording.body, dict.fromkeys(FIELDS, "X"))
    assert "{" not in filled


@pytest.mark.parametrize(
    "text", ["{navn}", "{giver.name}", "{giver[0]}", "{giver!r}", "{giver:>10}", "{}", "{0}"]
)
def test_a_field_that_does_not_exist_is_named(text: str) -> None:
    with pytest.raises(BadTemplate, match="findes ikke"):
        check(text)


@pytest.mark.parametrize("text", ["Kære {giver", "Kære giver}", "{", "}"])
def test_a_lonely_brace_is_told_of(text: str) -> None:
    with pytest.raises(BadTemplate):
        check(text)


def test_two_braces_are_one(operator: Operator) -> None:
    assert fill("{{giver}} {giver}", {"giver": "A"}) == "{giver} A"


def test_the_office_writes_its_own_and_goes_back(as_consultant: Client, operator: Operator) -> None:
    as_consultant.post(PAGE, {"subject": "Mød {modtager}", "body": "Hej {giver}"})
    assert wording_of(operator, "introduction").subject == "Mød {modtager}"
    assert "Jeres egen tekst" in as_consultant.get("/breve/").content.decode()
    as_consultant.post(f"{PAGE}oprindelig/", {"opened_version": opened(as_consultant, f"{PAGE}oprindelig/")})
    assert wording_of(operator, "introduction").subject == SHIPPED["introduction"].subject
    assert AuditEntry.objects.filter(action="letter_template_restored").exists()
    assert MailTemplate.history.filter(history_type="-").exists()


def opened(browser: Client, page: str) -> str:
    """The version that the page carries, as the browser would send it back."""
    found = re.search(r'name="opened_version" value="(\d+)"', browser.get(page).content.decode())
    assert found
    return found[1]


def test_two_who_edit_the_same_letter_lose_nothing(
    as_consultant: Client, as_head: Client, operator: Operator
) -> None:
    for first_text, second_text in (("Konsulentens", "Chefens"), ("Konsulentens nye", "Chefens nye")):
        seen_by_both = opened(as_consultant, PAGE)
        as_consultant.post(PAGE, {"subject": "S", "body": first_text, "opened_version": seen_by_both})
        answer = as_head.post(PAGE, {"subject": "S", "body": second_text, "opened_version": seen_by_both})
        told = answer.content.decode()
        assert "En anden har gemt" in told
        assert f"<td>{second_text}</td><td>{first_text}</td>" in told
        assert f"{second_text}</textarea>" in told
        assert wording_of(operator, "introduction").body == first_text
        carried = re.search(r'name="opened_version" value="(\d+)"', told)
        assert carried
        as_head.post(PAGE, {"subject": "S", "body": second_text, "opened_version": carried[1]})
        assert wording_of(operator, "introduction").body == second_text


def test_a_letter_restored_and_written_anew_is_not_taken_for_the_one_that_was_open(
    as_consultant: Client, as_head: Client, operator: Operator
) -> None:
    as_head.post(PAGE, {"subject": "S", "body": "Den første"})
    seen = opened(as_consultant, PAGE)
    as_head.post(f"{PAGE}oprindelig/", {"opened_version": opened(as_head, f"{PAGE}oprindelig/")})
    told = as_consultant.post(PAGE, {"subject": "S", "body": "Min", "opened_version": seen}).content.decode()
    assert "En anden har gemt" in told
    assert "Vi foreslår" in told, "what stands now is the shipped wording"
    as_head.post(PAGE, {"subject": "S", "body": "Den anden"})
    as_consultant.post(PAGE, {"subject": "S", "body": "Min", "opened_version": seen})
    assert wording_of(operator, "introduction").body == "Den anden"


def test_nobody_goes_back_to_the_shipped_wording_over_a_text_they_have_not_seen(
    as_consultant: Client, as_head: Client, operator: Operator
) -> None:
    as_head.post(PAGE, {"subject": "S", "body": "Den første"})
    seen = opened(as_consultant, f"{PAGE}oprindelig/")
    as_head.post(PAGE, {"subject": "S", "body": "Den bedre", "opened_version": opened(as_head, PAGE)})
    answer = as_consultant.post(f"{PAGE}oprindelig/", {"opened_version": seen}, follow=True)
    assert "En anden har rettet brevet" in answer.content.decode()
    assert wording_of(operator, "introduction").body == "Den bedre"


def test_a_preview_saves_nothing(as_consultant: Client, consultant: User) -> None:
    page = as_consultant.post(
        PAGE, {"subject": "S", "body": "Hej {giver}, hilsen {konsulent}", "preview": "1"}
    )
    assert "Hej Bryghuset Eksempel, hilsen Prøve Konsulent" in page.content.decode()
    assert not MailTemplate.objects.exists()


def test_an_unknown_field_is_refused_with_the_known_ones_and_the_text_is_kept(as_consultant: Client) -> None:
    page = as_consultant.post(PAGE, {"subject": "S", "body": "Kære {firma}, her er min lange tekst"})
    shown = page.content.decode()
    assert "{firma} findes ikke" in shown
    assert "{modtager}" in shown
    assert "her er min lange tekst" in shown
    assert not MailTemplate.objects.exists()


@pytest.mark.parametrize("body", ["", " \x00 ", "x" * 100_000])
def test_a_text_that_cannot_be_kept_is_refused(as_consultant: Client, body: str) -> None:
    assert as_consultant.post(PAGE, {"subject": "S", "body": body}).status_code == 200
    assert not MailTemplate.objects.exists()


def test_html_in_a_template_is_shown_as_text(as_consultant: Client) -> None:
    page = as_consultant.post(PAGE, {"subject": "S", "body": "<b>{giver}</b>", "preview": "1"})
    assert "&lt;b&gt;Bryghuset Eksempel&lt;/b&gt;" in page.content.decode()


def test_each_office_has_its_own(as_consultant: Client, sign_in) -> None:
    as_consultant.post(PAGE, {"subject": "Vores", "body": "Hej"})
    neighbour = user_as(Role.CONSULTANT)
    assert "Vores" not in sign_in(neighbour).get(PAGE).content.decode()


def test_only_the_office_edits_letters(operator: Operator, sign_in) -> None:
    firm = sign_in(user_as(Role.FIRM, operator))
    assert firm.get("/breve/").status_code == 403
    assert firm.post(PAGE, {"subject": "S", "body": "B"}).status_code == 403


def test_a_letter_that_does_not_exist_is_not_found(as_consultant: Client) -> None:
    assert as_consultant.get("/breve/findes-ikke/").status_code == 404
    assert as_consultant.post("/breve/findes-ikke/oprindelig/").status_code == 404
