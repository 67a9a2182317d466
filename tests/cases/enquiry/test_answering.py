# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""An investor's enquiry from the first call to its answer and what became of it (catalogue of good practice, case 15)."""

from __future__ import annotations

import base64

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from brobygger.accounts.models import Role
from brobygger.base.models import Letter
from brobygger.blueprints import services as blueprints
from brobygger.cases.enquiry import queries, services
from brobygger.cases.enquiry.errors import (
    BadAddress,
    NoIndustry,
    OldFigures,
    UnknownIndustry,
    UnknownMunicipality,
)
from brobygger.cases.enquiry.models import ProspectusVersion
from brobygger.cases.enquiry.scope import _industries, scope_of
from brobygger.cases.errors import BadValues, CaseIsOver, NotReady, NotYours
from brobygger.cases.models import Case, CaseDuty
from brobygger.cases.services import contents, opening
from brobygger.cases.services.correcting import take_back
from brobygger.cases.services.moving import move
from brobygger.register.models import Organisation
from tests.factories import ListingFactory, OperatorFactory, OrganisationFactory, user_as


@pytest.fixture
def case(operator, consultant) -> Case:
    blueprints.adopt_shipped(operator, "case_type", "investor_enquiry", user=None)
    OrganisationFactory(operator=operator, name="Bryggeriet Humle", employees=40)
    OrganisationFactory(operator=operator, name="Mejeriet Fløde", industry="105100", employees=60)
    return opening.open_case(
        operator,
        "investor_enquiry",
        title="Slagteri søger sted",
        user=consultant,
        officer=consultant,
        values={"investor": "Prøveslagteriet", "industries": "10 Fødevarer, 11", "jobs": 300},
    )


def go(case, key, user, **more):
    fresh = Case.objects.get(pk=case.pk)
    return move(fresh, key, user=user, expected=fresh.version, **more)


def text_of(answer):
    return answer.content.decode()


def test_from_the_first_call_to_the_move_in(case, consultant, as_consultant):
    go(case, "take_on", consultant)
    page = as_consultant.post(
        reverse("enquiry:make", args=[case.pk]), {"introduction": "Her er plads."}, follow=True
    )
    assert "Her er plads." in text_of(page)
    assert "Mejeriet Fløde" in text_of(page)
    version = ProspectusVersion.objects.get()
    as_consultant.post(
        reverse("enquiry:send", args=[version.pk]), {"to": "investor@example.invalid", "message": "Hej"}
    )
    letter = Letter.objects.get()
    (attached,) = letter.attachments
    assert base64.b64decode(attached["data"]).startswith(b"%PDF")
    assert reverse("enquiry:public", args=[version.token]) in letter.body
    fresh = Case.objects.get(pk=case.pk)
    contents.tick(fresh, ["read"], user=consultant, expected=fresh.version)
    go(case, "answer", consultant)
    duty = CaseDuty.objects.get()
    assert (duty.due_on - timezone.localdate()).days == 30
    assert not duty.of_applicant
    go(case, "landed", consultant)
    assert Case.objects.get(pk=case.pk).outcome == "granted"


def test_an_answer_that_is_taken_back_leaves_nothing_to_ask_about(case, consultant):
    go(case, "take_on", consultant)
    version = services.make(case, introduction="", user=consultant)
    services.send(version, to="investor@example.invalid", message="Hej", user=consultant)
    fresh = Case.objects.get(pk=case.pk)
    contents.tick(fresh, ["read"], user=consultant, expected=fresh.version)
    answered = go(case, "answer", consultant)
    assert CaseDuty.objects.count() == 1
    event = answered.events.get(name="answer")
    take_back(answered, event, reason="For tidligt", user=consultant, expected=answered.version)
    assert not CaseDuty.objects.exists()


def test_it_is_not_answered_before_a_prospectus_was_sent(case, consultant):
    go(case, "take_on", consultant)
    services.make(case, introduction="", user=consultant)
    fresh = Case.objects.get(pk=case.pk)
    contents.tick(fresh, ["read"], user=consultant, expected=fresh.version)
    with pytest.raises(NotReady) as told:
        go(case, "answer", consultant)
    assert told.value.missing == ["Der er ikke sendt noget prospekt endnu."]


def test_each_version_keeps_its_days_figures(case, consultant, operator):
    first = services.make(case, introduction="", user=consultant)
    OrganisationFactory(operator=operator, employees=10)
    second = services.make(case, introduction="", user=consultant)
    jobs = [
        next(figure["value"] for figure in version.body["figures"] if figure["key"] == "jobs")
        for version in (first, second)
    ]
    assert (jobs, second.number) == (["100", "110"], 2)
    with pytest.raises(OldFigures):
        services.send(first, to="a@example.invalid", message="x", user=consultant)


