# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""New firms are written to once, by mail only where that is allowed, and it is noted as a letter."""

from __future__ import annotations

import contextlib
import re
import zlib

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from brobygger.accounts.models import Operator
from brobygger.base.models import Job, Letter
from brobygger.blueprints import queries as blueprints
from brobygger.blueprints.errors import NotAdopted
from brobygger.dialogue.models import Interaction
from brobygger.outreach import wording
from brobygger.outreach.errors import BadValues, NobodyNew, NotYourOffice
from brobygger.outreach.letters_pdf import merged
from brobygger.outreach.models import BookingLink, MailAddress, Welcome, WelcomeRound
from brobygger.outreach.queries import new_firms
from brobygger.outreach.services import consents, welcome
from brobygger.register.models import Organisation
from tests.factories import user_as
from tests.market.at_once import at_once
from tests.outreach import made

pytestmark = pytest.mark.django_db
Q1 = made.Q1


def test_every_new_firm_gets_one_letter_with_its_own_link(operator, consultant, letter):
    firms = [made.new_firm(operator), made.new_firm(operator, ad_protected=True)]
    round_ = made.written(operator, consultant)
    assert {row.organisation for row in round_.letters.all()} == set(firms)
    for row in round_.letters.all():
        assert row.organisation.name in row.body
        assert row.link.address in row.body
        assert row.link.organisation == row.organisation
        assert "Kommune" in row.subject
        assert "{" not in row.body
    assert Letter.objects.count() == 0


def test_a_letter_is_noted_among_the_firms_talks_for_the_firm_to_see(operator, consultant, letter):
    firm = made.new_firm(operator)
    made.written(operator, consultant)
    note = Interaction.objects.get(organisations=firm)
    assert (note.kind, note.private, note.by) == ("letter", False, consultant)
    assert Welcome.objects.get().interaction == note


def test_no_firm_gets_it_twice_in_a_series(operator, consultant, letter):
    firm = made.new_firm(operator)
    round_ = made.written(operator, consultant)
    assert welcome.carry_out(round_, lambda done, total: None) == 0
    with pytest.raises(NobodyNew):
        welcome.start(operator, Q1, by_mail=False, user=consultant)
    late = made.new_firm(operator, "2026-03-01")
    second = made.written(operator, consultant)
    assert [row.organisation for row in second.letters.all()] == [late]
    with pytest.raises(IntegrityError), transaction.atomic():
        Welcome.objects.create(
            operator=operator, round=second, organisation=firm, series="velkomstbrev", body="igen"
        )


def test_two_presses_of_the_same_form_are_one_round(operator, consultant, letter):
    from uuid import uuid4

    made.new_firm(operator)
    key = uuid4()
    first = welcome.start(operator, Q1, by_mail=False, user=consultant, entry_key=key)
    assert welcome.start(operator, Q1, by_mail=False, user=consultant, entry_key=key) == first
    assert Job.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_rounds_at_the_same_moment_write_to_each_firm_once(operator, consultant, letter, tmp_path):
    for _ in range(4):
        made.new_firm(operator)
    rounds = [welcome.start(operator, Q1, by_mail=True, user=consultant).pk for _ in range(2)]

    def work(pk):
        return lambda: welcome.carry_out(WelcomeRound.objects.get(pk=pk), lambda done, total: None)

    faults, told = at_once(
        tmp_path,
        [work(pk) for pk in rounds],
        lambda: (
            Welcome.objects.count(),
            Letter.objects.count(),
            Interaction.objects.count(),
            BookingLink.objects.count(),
        ),
    )
    assert faults == []
    assert told == (4, 4, 4, 4)


def test_by_mail_it_goes_to_those_who_may_be_written_to_so(operator, consultant, letter):
    made.new_firm(operator, name="Åben", email="aaben@example.invalid")
    made.new_firm(operator, name="Beskyttet", email="beskyttet@example.invalid", ad_protected=True)
    yes = made.new_firm(operator, name="Beskyttet ja", email="ja@example.invalid", ad_protected=True)
    made.consent(yes, consultant, "ja@example.invalid")
    no = made.new_firm(operator, name="Trukket", email="nej@example.invalid")
    consents.unsubscribe(made.consent(no, consultant, "nej@example.invalid").token)
    made.new_firm(operator, name="Død", email="Doed@example.invalid")
    MailAddress.objects.create(operator=operator, email="doed@example.invalid", dead_at=timezone.now())
    made.new_firm(operator, name="Uden", email="")
    round_ = made.written(operator, consultant, by_mail=True)
    assert round_.letters.count() == 6
    assert sorted(to for (to,) in Letter.objects.values_list("to", flat=True)) == [
        "aaben@example.invalid",
        "ja@example.invalid",
    ]


def test_an_office_that_is_no_municipality_mails_only_who_said_yes(operator, consultant, letter):
    operator.kind = Operator.Kind.ASSOCIATION
    operator.save()
    open_firm = made.new_firm(operator, email="aaben@example.invalid")
    assert welcome.why_not_mailed(operator, open_firm) == welcome.NO_CONSENT
    made.consent(open_firm, consultant)
    assert welcome.why_not_mailed(operator, open_firm) == ""


