# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""A note after a visit, on a phone: with and without JavaScript; and every page of the dialogue looked at by axe."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from brobygger.dialogue.models import FollowUp, Interaction
from brobygger.register.models import Organisation
from tests.e2e.test_every_page import NARROW, WIDE, Walk

pytestmark = [pytest.mark.browser, pytest.mark.slow]
CONSULTANT = "konsulent@demo.invalid"
SAID = "Besøgte dem i går. De har 4 tons mask om ugen. Ring igen om 14 dage om prisen."


def save(page: Page) -> None:
    page.get_by_role("main").get_by_role("button", name="Gem", exact=True).click()


def test_a_note_is_written_on_a_phone_and_read_while_it_is_typed(small_demo, signed_in):
    page = signed_in(CONSULTANT, viewport=NARROW)
    page.goto("/samtaler/ny/")
    page.get_by_label("Find virksomheden").press_sequentially("herslev bryg")
    page.get_by_role("radio", name="Herslev Bryghus").check()
    page.get_by_label("Hvad talte I om?").press_sequentially(SAID)
    expect(page.get_by_label("Hvad var det?")).to_have_value("visit")
    expect(page.get_by_label("Hvad skal der ske?")).to_have_value("Ring igen om prisen")
    page.get_by_label("Hvad var det?").select_option("meeting")
    page.get_by_label("Hvad talte I om?").press_sequentially(" Fin rundvisning.")
    page.wait_for_timeout(1500)
    expect(page.get_by_label("Hvad var det?")).to_have_value("meeting")
    save(page)
    expect(page.get_by_text("Opret som har")).to_be_visible()
    assert Interaction.objects.get().kind == "meeting"
    page.goto("/virksomheder/")
    assert FollowUp.objects.get().about == "Ring igen om prisen"


def test_a_note_is_written_without_javascript_and_every_page_is_whole(small_demo, signed_in):
    page = signed_in(CONSULTANT, java_script_enabled=False)
    page.goto("/samtaler/ny/")
    page.get_by_label("Find virksomheden").fill("Herslev Bryghus")
    page.get_by_label("Hvad talte I om?").fill(SAID)
    save(page)
    if page.get_by_label("Find virksomheden").count():
        page.get_by_role("radio", name="Herslev Bryghus").check()
        save(page)
    talk = Interaction.objects.get()
    assert talk.kind == "visit"
    step = FollowUp.objects.get()
    walk = Walk(signed_in(CONSULTANT), (WIDE, NARROW))
    firm = talk.organisations.get()
    for address in (
        "/samtaler/", "/samtaler/?q=findesikke", "/samtaler/ny/", f"/samtaler/ny/?virksomhed={firm.pk}",
        f"{talk.get_absolute_url()}?laest=1", f"{talk.get_absolute_url()}ret/", f"{talk.get_absolute_url()}slet/",
        "/opfoelgninger/", "/opfoelgninger/?gjort=1", step.get_absolute_url(), f"{step.get_absolute_url()}slet/",
        f"/opfoelgninger/ny/{firm.pk}/", firm.get_absolute_url(),
    ):  # fmt: skip
        walk.look_at(address, address, may_be_closed=False)
    assert walk.faults == []


def test_a_note_in_a_car_is_two_taps_from_the_firms_page_and_the_button_stays_in_sight(
    small_demo, signed_in
) -> None:
    """The time goes to the saying: one tap opens the page with the cursor in the text, one saves."""
    page = signed_in(CONSULTANT, viewport=NARROW)
    page.goto(Organisation.objects.get(name="Herslev Bryghus").get_absolute_url())
    page.get_by_role("link", name="Skriv notat").click()
    expect(page.get_by_label("Hvad talte I om?")).to_be_focused()
    page.keyboard.type(SAID)
    button = page.get_by_role("main").get_by_role("button", name="Gem", exact=True)
    expect(button).to_be_in_viewport()
    button.click()
    expect(page.get_by_text("Gemt.")).to_be_visible()
    assert Interaction.objects.get().kind == "visit"
