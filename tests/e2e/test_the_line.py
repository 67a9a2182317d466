# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""The whole line in a browser: a sentence, a suggestion with its reason, a letter, an agreement, a goal that moved."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest
from django.core import mail
from playwright.sync_api import Page, expect

from brobygger.accounts.models import Operator, User
from brobygger.demo.actors import OFFICE
from brobygger.demo.goals import create_goals
from brobygger.market.models import Delivery, Match, Suggestion

pytestmark = [pytest.mark.browser, pytest.mark.slow]

BREWER, CONSULTANT, HEAD = "virksomhed@demo.invalid", "konsulent@demo.invalid", "chef@demo.invalid"
SENTENCE = "Hver uge har vi 3 tons våd mask til overs fra brygningen"
GOAL = "Tons restprodukter, der er flyttet i stedet for smidt ud"
PHONE = {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True}


def press(page: Page, button: str) -> None:
    page.get_by_role("main").get_by_role("button", name=button, exact=True).click()
    page.wait_for_load_state()


def follow(page: Page, link: str) -> None:
    page.get_by_role("main").get_by_role("link", name=link, exact=True).first.click()
    page.wait_for_load_state()


def open_from_menu(page: Page, entry: str) -> None:
    menu = page.get_by_role("navigation", name="Hovedmenu")
    if not menu.get_by_role("link", name=entry, exact=True).count():  # it stands below its group
        menu.get_by_role("link", name="Matchning", exact=True).click()
        page.wait_for_load_state()
    menu.get_by_role("link", name=entry, exact=True).click()
    page.wait_for_load_state()


def write_listing(brewer: Page) -> str:
    """From the sentence to the saved listing's address."""
    open_from_menu(brewer, "Min side")
    follow(brewer, "Vi har …")
    brewer.get_by_label("Skriv det med én sætning").fill(SENTENCE)
    press(brewer, "Videre")
    assert brewer.get_by_label("Mængde").input_value() == "3"
    assert brewer.get_by_role("radio", name=re.compile("Mask")).first.is_checked()
    brewer.get_by_label("Mængde").fill("3,5")
    press(brewer, "Gem")
    expect(brewer.get_by_role("heading", level=1)).to_contain_text("våd mask")
    expect(brewer.get_by_text("3,5 tons om ugen").first).to_be_visible()
    return brewer.url


def goal_value(head: Page) -> Decimal:
    """What the goal's page says of the value today, in tonnes."""
    open_from_menu(head, "Plan")
    follow(head, GOAL)
    shown = (
        head.get_by_role("main")
        .locator(".bb-card", has_text="Værdi i dag")
        .locator(".bb-figure")
        .inner_text()
    )
    figure = re.search(r"[\d.,]+", shown)
    assert figure, shown
    return Decimal(figure.group().replace(".", "").replace(",", "."))


