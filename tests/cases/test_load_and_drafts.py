# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Who has too much, applicants outside the register, and what an applicant has only begun."""

from __future__ import annotations

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from brobygger.accounts.models import AuditEntry, Operator, Role, User
from brobygger.blueprints import services as blueprints
from brobygger.cases.errors import NotADraft, NotYours
from brobygger.cases.models import Case, CaseDocument, CaseLimit
from brobygger.cases.queries.lists import limits, load
from brobygger.cases.services import contents, documents, opening
from brobygger.market.models import Listing, Match
from brobygger.register.models import Organisation
from tests.cases.made import TRIAL, day, fresh, opened, shown, trial
from tests.dialogue.made import step
from tests.factories import (
    ListingFactory,
    MatchFactory,
    OperatorFactory,
    OrganisationFactory,
    firm_user,
    user_as,
)

PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
KEY = "6e0cbe0c-3c0b-4f0e-9c3b-0a5d5a5f2f3e"


# Who has too much


def test_the_head_sets_limits_and_whoever_is_above_stands_first(
    operator, consultant, sign_in, as_consultant
) -> None:
    busy, head = user_as(Role.CONSULTANT, operator, name="Travle Tove"), user_as(Role.HEAD, operator)
    for number in range(3):
        opened(operator, officer=busy, title=f"Sag {number}")
        opened(operator, officer=consultant, title=f"Anden {number}")
    client = sign_in(head)
    shown(client, "/sager/hvem-har-hvad/loft/")
    client.post("/sager/hvem-har-hvad/loft/", {"alle": "5", f"p{busy.pk}": "2"})
    page = shown(as_consultant, "/sager/hvem-har-hvad/")
    assert "1 for mange" in page
    assert page.index(f"?hvem={busy.pk}") < page.index(f"?hvem={consultant.pk}")
    rows = {row.officer: row for row in load(consultant, operator)}
    assert (rows[busy].over, rows[busy].limit, rows[consultant].limit) == (1, 2, 5)
    held = {"opened_alle": "5", f"opened_p{busy.pk}": "2"}
    client.post("/sager/hvem-har-hvad/loft/", {"alle": "", f"p{busy.pk}": "", **held})
    assert not CaseLimit.objects.exists()


def test_who_has_what_follows_the_matches_as_they_are_written(operator, consultant) -> None:
    def running() -> int:
        return next(row.matches for row in load(consultant, operator) if row.officer == consultant)

    assert running() == 0
    match = MatchFactory(operator=operator, consultant=consultant)
    assert running() == 1
    match.stage = Match.Stage.ENDED
    match.save()
    assert running() == 0


def test_a_match_on_what_a_neighbour_has_made_confidential_is_nobodys(operator, consultant) -> None:
    have = ListingFactory(operator=OperatorFactory())
    MatchFactory(operator=operator, consultant=consultant, have=have)
    assert sum(row.matches for row in load(consultant, operator)) == 1
    have.visibility = Listing.Visibility.BROKER
    have.save()
    assert sum(row.matches for row in load(consultant, operator)) == 0


def as_typed(client: Client, **typed: int) -> dict[str, str]:
    """The page of limits as it stands, with some numbers written over."""
    fields = client.get("/sager/hvem-har-hvad/loft/").context["form"]
    stood = {field.html_name: str(field.value() or "") for field in fields}
    return {**stood, **{name: str(number) for name, number in typed.items()}}


def test_two_who_set_limits_at_once_lose_nothing(operator, consultant, sign_in) -> None:
    one, other = (sign_in(user_as(Role.HEAD, operator)) for _number in range(2))
    first, second = as_typed(one, alle=7), as_typed(other, **{f"p{consultant.pk}": 3})
    one.post("/sager/hvem-har-hvad/loft/", first)
    other.post("/sager/hvem-har-hvad/loft/", second)
    assert limits(operator) == {None: 7, consultant.pk: 3}


def test_who_writes_the_same_limit_at_once_is_told_what_stands(operator, consultant, sign_in) -> None:
    one, other = (sign_in(user_as(Role.HEAD, operator)) for _number in range(2))
    first, second = as_typed(one, alle=7), as_typed(other, alle=9)
    one.post("/sager/hvem-har-hvad/loft/", first)
    answer = other.post("/sager/hvem-har-hvad/loft/", second)
    assert "Der står nu 7." in answer.content.decode()
    assert limits(operator) == {None: 7}
    again = {field.html_name: str(field.value() or "") for field in answer.context["form"]}
    other.post("/sager/hvem-har-hvad/loft/", again)
    assert limits(operator) == {None: 9}


def test_only_the_head_sets_limits(operator, as_consultant, sign_in) -> None:
    assert as_consultant.post("/sager/hvem-har-hvad/loft/", {"alle": "5"}).status_code == 403
    foreign = sign_in(user_as(Role.HEAD))
    foreign.post("/sager/hvem-har-hvad/loft/", {"alle": "5"})
    assert not CaseLimit.objects.filter(operator=operator).exists()


