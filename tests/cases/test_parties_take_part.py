# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Those who decide or advise leave remarks and documents where the definition lets them; what was voted can be read."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from brobygger.accounts.models import Operator, Role, User
from brobygger.blueprints import services as blueprints
from brobygger.blueprints.errors import BadDefinition
from brobygger.cases.errors import Conflicted, NotYours
from brobygger.cases.models import Case, CaseDocument
from brobygger.cases.services import contents, documents
from brobygger.cases.services.moving import vote
from brobygger.register.models import Affiliation, Organisation
from tests.cases.made import TRIAL, at_decision, fresh, shown, trial
from tests.factories import OrganisationFactory, PersonFactory, firm_user, user_as

PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
WRITING = (
    TRIAL.replace(
        "{key: bank, name: Bank}", "{key: bank, name: Bank, may_write: true, remarks_seen_by: [group]}"
    )
    .replace(
        "{key: spar, name: Sparringspartner, many: true}",
        "{key: spar, name: Sparringspartner, many: true, may_write: true, remarks_seen_by: [applicant]}",
    )
    .replace(
        "most_mb: 2}",
        "most_mb: 2}\n  - {key: advice, name: Bankens indstilling, by_applicant: false, by_parties: [bank], seen_by: [group]}",
    )
)


def upload(name: str = "indstilling.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, PDF, "application/pdf")


@pytest.fixture
def decided(operator: Operator, consultant: User, firm: Organisation) -> tuple[Case, User, list[User]]:
    trial(operator, WRITING)
    return at_decision(operator, consultant, organisation=firm)


def test_the_banks_remark_is_read_by_the_office_and_the_group_and_not_by_the_applicant(
    decided, firm, as_consultant, sign_in
) -> None:
    case, bank, group = decided
    client = sign_in(bank)
    assert f"/sager/{case.pk}/bemaerkning/" in shown(client, case.get_absolute_url())
    key = "6e0cbe0c-3c0b-4f0e-9c3b-0a5d5a5f2f3e"
    for _ in range(2):
        client.post(f"/sager/{case.pk}/bemaerkning/", {"text": "Vi indstiller sagen", "entry_key": key})
    assert case.events.filter(kind="remark").count() == 1
    assert "Vi indstiller sagen" in shown(client, case.get_absolute_url())
    assert "Vi indstiller sagen" in shown(sign_in(group[0]), case.get_absolute_url())
    assert "Bemærkning fra Bank" in shown(as_consultant, "/i-dag/?vis=alle")
    assert "Vi indstiller sagen" in shown(as_consultant, case.get_absolute_url())
    assert "Vi indstiller sagen" not in shown(sign_in(firm_user(firm)), f"/sager/mine/{case.pk}/")


def test_the_applicant_reads_a_remark_that_the_definition_gives_them(
    operator, consultant, decided, firm, sign_in
) -> None:
    case, bank, _group = decided
    partner = user_as(Role.PARTNER, operator)
    contents.add_party(case, "spar", user=consultant, party_user=partner)
    contents.remark(case, "Regn budgettet igennem", user=partner)
    assert "Regn budgettet igennem" in shown(sign_in(firm_user(firm)), f"/sager/mine/{case.pk}/")
    assert "Regn budgettet igennem" not in shown(sign_in(bank), case.get_absolute_url())


def test_whoever_may_not_write_does_not(operator, decided, firm, sign_in) -> None:
    case, bank, group = decided
    with pytest.raises(NotYours):
        contents.remark(case, "x", user=group[0])
    with pytest.raises(NotYours):
        documents.add(case, upload(), kind="advice", user=group[0])
    with pytest.raises(NotYours):
        documents.add(case, upload(), kind="budget", user=bank)
    with pytest.raises(NotYours):
        documents.add(case, upload(), kind="", user=bank)
    with pytest.raises(NotYours):
        documents.add(case, upload(), kind="advice", user=firm_user(firm))
    assert sign_in(group[0]).post(f"/sager/{case.pk}/bemaerkning/", {"text": "x"}).status_code == 404
    assert sign_in(user_as(Role.PARTNER, operator)).get(f"/sager/{case.pk}/bilag/").status_code == 404


def test_a_partial_bank_writes_nothing_and_sees_nothing(operator, decided, firm, sign_in) -> None:
    case, bank, _group = decided
    Affiliation.objects.create(person=PersonFactory(operator=operator, user=bank), organisation=firm)
    with pytest.raises(Conflicted):
        contents.remark(case, "x", user=bank)
    with pytest.raises(Conflicted):
        documents.add(case, upload(), kind="advice", user=bank)
    client = sign_in(bank)
    for path in ("", "bemaerkning/", "bilag/"):
        assert client.get(f"/sager/{case.pk}/{path}").status_code == 404, path


def test_the_bank_attaches_its_recommendation_for_the_group(decided, firm, sign_in) -> None:
    case, bank, group = decided
    client = sign_in(bank)
    shown(client, f"/sager/{case.pk}/bilag/")
    client.post(f"/sager/{case.pk}/bilag/", {"kind": "advice", "file": upload()})
    document = CaseDocument.objects.get()
    for user, status in ((bank, 200), (group[0], 200), (firm_user(firm), 404)):
        assert sign_in(user).get(f"/sager/dokument/{document.pk}/").status_code == status
    assert "indstilling.pdf" in shown(client, case.get_absolute_url())
    assert "indstilling.pdf" not in shown(sign_in(firm_user(firm)), f"/sager/mine/{case.pk}/")


def test_a_reason_is_asked_for_a_past_day_only_where_a_day_is_asked_for(decided, case_ways) -> None:
    assert "datoen ligger tilbage" in case_ways(dated=True)
    assert "datoen ligger tilbage" not in case_ways(dated=False)


@pytest.fixture
def case_ways(decided: Any) -> Any:
    from brobygger.cases.forms.office import WayForm

    way = decided[0].type.move("received", "complete")
    return lambda dated: str(WayForm(None, way=way, told=False, dated=dated))


def test_the_office_reads_who_voted_what_after_a_go(decided, as_consultant, sign_in, firm) -> None:
    case, bank, group = decided
    vote(case, "decide", "no", user=group[2], round=case.round, reason="For dyrt")
    for user in (bank, group[0], group[1]):
        vote(case, "decide", "yes", user=user, round=case.round)
    assert fresh(case).stage == "granted"
    page = shown(as_consultant, case.get_absolute_url())
    assert f"{group[2]}: nej (For dyrt)" in page
    assert f"Banken: {bank}: ja" in page
    assert "For dyrt" not in shown(sign_in(firm_user(firm)), f"/sager/mine/{case.pk}/")


def test_a_quorum_that_cannot_be_reached_is_told(decided, consultant, as_consultant) -> None:
    case, bank, group = decided
    assert "Tæl op nu" not in shown(as_consultant, case.get_absolute_url())
    for member in group[:2]:
        contents.recuse(case, member, user=consultant, reason="Bror")
    vote(fresh(case), "decide", "yes", user=group[2], round=case.round)
    page = shown(as_consultant, case.get_absolute_url())
    assert "Mindst 2 skal svare, og kun 1 kan." in page
    assert "Tæl op nu" not in page


def test_votes_are_counted_when_the_quorum_is_there(decided, as_consultant) -> None:
    case, _bank, group = decided
    vote(case, "decide", "yes", user=group[0], round=case.round)
    vote(case, "decide", "abstain", user=group[1], round=case.round)
    assert "Tæl op nu" in shown(as_consultant, case.get_absolute_url())


def test_a_bank_that_nobody_can_sign_in_for_is_told_with_the_way_to_invite(
    operator, consultant, decided, as_consultant
) -> None:
    case, _bank, _group = decided
    firm = OrganisationFactory(operator=operator, name="Prøvebanken")
    contents.add_party(case, "bank", user=consultant, organisation=firm)
    page = shown(as_consultant, case.get_absolute_url())
    assert "Ingen fra Prøvebanken kan logge ind endnu." in page
    assert firm.get_absolute_url() in page


def test_a_letter_that_nothing_sends_is_refused(operator: Operator) -> None:
    text = TRIAL.replace("letters:\n", "letters:\n  - {key: lost, subject: Hej, body: Hej}\n")
    with pytest.raises(BadDefinition, match="lost"):
        blueprints.adopt(operator, "case_type", text, user=None)


def test_a_letter_that_nothing_sends_does_not_stop_a_case_that_runs_on_it(operator: Operator) -> None:
    from brobygger.blueprints.kinds import read_body
    from brobygger.blueprints.models import Definition

    trial(operator)
    body = Definition.objects.get(key="trial").content.model_dump(mode="json")
    body["letters"].append({"key": "lost", "subject": "Hej", "body": "Hej"})
    assert read_body("case_type", body).letter("lost")


def test_the_building_letter_received_is_sent_when_the_case_is_opened(operator, consultant, firm) -> None:
    from brobygger.base.models import Letter
    from brobygger.cases.services.opening import open_case

    blueprints.adopt_shipped(operator, "case_type", "building_case", user=None)
    open_case(
        operator, "building_case", title="Ny hal", subtype="industry", user=consultant, organisation=firm
    )
    assert "vi har modtaget" in Letter.objects.get().subject
    open_case(operator, "building_case", title="Hentet", subtype="industry", user=None, organisation=firm)
    assert Letter.objects.count() == 1


def test_every_button_that_an_applicant_can_press_is_in_their_words() -> None:
    from brobygger.blueprints.queries import shipped

    for found in shipped("case_type"):
        for stage in found.content.stages:
            for way in stage.moves:
                assert "applicant" not in way.by or way.applicant_name, f"{found.content.key}: {way.key}"
