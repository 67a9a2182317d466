# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Mailings: written, tried, sent once, and each letter with a way out."""

from __future__ import annotations

import pytest
from django.urls import reverse
from django.utils import timezone

from brobygger.accounts.models import Membership, Operator, Role
from brobygger.base.merge_fields import BadTemplate
from brobygger.base.models import Job, Letter
from brobygger.base.versions import EditedMeanwhile
from brobygger.outreach import tasks
from brobygger.outreach.errors import (
    AlreadySent,
    BadValues,
    NobodyToSendTo,
    NoSegment,
    NotBeingSent,
    NothingToGoOnWith,
    NotYourOffice,
)
from brobygger.outreach.models import MailAddress, Mailing, Recipient
from brobygger.outreach.services import consents, freezing, mailings
from brobygger.register.models import Affiliation
from tests.factories import PersonFactory, user_as
from tests.market.at_once import at_once
from tests.outreach import made

pytestmark = pytest.mark.django_db


@pytest.fixture
def two_readers(operator, consultant):
    """Two firms that said yes, one of them with advertising protection, and one that did not."""
    made.consent(made.firm(operator, name="Bryggeriet"), consultant, "bryg@example.invalid")
    made.consent(made.firm(operator, name="Gården", ad_protected=True), consultant, "gaard@example.invalid")
    made.firm(operator, name="Tavs", ad_protected=True, email="tavs@example.invalid")


def carried_out(mailing):
    mailings.carry_out(Mailing.objects.get(pk=mailing.pk), made.unwatched)
    return {letter.to[0]: letter for letter in Letter.objects.all()}


def test_each_receiver_gets_a_letter_of_its_own_with_a_way_out(operator, consultant, two_readers):
    mailing = mailings.send(made.draft(operator, consultant), user=consultant, expected=1)
    letters = carried_out(mailing)
    assert set(letters) == {"bryg@example.invalid", "gaard@example.invalid"}
    letter = letters["bryg@example.invalid"]
    assert letter.subject == "Nyt til Bryggeriet"
    assert operator.name in letter.body
    consent = Recipient.objects.get(letter=letter).consent
    way_out = f"/afmeld/{consent.token}/"
    assert way_out in letter.body
    assert letter.headers["List-Unsubscribe"].endswith(f"{way_out}>")
    assert letter.headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    mailing.refresh_from_db()
    assert mailing.state == Mailing.State.SENT


def test_nothing_in_a_letter_tells_who_opened_it(operator, consultant, two_readers):
    mailing = mailings.send(made.draft(operator, consultant), user=consultant, expected=1)
    for letter in carried_out(mailing).values():
        assert "<img" not in letter.body
        assert letter.body.count("http") == 1  # the way out, and no link that counts


def test_a_second_press_finds_it_sent(operator, consultant, two_readers):
    mailing = made.draft(operator, consultant)
    mailings.send(mailing, user=consultant, expected=1)
    with pytest.raises(AlreadySent):
        mailings.send(mailing, user=consultant, expected=2)
    assert Job.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_presses_at_the_same_moment_are_one_mailing(operator, consultant, two_readers, tmp_path):
    mailing = made.draft(operator, consultant)

    def press():
        mailings.send(Mailing.objects.get(pk=mailing.pk), user=consultant, expected=1)

    faults, told = at_once(tmp_path, [press] * 4, Job.objects.count)
    assert told == 1
    assert {type(fault) for fault in faults} <= {AlreadySent, EditedMeanwhile}
    assert len(faults) == 3


def test_work_that_was_interrupted_goes_on_and_writes_nobody_twice(
    operator, consultant, two_readers, monkeypatch
):
    mailing = mailings.send(made.draft(operator, consultant), user=consultant, expected=1)
    seen = []

    def dies(done, total, message):
        if message != "Skriver mailene":
            return
        seen.append(done)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        mailings.carry_out(mailing, dies)
    assert Letter.objects.count() == 1
    mailings.carry_out(mailing, made.unwatched)
    mailings.carry_out(mailing, made.unwatched)
    assert Letter.objects.count() == 2