def test_a_listing_that_became_confidential_is_gone_from_older_versions_too(case, consultant, operator):
    firm = OrganisationFactory(operator=operator)
    hall = ListingFactory(organisation=firm, kind="premises", resource_type="", text="Hallen", area_m2=500)
    version = services.make(case, introduction="", user=consultant)
    assert [row["text"] for row in queries.shown(version)["sites"]] == ["Hallen"]
    hall.visibility = "broker"
    hall.save()
    body = queries.shown(version)
    assert (body["sites"], body["left_out"]) == ([], 1)
    services.send(version, to="a@example.invalid", message="x", user=consultant)
    page = Client().get(reverse("enquiry:public", args=[version.token]))
    assert "Hallen" not in text_of(page)


def test_a_firm_that_came_under_advertising_protection_is_named_in_no_version(
    case, consultant, client
) -> None:
    version = services.make(case, introduction="", user=consultant)
    services.send(version, to="investor@example.invalid", message="Hej", user=consultant)
    address = reverse("enquiry:public", args=[version.token])
    assert "Mejeriet Fløde" in text_of(client.get(address))
    Organisation.objects.filter(name="Mejeriet Fløde").update(ad_protected=True)
    page = text_of(client.get(address))
    assert "Mejeriet Fløde" not in page
    assert "Bryggeriet Humle" in page


def test_the_investors_page_opens_when_sent_and_while_the_public_site_is_on(case, consultant, operator):
    version = services.make(case, introduction="Velkommen", user=consultant)
    address = reverse("enquiry:public", args=[version.token])
    assert Client().get(address).status_code == 404
    services.send(version, to="a@example.invalid", message="x", user=consultant)
    answer = Client().get(address)
    assert answer.status_code == 200
    assert answer["X-Robots-Tag"] == "noindex"
    assert "Velkommen" in text_of(answer)
    assert "Prøveslagteriet" not in text_of(answer)  # who asked is nobody else's business
    assert Client().get(reverse("enquiry:public_pdf", args=[version.token])).content.startswith(b"%PDF")
    operator.portal_open = False
    operator.save()
    assert Client().get(address).status_code == 404


@pytest.mark.parametrize(
    ("values", "error"),
    [
        ({"industries": ""}, NoIndustry),
        ({"industries": "10", "municipalities": "Paris"}, UnknownMunicipality),
        ({"industries": "10", "municipalities": "Roskilde"}, UnknownMunicipality),
    ],
)
def test_what_cannot_be_computed_is_told(case, consultant, values, error):
    fresh = Case.objects.get(pk=case.pk)
    contents.fill_in(fresh, values, user=consultant, expected=fresh.version)
    with pytest.raises(error):
        services.make(case, introduction="", user=consultant)
    assert not ProspectusVersion.objects.exists()


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("fødevarer", "»fødevarer« kan være Fremstilling af fødevarer (10)"),
        ("00", "Ingen branchekode begynder med 00."),
        ("1", "Skriv mindst to cifre af branchekoden i stedet for 1."),
        ("qwxz", "Vi fandt ingen branche, der hedder »qwxz«."),
    ],
)
def test_an_industry_that_is_none_or_several_is_refused_with_a_sentence(case, consultant, typed, said):
    with pytest.raises(BadValues) as refused:
        contents.fill_in(case, {"industries": typed}, user=consultant, expected=None)
    assert said in refused.value.faults["industries"]


def test_a_definition_from_before_the_picker_still_tells_what_is_wrong():
    with pytest.raises(UnknownIndustry):
        _industries("00")


def test_a_word_comes_back_as_boxes_to_tick_without_javascript(case, as_consultant):
    address = reverse("cases:fill_in", args=[case.pk])
    version = Case.objects.get(pk=case.pk).version
    page = text_of(as_consultant.post(address, {"industries": "fødevarer", "opened_version": version}))
    assert "passer på flere brancher. Sæt kryds" in page
    assert 'name="industries-valgt" value="10" ' in page
    assert "Fremstilling af fødevarer (10)" in page
    typed = {
        "industries-valgt": ["10"],
        "industries": "Fremstilling af drikkevarer (11)",
        "opened_version": version,
    }
    shown = text_of(as_consultant.post(address, typed, follow=True))
    assert "Fremstilling af fødevarer (10), Fremstilling af drikkevarer (11)" in shown
    assert Case.objects.get(pk=case.pk).value("industries") == "10, 11"
    form = text_of(as_consultant.get(address))
    assert 'value="11" id="id_industries-11" checked' in form
    typed = {
        "industries-valgt": ["11"],
        "industries": "",
        "opened_version": Case.objects.get(pk=case.pk).version,
    }
    as_consultant.post(address, typed)
    assert Case.objects.get(pk=case.pk).value("industries") == "11"


