# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""New firms: found in their quarter, written to once, by mail only where that is allowed, and noted as a letter."""

from __future__ import annotations

import contextlib
import io
import re
import zlib
from datetime import date, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from brobygger.accounts.models import Operator
from brobygger.base.models import Job, Letter
from brobygger.blueprints import queries as blueprints
from brobygger.blueprints.errors import NotAdopted
from brobygger.blueprints.services import adopt_shipped
from brobygger.dialogue.models import Interaction
from brobygger.outreach import tasks, wording
from brobygger.outreach.errors import AlreadyWelcomed, BadValues, NobodyNew, NotYourOffice
from brobygger.outreach.letters_pdf import merged
from brobygger.outreach.models import BookingLink, MailAddress, Welcome, WelcomeRound
from brobygger.outreach.quarters import Quarter, quarter_of, read_quarter
from brobygger.outreach.queries import new_firms
from brobygger.outreach.services import consents, welcome
from brobygger.register.models import Organisation
from tests.factories import user_as
from tests.market.at_once import at_once
from tests.outreach import made

pytestmark = pytest.mark.django_db
Q1 = Quarter(date(2026, 1, 1))


@pytest.fixture
def letter(operator):
    return adopt_shipped(operator, "letter", "velkomstbrev", user=None)


def new_firm(operator, day="2026-02-03", **values):
    return made.firm(operator, founded_on=date.fromisoformat(day), **values)


def names(operator, quarter=Q1):
    return sorted(new_firms.firms(operator, quarter).values_list("name", flat=True))


def written(operator, user, *, by_mail=False):
    round_ = welcome.start(operator, Q1, by_mail=by_mail, user=user)
    welcome.carry_out(round_, lambda done, total: None)
    return round_


# Quarters ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "first", "last", "key"),
    [
        ("2026-01-01", "2026-01-01", "2026-03-31", "2026-1"),
        ("2026-03-31", "2026-01-01", "2026-03-31", "2026-1"),
        ("2024-02-29", "2024-01-01", "2024-03-31", "2024-1"),
        ("2026-06-30", "2026-04-01", "2026-06-30", "2026-2"),
        ("2026-12-31", "2026-10-01", "2026-12-31", "2026-4"),
    ],
)
def test_a_day_lies_in_its_quarter(day, first, last, key):
    quarter = quarter_of(date.fromisoformat(day))
    assert (quarter.first_day.isoformat(), quarter.last_day.isoformat(), quarter.key) == (first, last, key)
    assert quarter.next.previous == quarter
    assert read_quarter(key) == quarter


@pytest.mark.parametrize(
    "typed", ["", "2026", "2026-5", "2026-0", "x-1", "26-1", "0000-1", "9999-4", "2026-1-1", "²026-1"]
)
def test_what_is_no_quarter_is_none(typed):
    assert read_quarter(typed) is None


# Who is new ----------------------------------------------------------------------------------------------


def test_firms_that_began_in_the_quarter_in_our_municipalities_are_new(operator):
    new_firm(operator, "2026-01-01", name="Første dag")
    new_firm(operator, "2026-03-31", name="Sidste dag", kind="sole_trader")
    new_firm(operator, "2025-12-31", name="For tidligt")
    new_firm(operator, "2026-04-01", name="For sent")
    new_firm(operator, name="Andetsteds", municipality_code="0101")
    new_firm(operator, name="Ophørt", status="dissolved")
    new_firm(operator, name="Foreningen", kind="association")
    new_firm(user_as("consultant").memberships.get().operator, name="Naboens")
    assert names(operator) == ["Første dag", "Sidste dag"]


def moved(firm, to, on):
    firm.municipality_code = to
    firm.save()
    moment = datetime.fromisoformat(on).replace(tzinfo=timezone.get_default_timezone())
    row = firm.history.first()
    row.history_date = moment
    row.save()