def test_follow_ups_are_counted_too_and_the_page_asks_no_more_with_more_people(
    operator, firm, consultant, as_consultant
) -> None:
    step(firm, consultant)
    assert next(row for row in load(consultant, operator) if row.officer == consultant).follow_ups == 1
    counts = []
    for _ in range(2):
        opened(operator, officer=user_as(Role.CONSULTANT, operator))
        with CaptureQueriesContext(connection) as found:
            shown(as_consultant, "/sager/hvem-har-hvad/")
        counts.append(len(found))
    assert counts[0] == counts[1]


# Applicants outside the register


def test_an_applicant_outside_the_register_stands_in_list_board_and_workbook(operator, as_consultant) -> None:
    opened(operator, applicant_name="Bodil Bygherre")
    assert "Bodil Bygherre" in shown(as_consultant, "/sager/")
    assert "Bodil Bygherre" in shown(as_consultant, "/sager/tavle/")
    sheet = load_workbook(io.BytesIO(as_consultant.get("/sager/regneark/").content)).active
    assert "Bodil Bygherre" in str(list(sheet.iter_rows(values_only=True)))
    with CaptureQueriesContext(connection) as few:
        shown(as_consultant, "/sager/")
    opened(operator, applicant_name="Bjarne Bygherre")
    with CaptureQueriesContext(connection) as many:
        shown(as_consultant, "/sager/")
    assert len(few) == len(many)


# What is only begun


def test_an_applicant_reads_what_it_is_and_a_double_click_makes_one_case(operator, firm, sign_in) -> None:
    trial(
        operator,
        TRIAL.replace(
            "applicant_may_open: true", "applicant_may_open: true\napplicant_intro: Op til 500.000 kr."
        ),
    )
    client = sign_in(firm_user(firm))
    address = f"/sager/mine/ny/{firm.pk}/trial/"
    page = shown(client, address)
    assert "Op til 500.000 kr." in page
    assert 'name="entry_key"' in page
    for _ in range(2):
        client.post(address, {"title": "Vores idé", "entry_key": KEY})
    assert Case.objects.count() == 1


def test_the_loan_tells_its_cap_and_its_jobs_before_one_begins(operator, firm, sign_in) -> None:
    blueprints.adopt_shipped(operator, "case_type", "concept_loan", user=None)
    page = shown(sign_in(firm_user(firm)), f"/sager/mine/ny/{firm.pk}/concept_loan/")
    assert "500.000 kr." in page
    assert "ti arbejdspladser" in page


def test_whoever_acts_for_many_firms_can_begin_for_each(operator, sign_in) -> None:
    trial(operator)
    firms = [OrganisationFactory(operator=operator) for _ in range(5)]
    user = firm_user(firms[0])
    from brobygger.register.models import Affiliation

    for firm in firms[1:]:
        Affiliation.objects.create(person=user.people.get(), organisation=firm, may_act=True)
    page = shown(sign_in(user), "/sager/mine/")
    for firm in firms:
        assert f"/sager/mine/ny/{firm.pk}/trial/" in page


def test_what_the_gate_asks_for_is_not_called_voluntary(operator, firm, sign_in) -> None:
    case = opened(operator, organisation=firm)
    page = shown(sign_in(firm_user(firm)), f"/sager/mine/{case.pk}/oplysninger/")
    assert "skal udfyldes, før sagen går videre" in page
    assert "frivilligt" in page, "the rest is"


def begun(operator: Operator, firm: Organisation, user: User) -> Case:
    trial(operator)
    return opening.open_case(
        operator, "trial", title="Vores idé", subtype="small", user=user, organisation=firm
    )


def test_a_draft_is_deleted_with_its_files_and_that_is_recorded(operator, firm, sign_in) -> None:
    owner = firm_user(firm)
    case = begun(operator, firm, owner)
    documents.add(case, SimpleUploadedFile("b.pdf", PDF, "application/pdf"), kind="budget", user=owner)
    assert CaseDocument.objects.exists()
    client = sign_in(owner)
    assert f"/sager/mine/{case.pk}/slet/" in shown(client, f"/sager/mine/{case.pk}/")
    shown(client, f"/sager/mine/{case.pk}/slet/")
    assert Case.objects.exists(), "asking deletes nothing"
    client.post(f"/sager/mine/{case.pk}/slet/")
    assert not Case.objects.exists()
    assert AuditEntry.objects.filter(action="case_draft_deleted").exists()


def test_what_the_office_has_begun_on_is_not_deleted(operator, firm, consultant, sign_in) -> None:
    owner = firm_user(firm)
    case = begun(operator, firm, owner)
    contents.note(case, "Ringet", user=consultant)
    assert "/slet/" not in shown(sign_in(owner), f"/sager/mine/{case.pk}/")
    assert sign_in(owner).post(f"/sager/mine/{case.pk}/slet/").status_code == 404
    with pytest.raises(NotADraft):
        opening.discard(fresh(case), user=owner)
    with pytest.raises(NotADraft):
        opening.discard(opened(operator, organisation=firm, on=day()), user=owner)


def test_nobody_else_deletes_a_draft(operator, firm, consultant, sign_in) -> None:
    case = begun(operator, firm, firm_user(firm))
    other = firm_user(OrganisationFactory(operator=operator))
    for user in (other, consultant):
        assert sign_in(user).post(f"/sager/mine/{case.pk}/slet/").status_code == 404
        with pytest.raises(NotYours):
            opening.discard(case, user=user)