@pytest.mark.parametrize(
    ("typed", "codes"), [("10.51, 11", ("1051", "11")), ("10, 105, 1051", ("10",)), ("10 Mad og 11 Drikke", ("10", "11"))]
)  # fmt: skip
def test_industries_are_read_as_people_write_them(case, consultant, typed, codes):
    fresh = Case.objects.get(pk=case.pk)
    contents.fill_in(
        fresh,
        {"industries": typed, "municipalities": "Lejre Kommune"},
        user=consultant,
        expected=fresh.version,
    )
    scope = scope_of(Case.objects.get(pk=case.pk))
    assert (scope.industries, scope.municipalities) == (codes, ("0350",))


def test_lines_are_left_out_and_added_before_it_is_sent_and_the_first_version_stays(
    case, operator, consultant, as_consultant
):
    dairy, web = (
        OrganisationFactory(operator=operator, name=name, industry=code)
        for name, code in (("Mejeriet Smør", "105100"), ("Webhuset", "620100"))
    )
    ListingFactory(organisation=dairy, kind="competence", resource_type="", text="Ostemager til leje")
    ListingFactory(
        organisation=dairy, kind="competence", resource_type="", text="Mejerist søger ekstra opgaver"
    )
    ListingFactory(organisation=web, kind="competence", resource_type="", text="Webdesign")
    made = services.make(case, introduction="", user=consultant)
    address = reverse("enquiry:lines", args=[made.pk])
    page = text_of(as_consultant.get(address))
    assert "Ostemager til leje" in page
    assert "Webdesign" in page
    keys = {text: key for _part, rows in queries.lines(made) for key, text, _inside in rows}
    wanted = [key for text, key in keys.items() if text.startswith(("Ostemager", "Webdesign"))]
    page = text_of(as_consultant.post(address, {"linje": wanted}, follow=True))
    assert "Ostemager til leje" in page
    assert "Webdesign" in page
    assert "Mejerist søger" not in page
    assert "De største virksomheder" not in page
    newest = ProspectusVersion.objects.get(number=2)
    assert newest.as_of == made.as_of
    assert next(f["value"] for f in newest.body["figures"] if f["key"] == "skills") == "2"
    assert "Mejerist søger ekstra opgaver" in str(ProspectusVersion.objects.get(number=1).body["skills"])
    as_consultant.post(address, {"linje": []})
    assert ProspectusVersion.objects.count() == 2, "an old version is not the ground for a new one"
    services.send(newest, to="a@example.invalid", message="x", user=consultant)
    public = text_of(Client().get(reverse("enquiry:public", args=[newest.token])))
    assert "Mejerist søger" not in public
    with pytest.raises(NotYours):
        services.choose(newest, set(), user=user_as(Role.CONSULTANT, OperatorFactory()))


def test_a_fault_is_told_on_the_page_and_the_text_stays(case, consultant, as_consultant):
    fresh = Case.objects.get(pk=case.pk)
    contents.fill_in(fresh, {"industries": ""}, user=consultant, expected=fresh.version)
    page = text_of(as_consultant.post(reverse("enquiry:make", args=[case.pk]), {"introduction": "Min tekst"}))
    assert "Vælg i sagen, hvilken branche det gælder." in page
    assert "Min tekst" in page


def test_a_bad_address_sends_nothing(case, consultant):
    version = services.make(case, introduction="", user=consultant)
    with pytest.raises(BadAddress):
        services.send(version, to="ingen adresse", message="x", user=consultant)
    assert not Letter.objects.exists()


def test_nobody_else_reads_makes_or_sends(case, consultant, operator, sign_in):
    version = services.make(case, introduction="", user=consultant)
    strangers = [
        (user_as(Role.CONSULTANT, OperatorFactory()), 404),
        (user_as(Role.PARTNER, operator), 403),
        (user_as(Role.ADMIN, operator), 403),
    ]
    for person, status in strangers:
        browser = sign_in(person)
        for name, key in (
            ("make", case.pk),
            ("prospectus", version.pk),
            ("pdf", version.pk),
            ("send", version.pk),
        ):
            assert browser.get(reverse(f"enquiry:{name}", args=[key])).status_code == status
            posted = browser.post(
                reverse(f"enquiry:{name}", args=[key]), {"to": "a@b.invalid", "message": "x"}
            )
            assert posted.status_code == status
        with pytest.raises(NotYours):
            services.make(case, introduction="", user=person)
    assert ProspectusVersion.objects.count() == 1
    assert not Letter.objects.exists()


def test_nothing_is_made_in_a_case_that_is_over(case, consultant):
    go(case, "drop", consultant, reason="De ombestemte sig")
    with pytest.raises(CaseIsOver):
        services.make(case, introduction="", user=consultant)


def test_the_pdf_is_for_the_archive_and_for_everybody(case, consultant):
    made = queries.as_pdf(services.make(case, introduction="Æ *ø* #å", user=consultant))
    assert b"<pdfuaid:part>1</pdfuaid:part>" in made
    assert b"Fremstilling" in made
