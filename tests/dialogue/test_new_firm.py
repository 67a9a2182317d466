# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""A firm that is not in the register is made while the note about it is written, and the text is never lost."""

from __future__ import annotations

import uuid

import pytest
from django.test import Client

from brobygger.accounts.models import Operator, Role, User
from brobygger.dialogue.errors import NotYourOffice
from brobygger.dialogue.models import FollowUp, Interaction
from brobygger.dialogue.services import new_firm
from brobygger.register.models import Organisation
from tests.dialogue.made import note
from tests.factories import OrganisationFactory, user_as

SAID = "Besøgte dem i går. Ring igen om 14 dage om prisen."


def typed(**values: str) -> dict[str, str]:
    return {"text": SAID, "entry_key": str(uuid.uuid4()), "organisation_search": "Havnens Røgeri", **values}


def test_what_was_searched_for_is_the_name(as_consultant: Client, operator: Operator) -> None:
    page = as_consultant.post("/samtaler/ny/", typed()).content.decode()
    assert SAID in page
    assert 'value="Havnens Røgeri"' in page
    assert "Er den ikke i registret?" in page
    assert not Organisation.objects.exists()


def test_the_firm_and_the_note_are_made_together(as_consultant: Client, operator: Operator) -> None:
    form = typed(make="on", new_name="Havnens Røgeri ApS", new_cvr="99 21 77 71")
    assert as_consultant.post("/samtaler/ny/", form).status_code == 302
    firm = Organisation.objects.get()
    assert (firm.name, firm.cvr, firm.operator) == ("Havnens Røgeri ApS", "99217771", operator)
    talk = Interaction.objects.get()
    assert list(talk.organisations.all()) == [firm]
    assert FollowUp.objects.get().organisation == firm
    as_consultant.post("/samtaler/ny/", form)
    assert (Organisation.objects.count(), Interaction.objects.count()) == (1, 1)


@pytest.mark.parametrize(
    ("values", "told"),
    [({"new_name": ""}, "Skriv, hvad virksomheden hedder."), ({"new_cvr": "123"}, "otte cifre")],
    ids=["no name", "bad number"],
)
def test_what_is_missing_is_told_with_the_text_kept(
    as_consultant: Client, operator: Operator, values: dict[str, str], told: str
) -> None:
    page = as_consultant.post(
        "/samtaler/ny/", typed(make="on", **{"new_name": "R", **values})
    ).content.decode()
    assert told in page
    assert SAID in page
    assert not Organisation.objects.exists()


def test_a_number_that_is_there_is_refused_and_no_note_is_left_behind(
    as_consultant: Client, operator: Operator
) -> None:
    OrganisationFactory(operator=operator, cvr="99217771")
    page = as_consultant.post(
        "/samtaler/ny/", typed(make="on", new_name="R", new_cvr="99217771")
    ).content.decode()
    assert SAID in page
    assert not Interaction.objects.exists()


def test_a_note_that_cannot_be_written_leaves_no_firm(operator: Operator, consultant: User) -> None:
    def nothing_said(firm: Organisation):
        return note(firm, consultant, text="")

    with pytest.raises(Exception, match="Skriv"):
        new_firm.write(operator, {"name": "R"}, nothing_said, user=consultant)
    assert not Organisation.objects.exists()
    with pytest.raises(NotYourOffice):
        new_firm.write(operator, {"name": "R"}, nothing_said, user=user_as(Role.CONSULTANT))


def test_while_one_types_the_note_page_offers_it_and_others_do_not(
    as_consultant: Client, operator: Operator
) -> None:
    asked = {"organisation_search": "99217771"}
    assert (
        'value="99217771"'
        in as_consultant.get("/samtaler/find-virksomhed/", {**asked, "ny": "1"}).content.decode()
    )
    assert "Er den ikke" not in as_consultant.get("/samtaler/find-virksomhed/", asked).content.decode()