def test_a_firm_that_moved_in_is_new_and_one_that_only_moved_is_not(operator):
    arrived = new_firm(operator, "2020-01-01", name="Tilflyttet", municipality_code="0101")
    inside = new_firm(operator, "2020-01-01", name="Flyttet internt")
    earlier = new_firm(operator, "2020-01-01", name="Flyttet ind før", municipality_code="0101")
    left = new_firm(operator, "2020-01-01", name="Fraflyttet")
    for firm in (arrived, inside, earlier, left):
        firm.history.update(history_date=datetime(2020, 1, 2, tzinfo=timezone.get_default_timezone()))
    moved(arrived, "0350", "2026-02-10")
    inside.street = "Ny vej 1"
    moved(inside, "0350", "2026-02-10")
    moved(earlier, "0350", "2025-11-10")
    moved(left, "0101", "2026-02-10")
    assert names(operator) == ["Tilflyttet"]


def test_an_old_firm_that_cvr_brings_to_a_register_long_in_use_has_moved_in(operator):
    zone = timezone.get_default_timezone()
    known = new_firm(operator, "2019-01-01", name="Har været her", source="cvr")
    known.history.update(history_date=datetime(2025, 6, 1, tzinfo=zone))
    came = new_firm(operator, "2019-01-01", name="Kom fra CVR", source="cvr")
    typed = new_firm(operator, "2019-01-01", name="Skrevet ind", source="manual")
    for firm in (came, typed):
        firm.history.update(history_date=datetime(2026, 2, 1, tzinfo=zone))
    assert names(operator) == ["Kom fra CVR"]


def test_while_the_register_is_first_filled_nobody_has_moved_in(operator):
    zone = timezone.get_default_timezone()
    for number in range(3):
        firm = new_firm(operator, "2019-01-01", source="cvr")
        firm.history.update(history_date=datetime(2026, 1, 10 + number, tzinfo=zone))
    assert names(operator) == []


# Who gets it how -----------------------------------------------------------------------------------------


def test_every_new_firm_gets_one_letter_with_its_own_link(operator, consultant, letter):
    firms = [new_firm(operator), new_firm(operator, ad_protected=True)]
    round_ = written(operator, consultant)
    assert {row.organisation for row in round_.letters.all()} == set(firms)
    for row in round_.letters.all():
        assert row.organisation.name in row.body
        assert row.link.address in row.body
        assert row.link.organisation == row.organisation
        assert "Kommune" in row.subject
        assert "{" not in row.body
    assert Letter.objects.count() == 0


def test_a_letter_is_noted_among_the_firms_talks_for_the_firm_to_see(operator, consultant, letter):
    firm = new_firm(operator)
    written(operator, consultant)
    note = Interaction.objects.get(organisations=firm)
    assert (note.kind, note.private, note.by) == ("letter", False, consultant)
    assert Welcome.objects.get().interaction == note


def test_no_firm_gets_it_twice_in_a_series(operator, consultant, letter):
    firm = new_firm(operator)
    round_ = written(operator, consultant)
    assert welcome.carry_out(round_, lambda done, total: None) == 0
    with pytest.raises(NobodyNew):
        welcome.start(operator, Q1, by_mail=False, user=consultant)
    late = new_firm(operator, "2026-03-01")
    second = written(operator, consultant)
    assert [row.organisation for row in second.letters.all()] == [late]
    with pytest.raises(IntegrityError), transaction.atomic():
        Welcome.objects.create(
            operator=operator, round=second, organisation=firm, series="velkomstbrev", body="igen"
        )