def test_the_job_tells_where_to_look(operator, consultant, two_readers):
    mailing = mailings.send(made.draft(operator, consultant), user=consultant, expected=1)
    tasks.send_mailing.func(str(mailing.job_id), mailing.pk)
    mailing.job.refresh_from_db()
    assert mailing.job.result == {"letters": 2, "url": mailing.get_absolute_url()}


def test_the_receivers_stay_as_they_were_when_it_was_sent(operator, consultant, two_readers):
    segment = made.segment(operator, consultant, "Alle")
    mailing = mailings.send(made.draft(operator, consultant, segment=segment), user=consultant, expected=1)
    made.consent(made.firm(operator, name="For sent"), consultant, "sen@example.invalid")
    assert set(carried_out(mailing)) == {"bryg@example.invalid", "gaard@example.invalid"}
    assert mailing.recipients.filter(outcome="ad_protected").count() == 1
    segment.delete()
    mailing.refresh_from_db()
    assert mailing.segment_then == {"name": "Alle", "asked": {}}


def test_an_address_that_died_meanwhile_gets_no_letter(operator, consultant, two_readers):
    mailing = mailings.send(made.draft(operator, consultant), user=consultant, expected=1)
    MailAddress.objects.create(operator=operator, email="bryg@example.invalid", dead_at=timezone.now())
    assert set(carried_out(mailing)) == {"gaard@example.invalid"}


def test_it_is_not_sent_to_nobody_or_nowhere(operator, consultant):
    with pytest.raises(NobodyToSendTo):
        mailings.send(made.draft(operator, consultant), user=consultant, expected=1)
    mailing = made.draft(operator, consultant)
    Mailing.objects.filter(pk=mailing.pk).update(segment=None)
    with pytest.raises(NoSegment):
        mailings.send(mailing, user=consultant, expected=1)
    assert not Letter.objects.exists()


def test_only_the_offices_own_may_send_change_or_delete(operator, consultant, two_readers):
    mailing, stranger = made.draft(operator, consultant), user_as("consultant")
    said = mailings.Draft("Nyt", "Tekst", mailing.purpose, mailing.segment)
    for attempt in (
        lambda: mailings.send(mailing, user=stranger, expected=1),
        lambda: mailings.change(mailing, said, user=stranger, expected=1),
        lambda: mailings.delete(mailing, user=stranger),
        lambda: mailings.send_test(mailing, made.firm(operator), user=stranger),
    ):
        with pytest.raises(NotYourOffice):
            attempt()


def test_what_was_sent_is_neither_changed_nor_deleted(operator, consultant, two_readers):
    mailing = mailings.send(made.draft(operator, consultant), user=consultant, expected=1)
    said = mailings.Draft("Andet", "Andet", mailing.purpose, mailing.segment)
    with pytest.raises(AlreadySent):
        mailings.change(mailing, said, user=consultant, expected=mailing.version)
    with pytest.raises(AlreadySent):
        mailings.delete(mailing, user=consultant)


def test_a_text_that_cannot_be_filled_in_is_refused_when_it_is_written(operator, consultant):
    for text in ("Hej {fornavn}", "Hej {", "Hej {navn!r}"):
        with pytest.raises(BadTemplate):
            made.draft(operator, consultant, body=text)
    for text in ("", "   "):
        with pytest.raises(BadValues):
            made.draft(operator, consultant, subject=text)


def test_braces_in_a_firms_name_are_letters_like_others(operator, consultant):
    made.consent(made.firm(operator, name="{kontor} & Søn"), consultant)
    mailing = mailings.send(made.draft(operator, consultant), user=consultant, expected=1)
    (letter,) = carried_out(mailing).values()
    assert letter.subject == "Nyt til {kontor} & Søn"