def test_a_sentence_becomes_a_match_and_the_goal_moves(small_demo, signed_in, work_done):
    office = Operator.objects.get(slug=OFFICE)
    create_goals(office, User.objects.get(email=HEAD))
    brewer = signed_in(BREWER)

    # The brewer writes one sentence, corrects the amount and sees at once who could use it, why, how far, what it is worth.
    listing = write_listing(brewer)
    found = brewer.get_by_role("article").filter(has_text="Østagergård").first
    expect(found).to_contain_text(re.compile(r"kvæg|foder"))
    expect(found).to_contain_text("Gjort før")
    expect(found).to_contain_text(re.compile(r"\d km|\d m|under 1 km"))
    expect(found).to_contain_text(re.compile(r"t om året|kr\."))

    # The consultant finds it, reads the reason and the precedent, and chooses it.
    consultant = signed_in(CONSULTANT)
    expect(consultant.get_by_role("heading", level=1)).to_have_text("I dag")
    open_from_menu(consultant, "Forslag")
    consultant.get_by_label("Virksomhed").fill("Herslev bryghus")
    press(consultant, "Vis")
    consultant.get_by_role("article").filter(has_text="våd mask").filter(has_text="Østagergård").get_by_role(
        "link"
    ).first.click()
    expect(consultant.get_by_role("heading", name="Hvorfor")).to_be_visible()
    expect(consultant.get_by_role("main")).to_contain_text("Herslev")
    precedents = consultant.get_by_role("heading", name="Er det gjort før?").locator(
        "xpath=following-sibling::ul[1]"
    )
    expect(precedents.get_by_role("listitem").first).to_contain_text("Kilde")
    press(consultant, "Vælg: de skal mødes")
    if consultant.get_by_role("link", name="Gå til matchet").count():
        follow(consultant, "Gå til matchet")

    # The introduction is written for the consultant, who adds a line; the worker sends it to both.
    follow(consultant, "Skriv introduktionen")
    letter = consultant.get_by_label("Brevet")
    assert "Østagergård" in letter.input_value()
    letter.fill(letter.input_value() + "\n\nJeg ringer på fredag.")
    press(consultant, "Send brevet")
    assert mail.outbox == []
    work_done()
    assert {to for sent in mail.outbox for to in sent.to} == {BREWER, "oestagergaard@demo.invalid"}
    assert all("Jeg ringer på fredag." in sent.body for sent in mail.outbox)

    # They talk, and they agree.
    consultant.reload()
    expect(consultant.get_by_text("Sat i forbindelse").first).to_be_visible()
    press(consultant, "De er i dialog")
    follow(consultant, "Skriv aftalen")
    assert consultant.get_by_label("Mængde").input_value() == "3,5"
    consultant.get_by_label("Vilkår").fill("Østagergård henter mandag og torsdag.")
    press(consultant, "Gem aftalen")
    expect(consultant.get_by_text("Østagergård henter mandag og torsdag.")).to_be_visible()
    match = consultant.url

    head = signed_in(HEAD)
    before = goal_value(head)
    assert before == 0

    # The brewer reports what was fetched, on the phone in the yard.
    phone = signed_in(BREWER, **PHONE)
    if not phone.url.endswith("/min-side/"):
        phone.goto("/min-side/")
    follow(phone, "Indberet en leverance")
    phone.get_by_label("Hvor meget").fill("3,2")
    phone.get_by_label("Enhed").select_option(label="tons")
    press(phone, "Indberet")
    expect(phone.get_by_role("main")).to_contain_text("3,2")
    assert Delivery.objects.get().tonnes == Decimal("3.2")

    # The consultant writes down what the brewer says it gave.
    consultant.goto(match)
    expect(consultant.get_by_text("I gang", exact=True).first).to_be_visible()
    follow(consultant, "Skriv et udbytte")
    consultant.get_by_label("Hvad er der kommet ud af det?").select_option(value="dkk")
    consultant.get_by_label("Hvor meget").fill("1.500")
    consultant.get_by_label("Hvem siger det?").fill("Bodil Brygger")
    press(consultant, "Gem")
    expect(consultant.get_by_role("main")).to_contain_text("1.500")
    expect(consultant.get_by_role("main")).to_contain_text("Bodil Brygger")

    # The goal has moved by exactly what was delivered, and says by which delivery.
    assert goal_value(head) - before == Decimal("3.2")
    records = head.get_by_role("region", name="Posterne bag tallet").get_by_role("row")
    expect(records).to_have_count(2)
    expect(records.nth(1)).to_contain_text("Herslev Bryghus → Østagergård")
    expect(records.nth(1)).to_contain_text("3,2")
    assert Match.objects.get().stage == Match.Stage.RUNNING
    assert listing


def test_a_declined_suggestion_is_gone_and_is_not_proposed_again(small_demo, signed_in, work_done):
    consultant = signed_in(CONSULTANT)
    open_from_menu(consultant, "Forslag")
    first = consultant.get_by_role("main").get_by_role("article").first.get_by_role("link").first
    name, address = first.inner_text(), first.get_attribute("href")
    first.click()
    declined = Suggestion.objects.get(pk=re.search(r"[0-9a-f-]{36}", consultant.url).group())
    follow(consultant, "Afvis")
    press(consultant, "Afvis")
    expect(consultant.get_by_text("Vælg, hvorfor det ikke passer.").first).to_be_visible()
    consultant.get_by_role("radio").first.check()
    consultant.get_by_label("Bemærkning").fill("De kender hinanden i forvejen.")
    press(consultant, "Afvis")

    def not_listed() -> None:
        open_from_menu(consultant, "Forslag")
        expect(consultant.get_by_role("main").locator(f"a[href='{address}']")).to_have_count(0)

    not_listed()
    press(consultant, "Opdatér alle")
    work_done()
    not_listed()
    again = Suggestion.objects.filter(
        have=declined.have, need=declined.need, organisation=declined.organisation, state=Suggestion.State.NEW
    )
    assert not again.exists(), name
    consultant.goto(f"{consultant.url.split('?')[0]}?tilstand=declined")
    expect(consultant.get_by_role("main").locator(f"a[href='{address}']")).to_have_count(1)