def test_two_presses_of_the_same_form_are_one_round(operator, consultant, letter):
    from uuid import uuid4

    new_firm(operator)
    key = uuid4()
    first = welcome.start(operator, Q1, by_mail=False, user=consultant, entry_key=key)
    assert welcome.start(operator, Q1, by_mail=False, user=consultant, entry_key=key) == first
    assert Job.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_rounds_at_the_same_moment_write_to_each_firm_once(operator, consultant, letter, tmp_path):
    for _ in range(4):
        new_firm(operator)
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
    new_firm(operator, name="Åben", email="aaben@example.invalid")
    new_firm(operator, name="Beskyttet", email="beskyttet@example.invalid", ad_protected=True)
    yes = new_firm(operator, name="Beskyttet ja", email="ja@example.invalid", ad_protected=True)
    made.consent(yes, consultant, "ja@example.invalid")
    no = new_firm(operator, name="Trukket", email="nej@example.invalid")
    consents.unsubscribe(made.consent(no, consultant, "nej@example.invalid").token)
    new_firm(operator, name="Død", email="Doed@example.invalid")
    MailAddress.objects.create(operator=operator, email="doed@example.invalid", dead_at=timezone.now())
    new_firm(operator, name="Uden", email="")
    round_ = written(operator, consultant, by_mail=True)
    assert round_.letters.count() == 6
    assert sorted(to for (to,) in Letter.objects.values_list("to", flat=True)) == [
        "aaben@example.invalid",
        "ja@example.invalid",
    ]


def test_an_office_that_is_no_municipality_mails_only_who_said_yes(operator, consultant, letter):
    operator.kind = Operator.Kind.ASSOCIATION
    operator.save()
    open_firm = new_firm(operator, email="aaben@example.invalid")
    assert welcome.why_not_mailed(operator, open_firm) == welcome.NO_CONSENT
    made.consent(open_firm, consultant)
    assert welcome.why_not_mailed(operator, open_firm) == ""


def test_a_firm_is_passed_over_and_taken_back(operator, consultant, letter):
    firm = new_firm(operator)
    welcome.skip(firm, user=consultant)
    with pytest.raises(AlreadyWelcomed):
        welcome.skip(firm, user=consultant)
    with pytest.raises(NobodyNew):
        welcome.start(operator, Q1, by_mail=False, user=consultant)
    welcome.unskip(firm, user=consultant)
    written(operator, consultant)
    with pytest.raises(AlreadyWelcomed):
        welcome.skip(firm, user=consultant)
    welcome.unskip(firm, user=consultant)
    assert Welcome.objects.filter(organisation=firm, skipped=False).exists()


def test_only_the_offices_own_make_letters_and_only_with_a_letter_in_use(operator, consultant):
    new_firm(operator)
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


# On paper ------------------------------------------------------------------------------------------------


def test_the_letters_are_one_accessible_pdf_with_a_page_for_each(operator, consultant, letter):
    for number in range(3):
        new_firm(operator, name=f"Firma #{number} *[$x$] \\ {{kode}} @ <a>")
    round_ = written(operator, consultant)
    content = merged(operator, "Breve", list(new_firms.letters_of(round_)), ["Borgmester"])
    assert content.startswith(b"%PDF-")
    assert (
        content.count(b"/Type /Page\n") + content.count(b"/Type/Page\n") + content.count(b"/Type /Page/") >= 0
    )
    assert b"pdfuaid:part" in unpacked(content)
    assert pages(content) == 3


def test_a_long_letter_goes_on_and_the_next_still_begins_on_its_own_page(operator, consultant, letter):
    for _ in range(2):
        new_firm(operator)
    round_ = written(operator, consultant)
    rows = list(new_firms.letters_of(round_))
    rows[0].body = "\n\n".join(["Et langt afsnit. " * 40] * 12)
    content = merged(operator, "Breve", rows, [])
    assert pages(content) >= 3


# Pages ---------------------------------------------------------------------------------------------------


def test_from_the_list_to_the_printer_in_the_browser(as_head, as_consultant, operator):
    firm = new_firm(operator)
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


def test_a_firm_is_passed_over_in_the_browser(as_consultant, operator, letter):
    firm = new_firm(operator)
    page = reverse("outreach:skip_welcome", args=[firm.pk])
    as_consultant.post(page, {"kvartal": "2026-1"})
    assert Welcome.objects.get().skipped
    as_consultant.post(page, {"kvartal": "2026-1", "fortryd": "1"})
    assert not Welcome.objects.exists()


def test_the_page_explains_who_gets_it_by_mail(as_consultant, operator, letter):
    new_firm(operator)
    shown = as_consultant.get(reverse("outreach:new_firms"), {"kvartal": "2026-1"}).content.decode()
    assert "En reklamebeskyttet virksomhed får ingen mail, medmindre den selv har sagt ja" in shown