def test_the_writer_sees_what_falls_out_before_it_is_sent(as_consultant, operator, consultant, two_readers):
    Operator.objects.update(phone="")
    draft = made.draft(operator, consultant)
    Mailing.objects.filter(pk=draft.pk).update(
        subject="{kontor_telefon}", body="Kære {navn}\nRing til os på {kontor_telefon}."
    )
    page = as_consultant.get(draft.get_absolute_url()).content.decode()
    assert "Midt i en sætning mangler: kontorets telefon." in page.replace("  ", " ")
    assert "»Ring til os på {kontor_telefon}.« falder ud, for her mangler kontorets telefon." in page
    letter = mailings.send_test(Mailing.objects.get(), made.firm(operator), user=consultant)
    assert letter.subject == f"PRØVE: Brev fra {operator.name}"
    assert "Ring til os" not in letter.body


def test_an_administrator_is_led_to_what_the_office_itself_lacks(operator, consultant, sign_in):
    Operator.objects.update(phone="")
    made.consent(made.firm(operator, name="Bryggeriet"), consultant, "bryg@example.invalid")
    draft = made.draft(operator, consultant, body="Ring til os på {kontor_telefon}.")
    head = user_as(Role.HEAD, operator)
    Membership.objects.create(user=head, operator=operator, role=Role.ADMIN)
    page = sign_in(head).get(reverse("outreach:send_mailing", args=[draft.pk])).content.decode()
    assert f'href="{reverse("accounts:change_office")}"' in page
    assert "<strong>kontorets telefon</strong>: mangler hos jer selv" in page
    assert "Bryggeriet" not in page.split("mangler hos jer selv")[1].split("</ul>")[0]


def test_before_it_is_sent_the_writer_sees_how_many_lack_what_and_who(
    as_consultant, operator, consultant, two_readers
):
    Operator.objects.update(phone="")
    person = PersonFactory(operator=operator, name="Bodil Brygger")
    for number in range(6):
        made.consent(made.firm(operator, name=f"Firma {number}"), consultant, f"f{number}@example.invalid")
    firm = made.firm(operator, name="Med person")
    Affiliation.objects.create(person=person, organisation=firm)
    made.consent(firm, consultant, "med@example.invalid", person=person)
    draft = made.draft(operator, consultant, body="Kære {navn}\nRing til os på {kontor_telefon}.")
    page = " ".join(
        as_consultant.get(reverse("outreach:send_mailing", args=[draft.pk])).content.decode().split()
    )
    assert (
        "<strong>kontorets telefon</strong>: mangler hos jer selv, bed administratoren skrive kontorets oplysninger.</li>"
        in page
    )
    assert (
        "<strong>kontaktpersonens navn</strong> (virksomhedens navn står i stedet): hos 8 modtagere:" in page
    )
    assert "Bryggeriet, Firma 0, Firma 1, Firma 2, Firma 3 og 3 til." in page
    receivers = reverse("outreach:receivers", args=[draft.pk])
    assert "Kun dem" not in as_consultant.get(receivers, {"mangler": "kontor_telefon"}).content.decode()
    see = f"{receivers}?mangler=navn"
    assert f'href="{see}"' in page
    page = as_consultant.get(see).content.decode()
    assert "Kun dem, der mangler kontaktpersonens navn." in page
    assert all(f"Firma {number}" in page for number in range(6))
    assert "Med person" not in page
    assert "Tavs" not in page


def test_a_trial_names_the_person_that_the_receiver_would_read(as_consultant, operator, consultant):
    person = PersonFactory(operator=operator, name="Bodil Brygger")
    firm = made.firm(operator)
    Affiliation.objects.create(person=person, organisation=firm)
    consent = made.consent(firm, consultant, person=person)
    draft = made.draft(operator, consultant)
    as_consultant.post(reverse("outreach:test_mailing", args=[draft.pk]), {"som": consent.pk})
    assert "Hej Bodil Brygger" in Letter.objects.get().body


