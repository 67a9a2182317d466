# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Talking with the market: meetings, questions and answers. Nobody learns who asked, and nobody is forgotten."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils import formats, timezone
from django.utils.translation import gettext as _

from brobygger.accounts.models import User
from brobygger.base.forms import clean_text
from brobygger.cases.errors import BadValues
from brobygger.cases.models import Case, CaseEvent
from brobygger.cases.services.derive import record
from brobygger.cases.tenders.errors import AnswerFirst, TextIsFixed, TooLateToAsk
from brobygger.cases.tenders.models import DialogueMeeting, Question, Tender
from brobygger.cases.tenders.services import must_be_shown, officers_case
from brobygger.cases.tenders.telling import addresses, tell_all, tell_office, write_to
from brobygger.register.models import Organisation


@transaction.atomic
def add_meeting(tender: Tender, *, at: datetime, place: str, told: str, user: User) -> DialogueMeeting:
    """A meeting with the market, for all; told to those who have to do with a tender that is out.
    Raises NotYours, Conflicted, CaseIsOver, BadValues."""
    case = officers_case(tender, user)
    if not clean_text(place):
        raise BadValues({"place": _("Skriv, hvor mødet er.")})
    made = DialogueMeeting.objects.create(
        tender=tender, at=at, place=clean_text(place), told=clean_text(told)
    )
    record(case, CaseEvent.Kind.OTHER, user=user, name="market_dialogue", text=str(made))
    heading = _("Møde med markedet") if at > timezone.now() else _("Referat af møde med markedet")
    _tell_of(made, case, heading, user)
    return made


@transaction.atomic
def tell_meeting(meeting: DialogueMeeting, *, told: str, user: User) -> DialogueMeeting:
    """What was said at a meeting, for all; told once for each new text. Raises NotYours, Conflicted, CaseIsOver."""
    case = officers_case(meeting.tender, user)
    stored = DialogueMeeting.objects.select_for_update().get(pk=meeting.pk)
    if stored.told == clean_text(told):
        return stored
    corrected = bool(stored.told)
    stored.told = clean_text(told)
    stored.save(update_fields=["told"])
    heading = _("Rettet referat af møde med markedet") if corrected else _("Referat af møde med markedet")
    _tell_of(stored, case, heading, user)
    return stored


def _tell_of(meeting: DialogueMeeting, case: Case, heading: str, user: User) -> None:
    tender = Tender.objects.select_for_update().get(pk=meeting.tender_id)
    if tender.published_at is None:
        return
    day = formats.date_format(timezone.localtime(meeting.at), "DATETIME_FORMAT")
    text = "\n\n".join(part for part in (f"{heading}\n{day}, {meeting.place}", meeting.told) if part)
    subject = f"{heading}: {case.title}"
    write_to(addresses(tender), tender, case, text, subject=subject, user=user)


@transaction.atomic
def ask(tender: Tender, organisation: Organisation, *, text: str, user: User) -> Question:
    """A firm asks, and the office is told of it without who it was. The same question twice is one.
    Raises NotOpenForBids, TooLateToAsk, BadValues."""
    must_be_shown(tender, organisation, user)
    row = (
        Tender.objects.select_for_update(of=("self",))
        .select_related("case__operator", "case__officer")
        .get(pk=tender.pk)
    )
    if timezone.now() > row.deadline:
        raise TooLateToAsk
    typed = clean_text(text)[:5000]
    if not typed:
        raise BadValues({"text": _("Skriv et spørgsmål.")})
    same = Question.objects.filter(
        tender=row, organisation=organisation, text=typed, answer="", closed_at=None
    )
    if standing := same.first():
        return standing
    asked = Question.objects.create(tender=row, organisation=organisation, asked_by=user, text=typed)
    until = formats.date_format(timezone.localtime(row.deadline), "DATETIME_FORMAT")
    body = _("Nogen spørger:\n\n%(question)s\n\nSvar før fristen for bud, %(until)s. Alle får svaret.") % {
        "question": typed,
        "until": until,
    }
    tell_office(row.case, body, subject=_("Nyt spørgsmål: %(title)s") % {"title": row.case.title})
    return asked


@transaction.atomic
def answer(question: Question, *, answer: str, user: User) -> Question:
    """Answered to all at once, and told to all who have bid, asked or follow the tender. An answer that is put right is told
    with what stood before. After the deadline a question that was overlooked can still be answered; an answer that was given
    cannot be changed. Raises NotYours, Conflicted, CaseIsOver, TextIsFixed, BadValues."""
    now = timezone.now()
    case = officers_case(question.tender, user)
    tender = Tender.objects.select_for_update().get(pk=question.tender_id)
    stored = Question.objects.select_for_update().get(pk=question.pk)
    late = now > tender.deadline
    if late and (stored.answer or stored.closed_at):
        raise TextIsFixed
    if not clean_text(answer):
        raise BadValues({"answer": _("Skriv et svar.")})
    earlier = stored.answer
    if earlier == clean_text(answer):
        return stored
    stored.answer, stored.answered_at = clean_text(answer), now
    stored.closed_at, stored.closed_why = None, ""
    stored.save(update_fields=["answer", "answered_at", "closed_at", "closed_why"])
    if earlier:
        _tell_corrected(stored, tender, case, earlier, user)
    else:
        text = _("Spørgsmål: %(question)s\n\nSvar: %(answer)s") % {
            "question": stored.text,
            "answer": stored.answer,
        }
        if late:
            text += "\n\n" + _("Svaret er givet, efter fristen for bud var gået.")
        subject = _("Svar på spørgsmål: %(title)s") % {"title": case.title}
        write_to(addresses(tender), tender, case, text, subject=subject, user=user)
    record(case, CaseEvent.Kind.OTHER, user=user, name="question_answered", text=stored.text[:500])
    return stored


def _tell_corrected(question: Question, tender: Tender, case: Case, earlier: str, user: User) -> None:
    text = _("Svaret er rettet på spørgsmålet »%(question)s«\n\nFør: %(before)s\n\nNu: %(now)s") % {
        "question": question.text[:300],
        "before": earlier[:700],
        "now": question.answer[:700],
    }
    tell_all(tender, case, text, subject=_("Rettet svar: %(title)s") % {"title": case.title}, user=user)


@transaction.atomic
def close(question: Question, *, why: str, user: User) -> Question:
    """Close a question that was overlooked, after the deadline, with a word that all are given. Pressed twice it is told once.
    Raises NotYours, Conflicted, CaseIsOver, AnswerFirst (the deadline has not passed), TextIsFixed, BadValues."""
    now = timezone.now()
    case = officers_case(question.tender, user)
    tender = Tender.objects.select_for_update().get(pk=question.tender_id)
    stored = Question.objects.select_for_update().get(pk=question.pk)
    if now <= tender.deadline:
        raise AnswerFirst
    if stored.answer:
        raise TextIsFixed
    said = clean_text(why)[:1000]
    if not said:
        raise BadValues({"why": _("Skriv et ord til den, der spurgte.")})
    if stored.closed_at:
        return stored
    stored.closed_at, stored.closed_why = now, said
    stored.save(update_fields=["closed_at", "closed_why"])
    text = _("Spørgsmålet bliver ikke besvaret: %(question)s\n\n%(why)s") % {
        "question": stored.text,
        "why": said,
    }
    subject = _("Spørgsmål lukket: %(title)s") % {"title": case.title}
    write_to(addresses(tender), tender, case, text, subject=subject, user=user)
    record(case, CaseEvent.Kind.OTHER, user=user, name="question_closed", text=stored.text[:500], reason=said)
    return stored
