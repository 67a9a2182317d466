# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""The pages on which new firms are written to: what is told before letters are made, and from the list to the printer."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from brobygger.accounts.models import Operator
from brobygger.outreach import tasks
from brobygger.outreach.models import BookingLink, WelcomeRound
from brobygger.outreach.quarters import quarter_of
from brobygger.outreach.queries import new_firms
from brobygger.outreach.services import welcome
from brobygger.register.models import Organisation
from tests.outreach import made

pytestmark = pytest.mark.django_db


def test_from_the_list_to_the_printer_in_the_browser(as_head, as_consultant, operator):
    firm = made.new_firm(operator)
    page = reverse("outreach:new_firms")
    first = as_consultant.get(page, {"kvartal": "2026-1"}).content.decode()
    assert "I har ikke noget velkomstbrev endnu" in first
    as_consultant.post(reverse("outreach:adopt_letter"))
    assert new_firms.letter_of(operator) is None
    as_head.post(reverse("outreach:adopt_letter"))
    shown = as_consultant.get(page, {"kvartal": "2026-1"})
    assert "1 virksomhed mangler brevet" in shown.content.decode()
    seen = as_consultant.get(reverse("outreach:preview_welcome"), {"kvartal": "2026-1"})
    typed = {"kvartal": "2026-1", "entry_key": str(seen.context["entry_key"]), "by_mail": "1"}
    for _ in range(2):
        as_consultant.post(reverse("outreach:make_letters"), typed)
    round_ = WelcomeRound.objects.get()
    tasks.make_letters.func(str(round_.job_id), round_.pk)
    opened = as_consultant.get(round_.get_absolute_url()).content.decode()
    assert firm.name in opened
    pdf = as_consultant.get(reverse("outreach:letters_pdf", args=[round_.pk]))
    assert pdf["Content-Type"] == "application/pdf"
    on_paper = as_consultant.get(reverse("outreach:letters_pdf", args=[round_.pk]), {"kun": "papir"})
    assert on_paper.status_code == 302
    after = as_consultant.get(page, {"kvartal": "2026-1"}).content.decode()
    assert "har fået brevet eller er sprunget over" in after
    assert "Der er ingen" not in as_consultant.get(page, {"kvartal": "x"}).content.decode()


def test_the_page_explains_who_gets_it_by_mail(as_consultant, operator, letter):
    made.new_firm(operator)
    shown = as_consultant.get(reverse("outreach:new_firms"), {"kvartal": "2026-1"}).content.decode()
    assert "En reklamebeskyttet virksomhed får ingen mail, medmindre den selv har sagt ja" in shown


def test_today_reminds_of_the_letter_when_the_quarter_is_over(as_consultant, operator, letter, consultant):
    last = quarter_of(timezone.localdate()).previous
    this = quarter_of(timezone.localdate())
    made.new_firm(operator, this.first_day.isoformat())
    assert "Velkomstbrevet for" not in as_consultant.get(reverse("market:today")).content.decode()
    firm = made.new_firm(operator, (last.first_day + timedelta(days=1)).isoformat())
    assert f"Velkomstbrevet for {last}" in as_consultant.get(reverse("market:today")).content.decode()
    welcome.skip(firm, user=consultant)
    assert "Velkomstbrevet for" not in as_consultant.get(reverse("market:today")).content.decode()
    assert Organisation.objects.count() == 2


def test_one_firms_letter_is_seen_first_and_gives_no_link_out(as_consultant, operator, letter):
    firm = made.new_firm(operator, name="Bryggeriet")
    made.new_firm(operator, name="Arkitekten", ad_protected=True)
    address = "/kontakt/nye-virksomheder/brevet/?kvartal=2026-1"
    page = as_consultant.get(address).content.decode()
    assert "Kære Arkitekten" in page
    assert "reklamebeskyttet og har ikke sagt ja" in page
    assert "Lav 2 breve" in page
    assert "Kære Bryggeriet" in as_consultant.get(f"{address}&virksomhed={firm.pk}").content.decode()
    assert not BookingLink.objects.exists()


def test_before_letters_are_made_it_is_told_who_has_no_address(as_consultant, operator, letter):
    made.new_firm(operator, name="Bryggeriet", street="", postal_code="")
    made.new_firm(operator, name="Arkitekten", street="Søvej 1", postal_code="4320")
    page = as_consultant.get("/kontakt/nye-virksomheder/brevet/?kvartal=2026-1").content.decode()
    assert "<strong>adressen</strong> (brevet kan ikke sendes med posten)" in page
    see = "/kontakt/nye-virksomheder/?kvartal=2026-1&amp;mangler=adresse"
    assert f'href="{see}"' in page
    page = as_consultant.get(see.replace("&amp;", "&")).content.decode()
    assert "Bryggeriet" in page
    assert "Arkitekten" not in page


def test_the_page_of_the_letter_says_what_falls_out(as_consultant, operator, letter):
    made.new_firm(operator)
    Operator.objects.update(phone="", email="kontor@example.invalid")
    page = as_consultant.get("/kontakt/nye-virksomheder/brevet/?kvartal=2026-1").content.decode()
    assert "»Telefon: {kontor_telefon}« falder ud, for her mangler kontorets telefon." in page