def test_a_trial_goes_to_oneself_and_unsubscribes_nobody(operator, consultant, two_readers):
    mailing = made.draft(operator, consultant)
    consent = mailing.purpose.consents.first()
    letter = mailings.send_test(mailing, consent.organisation, user=consultant)
    assert letter.to == [consultant.email]
    assert letter.subject.startswith("PRØVE: ")
    assert consent.token not in letter.body
    assert letter.headers == {}


# Pages -----------------------------------------------------------------------------------------------


def test_from_a_text_to_letters_in_the_browser(as_consultant, operator, consultant, two_readers):
    segment = made.segment(operator, consultant, "Alle")
    what = made.purpose(operator)
    page = reverse("outreach:new_mailing")
    assert as_consultant.get(page, {"segment": segment.pk}).status_code == 200
    typed = {"purpose": what.pk, "segment": segment.pk, "subject": "Sommermøde", "body": "Hej {navn}"}
    refused = as_consultant.post(page, {**typed, "body": "Hej {fornavn}"})
    assert "findes ikke" in refused.content.decode()
    as_consultant.post(page, typed)
    mailing = Mailing.objects.get()
    shown = as_consultant.get(mailing.get_absolute_url()).content.decode()
    assert "Hej Bryggeriet" in shown
    other = what.consents.exclude(organisation__name="Bryggeriet").get()
    chosen = as_consultant.get(mailing.get_absolute_url(), {"som": other.pk}).content.decode()
    assert "Hej Gården" in chosen
    as_consultant.post(reverse("outreach:test_mailing", args=[mailing.pk]), {"som": other.pk})
    assert Letter.objects.get().to == [consultant.email]
    who = as_consultant.get(reverse("outreach:receivers", args=[mailing.pk])).content.decode()
    assert "Reklamebeskyttet uden eget samtykke" in who
    send = reverse("outreach:send_mailing", args=[mailing.pk])
    asked = as_consultant.get(send).content.decode()
    assert "2 modtagere" in asked
    for _ in range(2):
        assert as_consultant.post(send, {"version": "1"}).status_code == 302
    assert Job.objects.count() == 1
    on_the_way = as_consultant.get(mailing.get_absolute_url())
    assert "Udsendelsen er på vej." in on_the_way.content.decode()
    assert on_the_way["Refresh"] == "3"
    found_now = as_consultant.get(reverse("outreach:receivers", args=[mailing.pk])).content.decode()
    assert "Modtagerne bliver fundet nu" in found_now
    carried_out(mailing)
    after = as_consultant.get(mailing.get_absolute_url()).content.decode()
    assert "Vi måler ikke, hvem der åbner mails" in after
    listed = as_consultant.get(reverse("outreach:receivers", args=[mailing.pk]), {"udfald": "ad_protected"})
    assert "Tavs" in listed.content.decode()
    assert "Bryggeriet" not in listed.content.decode()
    sheet = as_consultant.get(reverse("outreach:export_receivers", args=[mailing.pk]))
    assert sheet["Content-Type"].startswith("application/vnd.openxml")
    assert as_consultant.get(reverse("outreach:mailings")).status_code == 200


def test_a_draft_is_corrected_and_the_second_of_two_is_told(as_consultant, operator, consultant):
    mailing = made.draft(operator, consultant)
    page = reverse("outreach:edit_mailing", args=[mailing.pk])
    typed = {
        "purpose": mailing.purpose_id,
        "segment": mailing.segment_id,
        "body": "Ny tekst",
        "opened_version": "1",
    }
    assert as_consultant.get(page).status_code == 200
    as_consultant.post(page, {**typed, "subject": "Første"})
    late = as_consultant.post(page, {**typed, "subject": "Anden"})
    assert late.status_code == 409
    assert "Første" in late.content.decode()
    mailing.refresh_from_db()
    assert mailing.subject == "Første"
    as_consultant.post(reverse("outreach:delete_mailing", args=[mailing.pk]))
    assert not Mailing.objects.exists()


