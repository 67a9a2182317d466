# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""What was entered in a case stands in its archive, whatever its type; deletion afterwards loses nothing else."""

from __future__ import annotations

import io
import json
import zipfile
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import models
from django.db.models.deletion import Collector
from django.utils import timezone

from brobygger import blueprints
from brobygger.accounts.models import Operator, Role, User
from brobygger.blueprints.services import adopt_shipped
from brobygger.cases import archive
from brobygger.cases.angels import services as angels
from brobygger.cases.angels.models import Sending
from brobygger.cases.barriers import services as barriers
from brobygger.cases.enquiry import services as enquiry
from brobygger.cases.errors import NotArchived, NotYours
from brobygger.cases.kinds import symbiosis
from brobygger.cases.lending import services as lending
from brobygger.cases.models import Case, CaseDocument, CaseEvent
from brobygger.cases.services import archiving, contents, documents, waiting
from brobygger.cases.services.correcting import take_back
from brobygger.cases.services.moving import move
from brobygger.cases.services.opening import open_case
from brobygger.cases.tenders import dialogue, sealing
from brobygger.cases.tenders import opening as bids
from brobygger.cases.tenders import services as tenders
from brobygger.cases.tenders.errors import Partial
from brobygger.cases.tenders.models import Bid, Follower, Tender
from brobygger.dialogue.attachments import checked_attachment
from brobygger.guidance.models import Aid
from brobygger.register.models import Affiliation
from tests.cases.barriers import made as barrier_made
from tests.cases.lending import made as loan_made
from tests.cases.made import at_decision, day, fresh, opened
from tests.cases.tenders import made as tender_made
from tests.factories import ListingFactory, OrganisationFactory, PersonFactory, firm_user, user_as

SHIPPED = Path(blueprints.__file__).parent / "shipped" / "case_type"
PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