def test_only_the_offices_own_make_letters_and_only_with_a_letter_in_use(operator, consultant):
    made.new_firm(operator)
    with pytest.raises(NotAdopted):
        welcome.start(operator, Q1, by_mail=False, user=consultant)
    with pytest.raises(NotYourOffice):
        welcome.start(operator, Q1, by_mail=False, user=user_as("consultant"))


def test_the_delivered_letters_can_be_read_and_filled_in(operator):
    delivered = {one.content.key: one.content for one in blueprints.shipped("letter")}
    assert {"velkomstbrev", "nyhedsbrev", "invitation"} <= delivered.keys()
    assert "{samtale_link}" in delivered["velkomstbrev"].body
    assert delivered["velkomstbrev"].signatures == ["Borgmester", "Erhvervschef"]


def unpacked(pdf: bytes) -> bytes:
    """A PDF with its compressed parts opened."""
    parts = [pdf]
    for packed in re.findall(rb"stream\r?\n(.*?)\r?\nendstream", pdf, re.DOTALL):
        with contextlib.suppress(zlib.error):
            parts.append(zlib.decompress(packed))
    return b"\n".join(parts)


def pages(pdf: bytes) -> int:
    return len(re.findall(rb"/Type\s*/Page\b(?!s)", unpacked(pdf)))


def test_the_letters_are_one_accessible_pdf_with_a_page_for_each(operator, consultant, letter):
    for number in range(3):
        made.new_firm(operator, name=f"Firma #{number} *[$x$] \\ {{kode}} @ <a>")
    round_ = made.written(operator, consultant)
    content = merged(operator, "Breve", list(new_firms.letters_of(round_)), ["Borgmester"])
    assert content.startswith(b"%PDF-")
    assert (
        content.count(b"/Type /Page\n") + content.count(b"/Type/Page\n") + content.count(b"/Type /Page/") >= 0
    )
    assert b"pdfuaid:part" in unpacked(content)
    assert pages(content) == 3


def test_a_long_letter_goes_on_and_the_next_still_begins_on_its_own_page(operator, consultant, letter):
    for _ in range(2):
        made.new_firm(operator)
    round_ = made.written(operator, consultant)
    rows = list(new_firms.letters_of(round_))
    rows[0].body = "\n\n".join(["Et langt afsnit. " * 40] * 12)
    content = merged(operator, "Breve", rows, [])
    assert pages(content) >= 3


def test_a_line_with_nothing_in_it_is_left_out_and_a_hole_in_a_sentence_is_told(operator, consultant, letter):
    firm = made.new_firm(operator)
    Operator.objects.update(phone="", email="kontor@example.invalid")
    seen = welcome.preview(Organisation.objects.get(pk=firm.pk), user=consultant)
    assert "Telefon:" not in seen.text.body
    assert "E-mail: kontor@example.invalid" in seen.text.body
    assert seen.text.holes == []
    assert seen.text.gone == [wording.Gone("Telefon: {kontor_telefon}", ["kontorets telefon"])]
    values = {"kontor_telefon": "", "kontor_mail": "k@example.invalid", "kontor": "Kontoret"}
    both = "Ring på {kontor_telefon} eller skriv til {kontor_mail}.\nTelefon: {kontor_telefon}"
    found = wording.written("Emne", both, values)
    assert found.body == "Ring på  eller skriv til k@example.invalid."
    assert found.holes == ["kontorets telefon"]
    assert wording.written("Emne", "Uden felter {{så}}", values).body == "Uden felter {så}"


@pytest.mark.parametrize(
    ("subject", "becomes"),
    [("{kommune}", "Brev fra Kontoret"), ("{kommune}!", "Brev fra Kontoret"), ("Nyt i {kommune}", "Nyt i")],
)
def test_the_subject_never_falls_out_and_what_it_lacks_is_told(subject, becomes):
    found = wording.written(subject, "Kære I", {"kommune": "", "kontor": "Kontoret"})
    assert (found.subject, found.holes, found.gone) == (becomes, ["virksomhedens kommune"], [])


def test_those_who_sign_stand_under_every_letter_and_are_remembered(
    as_consultant, operator, consultant, letter
):
    made.new_firm(operator)
    typed = {
        "kvartal": Q1.key,
        "signed_by": "Tina Prøve, borgmester\n\n Bo Prøve,  erhvervschef ",
        "by_mail": "1",
    }
    as_consultant.post("/kontakt/nye-virksomheder/lav-breve/", typed)
    round_ = WelcomeRound.objects.get()
    assert round_.signatures == ["Tina Prøve, borgmester", "Bo Prøve, erhvervschef"]
    welcome.carry_out(round_, lambda done, total: None)
    assert "Tina Prøve, borgmester\nBo Prøve, erhvervschef" in Letter.objects.get().body
    made.new_firm(operator)
    assert (
        "Tina Prøve"
        in as_consultant.get(f"/kontakt/nye-virksomheder/brevet/?kvartal={Q1.key}").content.decode()
    )
    with pytest.raises(BadValues):
        welcome.start(operator, Q1, by_mail=False, user=consultant, signed_by="a\nb\nc\nd\ne")
