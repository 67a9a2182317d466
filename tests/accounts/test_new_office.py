# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""From an empty database to the first day at work: `brobygger new-office …`, its invitation, and the first pages."""

from __future__ import annotations

import io
import re
import sys

import pytest
from django.core.management import call_command
from django.db import connections
from django.test import Client

from brobygger.accounts.models import Invitation, Operator, Role, User
from brobygger.base.models import Letter
from brobygger.config.command import main
from brobygger.outreach.models import Purpose
from tests.factories import OperatorFactory

pytestmark = pytest.mark.django_db
NEW = ("Erhverv Ærø", "--municipality", "Ærø Kommune", "--admin", "Ny@example.invalid")
PASSWORD = "et-godt-langt-kodeord"


def new_office(*arguments: str) -> tuple[int, str, str]:
    """Exit status, what was printed, and what was said on stderr."""
    out, err = io.StringIO(), io.StringIO()
    try:
        call_command("new_office", *arguments, stdout=out, stderr=err)
    except SystemExit as end:
        return int(end.code or 0), out.getvalue(), err.getvalue()
    return 0, out.getvalue(), err.getvalue()


def links_in(text: str) -> list[str]:
    return re.findall(r"/kontor/invitation/\S+", text)


def signed_up(link: str) -> Client:
    client = Client()
    assert client.get(link).status_code == 200
    assert client.post(link, {"name": "Ny Person", "password": PASSWORD}).status_code == 302
    return client


def test_from_an_empty_database_to_the_first_page_of_the_first_day(capsys, monkeypatch):
    monkeypatch.setattr(sys, "argv", ["brobygger", "new-office", *NEW])
    monkeypatch.setattr(connections, "close_all", lambda: None)  # as a command does when it ends
    assert main() == 0

    [link] = links_in(capsys.readouterr().out)
    letter = Letter.objects.get()
    assert (letter.to, links_in(letter.body)) == (["ny@example.invalid"], [link])
    assert "som administrator og erhvervschef" in letter.body
    assert "som administrator og erhvervschef" in Client().get(link).content.decode()
    client = signed_up(link)

    page = client.get("/", follow=True)
    text = page.content.decode()
    assert (page.redirect_chain[-1][0], page.status_code) == ("/i-dag/", 200)
    assert "Der er intet, der venter på dig." in text
    assert "Skriv, hvad en virksomhed har eller mangler" in text
    assert "hent jeres virksomheder ind først" in text
    office = Operator.objects.get()
    assert (office.slug, office.municipality_codes) == ("erhverv-aeroe", ["0492"])
    assert User.objects.get().roles == {office.pk: frozenset({Role.ADMIN, Role.HEAD})}
    assert client.get(link).status_code == 410
    assert "Oprettede kontoret" in client.get("/kontor/revisionsspor/").content.decode()


def test_every_page_of_the_menu_opens_in_an_office_with_nothing_in_it():
    client = signed_up(links_in(new_office(*NEW)[1])[0])
    lines = re.search(r"<nav.*</nav>", client.get("/i-dag/").content.decode(), re.DOTALL)
    addresses = {link for link in re.findall(r'href="(/[^"#]*)"', lines.group()) if "log" not in link}
    assert len(addresses) > 10
    assert {address: client.get(address).status_code for address in addresses} == dict.fromkeys(
        addresses, 200
    )


def test_a_new_office_has_the_common_purposes_for_consents():
    new_office(*NEW)
    assert "Nyhedsbrev" in Purpose.objects.filter(operator__slug="erhverv-aeroe").values_list(
        "name", flat=True
    )


def test_the_head_may_be_another_person():
    status, out, _ = new_office(*NEW, "--head", "chef@example.invalid")
    assert (status, Letter.objects.count()) == (0, 2)
    admin, head = links_in(out)
    assert signed_up(admin).get("/", follow=True).redirect_chain[-1][0] == "/kontor/"
    assert signed_up(head).get("/i-dag/").status_code == 200
    assert set(User.objects.get(email="ny@example.invalid").memberships.values_list("role", flat=True)) == {
        Role.ADMIN
    }


def test_an_office_serves_municipalities_by_name_or_code():
    new_office(
        "Kontor",
        "--municipality",
        "350",
        "Københavns Kommune",
        "--municipality",
        "Aarhus",
        "--admin",
        "a@b.dk",
    )
    assert Operator.objects.get().municipality_codes == ["0101", "0350", "0751"]


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("erhverv  ÆRØ", *NEW[1:]), "Der er allerede et kontor med det navn: Erhverv Ærø (erhverv-aeroe)"),
        (("Nyt", "--municipality", "Ærø", "Andeby", "--admin", "a@b.dk"), "»Andeby«"),
        (("Nyt", "--municipality", "Ærø", "--admin", "ikke en adresse"), "»ikke en adresse« er ikke en e-mailadresse"),
        (("Nyt", "--municipality", "Ærø", "--admin", "a@b.dk", "--head", "x@"), "»x@« er ikke en e-mailadresse"),
        ((" ", *NEW[1:]), "Skriv kontorets navn"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_in_one_line_and_nothing_is_made(arguments, told):
    OperatorFactory(name="Erhverv Ærø", slug="erhverv-aeroe")
    status, out, err = new_office(*arguments)
    assert (status, out, len(err.strip().splitlines())) == (2, "", 1)
    assert told in err
    assert (Operator.objects.count(), Invitation.objects.count(), Letter.objects.count()) == (1, 0, 0)


def test_an_office_whose_letter_cannot_be_written_is_not_made(monkeypatch):
    monkeypatch.setattr("brobygger.accounts.opening.write_to", lambda *a, **k: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        new_office(*NEW)
    assert not Operator.objects.exists()
    assert not Purpose.objects.exists()


def test_whoever_has_an_account_at_another_office_signs_in_and_has_both_roles(head, sign_in):
    _, out, _ = new_office("Kontor", "--municipality", "Ærø", "--admin", head.email)
    [link] = links_in(out)
    sign_in(head).post(link)
    there = User.objects.get(pk=head.pk).roles[Operator.objects.get(name="Kontor").pk]
    assert there == {Role.ADMIN, Role.HEAD}