def test_a_neighbours_mailing_is_not_found(as_consultant):
    other = user_as("consultant")
    mailing = made.draft(other.memberships.get().operator, other)
    for name in (
        "mailing",
        "edit_mailing",
        "delete_mailing",
        "receivers",
        "send_mailing",
        "export_receivers",
    ):
        assert as_consultant.get(reverse(f"outreach:{name}", args=[mailing.pk])).status_code == 404
    assert as_consultant.post(reverse("outreach:test_mailing", args=[mailing.pk])).status_code == 404


# Found by the worker ----------------------------------------------------------------------------------


def test_sending_finds_nobody_while_the_person_waits(operator, consultant, two_readers):
    mailing = mailings.send(made.draft(operator, consultant), user=consultant, expected=1)
    assert (mailing.state, mailing.frozen_at, mailing.recipients.count()) == (Mailing.State.SENDING, None, 0)
    told = []
    mailings.carry_out(mailing, lambda done, total, message: told.append((done, total, message)))
    assert told == [(3, 3, "Finder modtagerne"), (1, 2, "Skriver mailene"), (2, 2, "Skriver mailene")]
    assert mailing.recipients.count() == 3


def test_the_receivers_are_found_once_however_often_the_work_is_run(operator, consultant, two_readers):
    mailing = mailings.send(made.draft(operator, consultant), user=consultant, expected=1)
    stale = Mailing.objects.get(pk=mailing.pk)
    freezing.freeze(mailing)
    first = Mailing.objects.get(pk=mailing.pk).frozen_at
    freezing.freeze(mailing)
    freezing.freeze(stale)  # another worker that had read it before
    assert Mailing.objects.get(pk=mailing.pk).frozen_at == stale.frozen_at == first
    assert mailing.recipients.count() == 3


def test_a_mailing_that_reaches_nobody_after_all_is_a_draft_again(as_consultant, operator, consultant):
    consent = made.consent(made.firm(operator), consultant)
    mailing = mailings.send(made.draft(operator, consultant), user=consultant, expected=1)
    consents.unsubscribe(consent.token)
    with pytest.raises(NobodyToSendTo):
        tasks.send_mailing.func(str(mailing.job_id), mailing.pk)
    mailing.refresh_from_db()
    assert (mailing.state, mailing.sent_at, mailing.recipients.count()) == (Mailing.State.DRAFT, None, 0)
    with pytest.raises(NotBeingSent):
        mailings.carry_out(mailing, made.unwatched)
    shown = as_consultant.get(mailing.get_absolute_url()).content.decode()
    assert "Den blev ikke sendt" in shown
    assert "Ingen i segmentet har sagt ja til formålet" in shown
    made.consent(made.firm(operator), consultant, "ny@example.invalid")
    again = mailings.send(mailing, user=consultant, expected=mailing.version)
    assert set(carried_out(again)) == {"ny@example.invalid"}


def test_a_mailing_that_stopped_goes_on_when_somebody_says_so(
    as_consultant, operator, consultant, two_readers
):
    mailing = mailings.send(made.draft(operator, consultant), user=consultant, expected=1)
    page = reverse("outreach:go_on_mailing", args=[mailing.pk])
    as_consultant.post(page)
    assert Job.objects.count() == 1
    Job.objects.update(state=Job.State.FAILED, message="Arbejdet blev afbrudt")
    shown = as_consultant.get(mailing.get_absolute_url())
    assert "Udsendelsen gik i stå" in shown.content.decode()
    assert "Refresh" not in shown
    for _ in range(2):
        as_consultant.post(page)
    assert Job.objects.count() == 2
    mailing.refresh_from_db()
    tasks.send_mailing.func(str(mailing.job_id), mailing.pk)
    assert Letter.objects.count() == 2
    with pytest.raises(NotYourOffice):
        mailings.go_on(mailing, user=user_as("consultant"))
    with pytest.raises(NothingToGoOnWith):
        mailings.go_on(mailing, user=consultant)