def file(name: str = "budget.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, PDF, "application/pdf")


def unpacked(case: Case, user: User) -> tuple[dict[str, Any], zipfile.ZipFile]:
    packed = zipfile.ZipFile(io.BytesIO(archiving.export(case, user=user)))
    return json.loads(packed.read("sag.json")), packed


def printed(case: Case, user: User) -> str:
    """Everything on the rooms' own pages of the PDF."""
    found = [page for held in archive.declared() if held.pages for page in held.pages(fresh(case), user)]
    return "\n".join(f"{p.heading}\n{p.text}\n{p.columns}\n{p.rows}" for p in found)


def goes_with(case: Case) -> set[tuple[str, str]]:
    """Model and number of each record that deletion of the case would take."""
    collector = Collector(using="default")
    collector.collect([fresh(case)])
    left_out = {Follower}
    found = {
        (row._meta.label_lower, str(row.pk))
        for model, rows in collector.data.items() if model not in left_out
        for row in rows
    }  # fmt: skip
    for queryset in collector.fast_deletes:
        if queryset.model not in left_out:
            found |= {
                (queryset.model._meta.label_lower, str(pk)) for pk in queryset.values_list("pk", flat=True)
            }
    return found


def must_hold_everything(case: Case, user: User) -> tuple[dict[str, Any], zipfile.ZipFile]:
    records, packed = unpacked(case, user)
    written = {(row["model"], str(row["pk"])) for rows in records.values() for row in rows}
    assert goes_with(case) <= written
    assert packed.read("sag.pdf").startswith(b"%PDF")
    return records, packed


def a_loan(operator: Operator, consultant: User) -> Case:
    story, loan = loan_made.running(operator, consultant, on=timezone.localdate() - timedelta(days=200))
    lending.new_rate(loan, from_on=day(-20), percent=Decimal("4.125"), user=consultant)
    lending.repay(loan, on=day(-10), amount=Decimal("12345.67"), user=consultant)
    lending.report(loan, new_jobs=Decimal(3), text="Tre nye svende", user=story.borrower)
    CaseDocument.objects.all().delete()
    return story.case


def a_tender(operator: Operator, consultant: User) -> Case:
    story = tender_made.published(operator, consultant)
    question = dialogue.ask(story.tender, story.firm, text="Må tangen tørres?", user=story.bidder)
    dialogue.answer(question, answer="Ja, gerne i sol", user=consultant)
    dialogue.add_meeting(story.tender, at=timezone.now(), place="Rådhuset", told="Mange kom", user=consultant)
    Follower.objects.create(tender=story.tender, user=story.bidder)
    tenders.extend(
        story.tender, deadline=story.tender.deadline + timedelta(days=1), reason="Jul", user=consultant
    )
    story.bid()
    story.bid(file=checked_attachment(file("tilbud.pdf")), text="Vi tørrer den selv")
    story.open()
    (bid,) = bids.bids(story.tender, user=consultant)
    bids.choose(story.tender, bid, reason="Billigst og bedst", user=consultant)
    return story.case


def a_round_of_capital(operator: Operator, consultant: User) -> Case:
    adopt_shipped(operator, "case_type", "angel_capital", user=None)
    firm = OrganisationFactory(operator=operator, industry="231200")
    angels.join(operator, user_as(Role.PARTNER, operator), user=consultant)
    values = {"amount": 1_000_000, "profile": "Vi laver vinduer af gammelt glas. " * 100}
    case = open_case(
        operator, "angel_capital", title="Glas", user=consultant, organisation=firm, values=values
    )
    move(case, "send_profile", user=consultant, expected=fresh(case).version)
    sent = Sending.objects.get()
    angels.answer(sent, "yes", user=sent.angel.user, note="Ring på fredag")
    return case


def a_barrier_programme(operator: Operator, consultant: User) -> Case:
    case = barrier_made.entered(operator)
    row = barrier_made.listed(case, number=2)[0]
    barriers.follow(
        row, state="connected", state_on=day(), note="Første ordre", dkk=Decimal("7654.32"), user=consultant, expected=row.version
    )  # fmt: skip
    barriers.note_day(case, on=day(), title="Certificering", user=consultant)
    return case


def an_enquiry(operator: Operator, consultant: User) -> Case:
    adopt_shipped(operator, "case_type", "investor_enquiry", user=None)
    OrganisationFactory(operator=operator, name="Bryggeriet Humle", employees=40)
    values = {"investor": "Prøveslagteriet", "industries": "10 Fødevarer, 11", "jobs": 300}
    case = open_case(
        operator, "investor_enquiry", title="Slagteri", user=consultant, officer=consultant, values=values
    )
    enquiry.send(
        enquiry.make(case, introduction="Her er plads.", user=consultant), to="i@example.invalid", message="Hej", user=consultant
    )  # fmt: skip
    return case


def a_grant(operator: Operator, consultant: User) -> Case:
    adopt_shipped(operator, "case_type", "grant_application", user=None)
    firm = OrganisationFactory(operator=operator)
    typed = {
        "scheme": "elsewhere", "purpose": "Ny kedel", "applied_amount": 500_000, "granted_amount": "400000.50",
        "grantor": "Prøvepuljen", "aid_rules": "de_minimis", "euro_rate": "7.46", "report_before": day(90),
    }  # fmt: skip
    case = open_case(operator, "grant_application", title="Kedel", user=None, organisation=firm, values=typed)
    contents.tick(
        case, ["fits", "budget", "co_finance", "signed"], user=consultant, expected=fresh(case).version
    )
    documents.add(case, file(), kind="budget", user=consultant)
    move(fresh(case), "send", user=consultant, expected=fresh(case).version)
    move(fresh(case), "grant", user=consultant, expected=fresh(case).version)
    contents.pay(case, Decimal("1234.56"), on=day(), text="Første rate", user=consultant)
    return case


def a_symbiosis_plan(operator: Operator, consultant: User) -> Case:
    adopt_shipped(operator, "case_type", "symbiosis_plan", user=None)
    residue = ListingFactory(organisation=OrganisationFactory(operator=operator), text="Mask fra bryggeriet")
    return symbiosis.from_listing(residue, user=consultant)


def a_building_case(operator: Operator, consultant: User) -> Case:
    adopt_shipped(operator, "case_type", "building_case", user=None)
    kind = "simple"
    case = open_case(
        operator, "building_case", title="Carport", subtype=kind, user=consultant, external_ref="BYG-7"
    )
    waiting.pause(case, "applicant", user=consultant, text="Hvor høj er den?")
    contents.note(case, "Naboen har ringet", user=consultant)
    return case


EVERY_TYPE: dict[str, Any] = {
    "concept_loan": (a_loan, ["12.345,67", "Tre nye svende", "4,125"], ["12345.67", "Tre nye svende", "4.125"]),
    "challenge": (
        a_tender,
        ["Må tangen tørres?", "Ja, gerne i sol", "Mange kom", "Billigst og bedst", "123.456,78", "Vi tørrer den selv", "Mindre madspild"],
        ["Må tangen tørres?", "123456.78", "Billigst og bedst", "Mindre madspild", "Rådhuset"],
    ),
    "angel_capital": (a_round_of_capital, ["Ring på fredag", "vinduer af gammelt glas"], ["Ring på fredag"]),
    "barrier_programme": (a_barrier_programme, ["Første ordre", "7.654,32", "Certificering"], ["7654.32", "Certificering"]),
    "investor_enquiry": (an_enquiry, ["Her er plads.", "Fremstilling af", "Bryggeriet Humle"], ["Her er plads.", "i@example.invalid"]),
    "grant_application": (a_grant, ["1.234,56", "Første rate", "De minimis", "Rapport til"], ["1234.56", "400000.50", "53619.37"]),
    "symbiosis_plan": (a_symbiosis_plan, ["Begyndte med"], ["Mask fra bryggeriet"]),
    "building_case": (a_building_case, [], ["Naboen har ringet", "Hvor høj er den?", "BYG-7"]),
}  # fmt: skip


@pytest.mark.parametrize("key", EVERY_TYPE)
def test_everything_entered_stands_in_the_archive(key: str, operator: Operator, consultant: User) -> None:
    make, on_paper, in_records = EVERY_TYPE[key]
    case = make(operator, consultant)
    assert case.type_key == key
    records, packed = must_hold_everything(case, consultant)
    text = json.dumps(records, ensure_ascii=False)
    assert [word for word in in_records if word not in text] == []
    assert [word for word in on_paper if word not in printed(case, consultant)] == []
    assert packed.testzip() is None


def test_every_delivered_case_type_is_among_them() -> None:
    assert set(EVERY_TYPE) == {path.stem for path in SHIPPED.glob("*.yaml")}


def test_nothing_points_at_a_case_that_nobody_declared() -> None:
    assert archive.undeclared() == []


def test_a_record_that_nobody_declared_stops_archive_and_deletion(operator, consultant, monkeypatch) -> None:
    case = opened(operator)
    held = {model: part for model, part in archive._held.items() if model is not Bid}
    monkeypatch.setattr(archive, "_held", held)
    assert archive.undeclared() == ["tenders.Bid.tender"]
    assert [found.id for found in archive.everything_has_its_place()] == ["cases.E001"]
    with pytest.raises(NotArchived, match="tenders.Bid"):
        archiving.export(case, user=consultant)


def test_names_stand_beside_the_keys(operator, consultant) -> None:
    firm = OrganisationFactory(operator=operator, name="Herslev Prøvebryg", cvr="12345674")
    case, bank, _group = at_decision(operator, consultant, organisation=firm)
    from brobygger.cases.services.moving import vote

    vote(case, "decide", "no", user=bank, round=case.round, reason="For dyrt")
    records, _packed = unpacked(case, consultant)
    assert records["case"][0]["names"]["organisation"] == "Herslev Prøvebryg, CVR 12345674"
    assert records["votes"][0]["names"] == {
        "case": str(fresh(case)), "voter": str(bank), "answer": "Nej",
    }  # fmt: skip
    assert {"key": "amount", "label": "Beløb", "value": "400000.00", "shown": "400.000 kr."} in records[
        "case"
    ][0]["values"]
    assert any(row["told"]["title"].startswith("Modtaget →") for row in records["events"])


def test_a_bid_that_was_replaced_goes_along_in_its_envelope(operator, consultant) -> None:
    case = a_tender(operator, consultant)
    records, packed = unpacked(case, consultant)
    first, last = sorted(records["tender_bids"], key=lambda row: row["fields"]["number"])
    assert (first["sealed"], "price" in first) == (True, False)
    assert packed.read(first["envelope"]) == bytes(Bid.objects.get(number=1).data)
    assert (last["price"], packed.read(last["file"])) == ("123456.78", PDF)
    assert last["names"]["organisation"].startswith("Tangkokken ApS")


def test_nobody_learns_of_bids_from_the_archive_while_they_are_sealed(operator, consultant) -> None:
    story = tender_made.published(operator, consultant)
    story.bid()
    dialogue.ask(story.tender, story.firm, text="Må tangen tørres?", user=story.bidder)
    records, packed = unpacked(story.case, consultant)
    assert records["tender_questions"][0]["fields"]["text"] == "Må tangen tørres?"
    assert records["tender_bids"] == []
    assert not any(name.startswith("bud/") for name in packed.namelist())
    assert "Tangkokken" not in json.dumps(records, ensure_ascii=False)
    assert "Tangkokken" not in printed(story.case, consultant)


def hears_of_tangkokken(case: Case, user: User) -> bool:
    records, packed = unpacked(case, user)
    told = json.dumps(records, ensure_ascii=False) + printed(case, user) + "".join(packed.namelist())
    return "Tangkokken" in told or bool(records["tender_bids"])


def test_a_tender_that_is_dropped_tells_of_no_bids_while_it_can_be_taken_up_again(
    operator, consultant
) -> None:
    story = tender_made.published(operator, consultant)
    story.bid()
    dialogue.ask(story.tender, story.firm, text="Må tangen tørres?", user=story.bidder)
    story.go("drop", reason="Pengene er brugt")
    assert not hears_of_tangkokken(story.fresh(), consultant)
    dropped = story.case.events.get(kind="moved", name="drop")
    take_back(story.fresh(), dropped, reason="Alligevel", user=consultant, expected=story.fresh().version)
    story.bid(text="Et bedre bud")
    assert not hears_of_tangkokken(story.fresh(), consultant)
    story.go("drop", reason="Igen")
    story.pass_deadline()
    assert hears_of_tangkokken(story.fresh(), consultant)


def test_a_file_without_the_bids_is_not_the_archives(operator, consultant) -> None:
    story = tender_made.published(operator, consultant)
    story.go("drop", reason="Pengene er brugt")
    archiving.export(story.fresh(), user=consultant)
    for _ in range(2):
        with pytest.raises(NotArchived, match="fristen for bud"):
            archiving.archive(story.fresh(), reference="A-1", user=consultant, expected=story.fresh().version)
        assert story.fresh().archived_at is None
        Tender.objects.filter(case=story.case).update(deadline=timezone.now())
    archiving.export(story.fresh(), user=consultant)
    archiving.archive(story.fresh(), reference="A-1", user=consultant, expected=story.fresh().version)
    assert story.fresh().archived_at


def test_a_task_that_never_was_out_is_archived_at_once(operator, consultant) -> None:
    story = tender_made.drafted(operator, consultant)
    in_two_weeks = timezone.now() + tender_made.IN_TWO_WEEKS
    tenders.set_up(story.case, deadline=in_two_weeks, members_days=0, user=consultant)
    story.go("drop", reason="Alligevel ikke")
    archiving.export(story.fresh(), user=consultant)
    archiving.archive(story.fresh(), reference="A-1", user=consultant, expected=story.fresh().version)
    assert story.fresh().archived_at


def test_each_envelope_is_opened_once_for_an_archive(operator, consultant, monkeypatch) -> None:
    story = tender_made.published(operator, consultant)
    for _ in range(3):
        firm = OrganisationFactory(operator=operator)
        story.bid(organisation=firm, user=firm_user(firm))
    story.open()
    opened_, unseal = [], sealing.unseal
    monkeypatch.setattr(sealing, "unseal", lambda *given: opened_.append(1) or unseal(*given))
    records, _packed = unpacked(story.fresh(), consultant)
    assert [row["price"] for row in records["tender_bids"]] == ["123456.78"] * 3
    assert len(opened_) == 3


def test_whoever_has_a_part_in_a_bidder_does_not_read_bids_by_the_archive(operator, consultant) -> None:
    case = a_tender(operator, consultant)
    firm = Bid.objects.first().organisation
    Affiliation.objects.create(organisation=firm, person=PersonFactory(operator=operator, user=consultant))
    with pytest.raises(Partial):
        archiving.export(case, user=consultant)


def closed(operator: Operator, consultant: User) -> Case:
    case = opened(operator)
    move(case, "withdraw", user=consultant, expected=fresh(case).version, reason="Fortrudt")
    return fresh(case)


def test_the_gate_asks_for_a_file_that_holds_the_whole_case(operator, consultant) -> None:
    case = closed(operator, consultant)
    with pytest.raises(NotArchived, match="Hent arkivfilen først"):
        archiving.archive(case, reference="A-1", user=consultant, expected=case.version)
    archiving.export(case, user=consultant)
    contents.note(case, "Kom i tanke om noget", user=consultant)
    with pytest.raises(NotArchived, match="efter at arkivfilen blev hentet"):
        archiving.archive(fresh(case), reference="A-1", user=consultant, expected=fresh(case).version)


def test_a_note_after_the_gate_is_not_lost_by_deletion(operator, consultant) -> None:
    head = user_as(Role.HEAD, operator)
    case = closed(operator, consultant)
    archiving.export(case, user=consultant)
    archiving.archive(case, reference="A-1", user=consultant, expected=fresh(case).version)
    note = contents.note(case, "Kom i tanke om noget", user=consultant)
    Case.objects.filter(pk=case.pk).update(closed_on=day(-365 * 12))
    with pytest.raises(NotArchived):
        archiving.delete(case, user=head)
    assert CaseEvent.objects.filter(pk=note.pk).exists()
    archiving.export(case, user=consultant)
    with pytest.raises(NotArchived, match="den nye er afleveret"):
        archiving.delete(case, user=head)
    archiving.archive(fresh(case), reference="A-2", user=consultant, expected=fresh(case).version)
    Case.objects.filter(pk=case.pk).update(closed_on=day(-365 * 12))
    archiving.delete(case, user=head)
    assert not Case.objects.exists()


def test_the_administrator_who_reads_no_cases_deletes_none(operator, consultant, sign_in) -> None:
    case = closed(operator, consultant)
    archiving.export(case, user=consultant)
    archiving.archive(case, reference="A-1", user=consultant, expected=fresh(case).version)
    Case.objects.filter(pk=case.pk).update(closed_on=day(-365 * 12))
    admin, head = user_as(Role.ADMIN, operator), user_as(Role.HEAD, operator)
    address = f"/sager/{case.pk}/slet/"
    assert sign_in(admin).post(address).status_code == 403
    with pytest.raises(NotYours):
        archiving.delete(case, user=admin)
    assert address in sign_in(head).get(case.get_absolute_url()).content.decode()
    sign_in(head).post(address)
    assert not Case.objects.exists()


def test_a_document_that_waits_for_the_scanner_keeps_the_gate_shut(operator, consultant) -> None:
    case = opened(operator)
    document = documents.add(case, file(), kind="budget", user=consultant)
    CaseDocument.objects.filter(pk=document.pk).update(state="quarantine")
    move(fresh(case), "withdraw", user=consultant, expected=fresh(case).version, reason="Fortrudt")
    archiving.export(case, user=consultant)
    with pytest.raises(NotArchived, match="virusscanning"):
        archiving.archive(fresh(case), reference="A", user=consultant, expected=fresh(case).version)


def test_lines_of_history_go_with_the_case(operator, consultant) -> None:
    case = a_barrier_programme(operator, consultant)
    records, _packed = unpacked(case, consultant)
    assert len(records["potential_customers_history"]) >= 3
    from brobygger.cases.barriers.models import PotentialCustomer

    history: models.QuerySet[Any] = PotentialCustomer.history.all()  # type: ignore[attr-defined]
    assert history.exists()
    Case.objects.filter(pk=case.pk).update(closed_on=day(-365 * 12), is_open=False)
    archiving.archive(fresh(case), reference="A", user=consultant, expected=fresh(case).version)
    Case.objects.filter(pk=case.pk).update(closed_on=day(-365 * 12), is_open=False)
    archiving.delete(case, user=user_as(Role.HEAD, operator))
    assert not history.exists()


def test_aid_stays_in_the_firms_register_after_the_case(operator, consultant) -> None:
    case = a_grant(operator, consultant)
    records, _packed = unpacked(case, consultant)
    assert records["aid"][0]["fields"]["amount_eur"] == "53619.37"
    assert Aid.objects.count() == 1