def test_today_reminds_of_the_letter_when_the_quarter_is_over(as_consultant, operator, letter, consultant):
    last = quarter_of(timezone.localdate()).previous
    this = quarter_of(timezone.localdate())
    new_firm(operator, this.first_day.isoformat())
    assert "Velkomstbrevet for" not in as_consultant.get(reverse("market:today")).content.decode()
    firm = new_firm(operator, (last.first_day + timedelta(days=1)).isoformat())
    assert f"Velkomstbrevet for {last}" in as_consultant.get(reverse("market:today")).content.decode()
    welcome.skip(firm, user=consultant)
    assert "Velkomstbrevet for" not in as_consultant.get(reverse("market:today")).content.decode()
    assert Organisation.objects.count() == 2


# Before they are made ----------------------------------------------------------------------------------


def test_one_firms_letter_is_seen_first_and_gives_no_link_out(as_consultant, operator, letter):
    firm = new_firm(operator, name="Bryggeriet")
    new_firm(operator, name="Arkitekten", ad_protected=True)
    address = "/kontakt/nye-virksomheder/brevet/?kvartal=2026-1"
    page = as_consultant.get(address).content.decode()
    assert "Kære Arkitekten" in page
    assert "reklamebeskyttet og har ikke sagt ja" in page
    assert "Lav 2 breve" in page
    assert "Kære Bryggeriet" in as_consultant.get(f"{address}&virksomhed={firm.pk}").content.decode()
    assert not BookingLink.objects.exists()


def test_before_letters_are_made_it_is_told_who_has_no_address(as_consultant, operator, letter):
    new_firm(operator, name="Bryggeriet", street="", postal_code="")
    new_firm(operator, name="Arkitekten", street="Søvej 1", postal_code="4320")
    page = as_consultant.get("/kontakt/nye-virksomheder/brevet/?kvartal=2026-1").content.decode()
    assert "<strong>adressen</strong> (brevet kan ikke sendes med posten)" in page
    see = "/kontakt/nye-virksomheder/?kvartal=2026-1&amp;mangler=adresse"
    assert f'href="{see}"' in page
    page = as_consultant.get(see.replace("&amp;", "&")).content.decode()
    assert "Bryggeriet" in page
    assert "Arkitekten" not in page


def test_a_line_with_nothing_in_it_is_left_out_and_a_hole_in_a_sentence_is_told(operator, consultant, letter):
    firm = new_firm(operator)
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


def test_the_page_of_the_letter_says_what_falls_out(as_consultant, operator, letter):
    new_firm(operator)
    Operator.objects.update(phone="", email="kontor@example.invalid")
    page = as_consultant.get("/kontakt/nye-virksomheder/brevet/?kvartal=2026-1").content.decode()
    assert "»Telefon: {kontor_telefon}« falder ud, for her mangler kontorets telefon." in page


def test_those_who_sign_stand_under_every_letter_and_are_remembered(
    as_consultant, operator, consultant, letter
):
    new_firm(operator)
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
    new_firm(operator)
    assert (
        "Tina Prøve"
        in as_consultant.get(f"/kontakt/nye-virksomheder/brevet/?kvartal={Q1.key}").content.decode()
    )
    with pytest.raises(BadValues):
        welcome.start(operator, Q1, by_mail=False, user=consultant, signed_by="a\nb\nc\nd\ne")


def test_the_quarters_new_firms_are_taken_along_without_the_addresses_of_the_protected(
    as_consultant, operator, letter
):
    new_firm(operator, name="Bryggeriet", email="bryg@example.invalid")
    new_firm(operator, name="Gården", ad_protected=True, email="gaard@example.invalid")
    file = as_consultant.get("/kontakt/nye-virksomheder/regneark/?kvartal=2026-1")
    rows = list(load_workbook(io.BytesIO(file.content)).active.iter_rows(values_only=True))
    assert {(row[0], row[5], row[7]) for row in rows[1:]} == {
        ("Bryggeriet", "bryg@example.invalid", None),
        ("Gården", None, "ja"),
    }
