# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""The network and what it is sent."""

from __future__ import annotations

from decimal import Decimal

from django.conf import settings
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from brobygger.accounts.models import Operator, Role, User
from brobygger.base import mail
from brobygger.base.forms import clean_text
from brobygger.base.versions import claim
from brobygger.cases import rights
from brobygger.cases.angels.case_words import ANSWERED_IN
from brobygger.cases.angels.errors import AngelAlready, AnsweredAlready, NotAPartner
from brobygger.cases.angels.models import Angel, Sending
from brobygger.cases.errors import BadValues, NotYours
from brobygger.cases.models import Case, CaseEvent
from brobygger.cases.services.derive import locked, record
from brobygger.register import industry_picker


@transaction.atomic
def join(
    operator: Operator, person: User, *, user: User | None, industries: str = "", least: Decimal | None = None,
    most: Decimal | None = None, background: str = "", active: bool = True,
) -> Angel:  # fmt: skip
    """Somebody joins the network. Raises NotYours, NotAPartner, AngelAlready, BadValues."""
    _must_be_staff(operator, user)
    if Role.PARTNER not in person.roles.get(operator.pk, frozenset()):
        raise NotAPartner
    _check(least, most)
    try:
        with transaction.atomic():
            return Angel.objects.create(
                operator=operator, user=person, industries=_codes(industries), least=least, most=most,
                background=clean_text(background), active=active,
            )  # fmt: skip
    except IntegrityError:
        raise AngelAlready from None


@transaction.atomic
def change(
    angel: Angel, *, user: User, expected: int, industries: str, least: Decimal | None, most: Decimal | None,
    background: str, active: bool,
) -> Angel:  # fmt: skip
    """What the angel looks for has changed. Raises NotYours, BadValues, EditedMeanwhile."""
    _must_be_staff(angel.operator, user)
    _check(least, most)
    claim(angel, expected)
    angel.industries, angel.least, angel.most = _codes(industries), least, most
    angel.background, angel.active = clean_text(background), active
    angel.save()
    return angel


def _must_be_staff(operator: Operator, user: User | None) -> None:
    if user is not None and not user.is_staff_of(operator.pk):
        raise NotYours


def _check(least: Decimal | None, most: Decimal | None) -> None:
    if least is not None and most is not None and most < least:
        raise BadValues({"most": _("Skal være mindst lige så stort som det mindste.")})


def _codes(industries: str) -> str:
    try:
        return industry_picker.stored(industries) or ""
    except ValueError as error:
        raise BadValues({"industries": str(error)}) from None


def send_profile(case: Case, *, user: User | None) -> list[Sending]:
    """The profile goes to everybody in the network without a stake in the firm. Called by the case's move."""
    return [
        _send(case, angel, Sending.What.PROFILE, str(case.value("profile")), user) for angel in _network(case)
    ]


def send_prospectus(case: Case, *, user: User | None) -> list[Sending]:
    """The prospectus goes to those who said yes to the profile, and whom the firm's industry and the amount suit."""
    said_yes = set(
        Sending.objects.filter(case=case, what=Sending.What.PROFILE, answer=Sending.Answer.YES).values_list(
            "angel_id", flat=True
        )
    )
    chosen = [angel for angel in _network(case) if angel.pk in said_yes and angel.suits(case)]
    text = str(case.value("prospectus"))
    return [_send(case, angel, Sending.What.PROSPECTUS, text, user) for angel in chosen]


def _network(case: Case) -> list[Angel]:
    """Active angels who still are partners, without those who have an interest in the case."""
    rows = Angel.objects.filter(
        operator=case.operator, active=True, user__is_active=True,
        user__memberships__operator=case.operator, user__memberships__role=Role.PARTNER,
    )  # fmt: skip
    found = rows.select_related("user").distinct().order_by("pk")
    return [angel for angel in found if not rights.has_conflict(angel.user, case)]


def _send(case: Case, angel: Angel, what: str, text: str, user: User | None) -> Sending:
    """Sent once; a later round of the case does not send it again."""
    sending, is_new = Sending.objects.get_or_create(
        case=case, angel=angel, what=what, defaults={"title": case.title, "text": text}
    )
    if is_new:
        sending.letter = mail.write(
            to=[angel.user.email],
            subject=_("%(what)s: %(title)s") % {"what": sending.get_what_display(), "title": case.title},
            body=_(
                "Hej %(name)s\n\nDer ligger noget til dig: %(link)s\n\nLog ind for at læse det og svare.\n\nVenlig hilsen\n%(office)s"
            )
            % {
                "name": angel.user.get_short_name(),
                "link": settings.SITE_URL + reverse("angels:sending", args=[sending.pk]),
                "office": case.operator.name,
            },
            operator=case.operator,
            user=user,
            reply_to=case.operator.email,
        )
        sending.save(update_fields=["letter"])
        record(case, CaseEvent.Kind.OTHER, user=user, name=f"{what}_sent", text=str(angel))
    return sending


@transaction.atomic
def opened(sending: Sending, *, user: User) -> None:
    """The angel has opened it."""
    if sending.angel.user_id == user.pk:
        Sending.objects.filter(pk=sending.pk, opened_at=None).update(opened_at=timezone.now())


@transaction.atomic
def answer(sending: Sending, answer: str, *, user: User, note: str = "") -> Sending:
    """The angel says yes or no, and may say it again until the case goes on. Raises NotYours, AnsweredAlready, BadValues."""
    stored = locked(sending.case)
    if not Sending.objects.sent_to(user).filter(pk=sending.pk).exists():
        raise NotYours
    if answer not in (Sending.Answer.YES, Sending.Answer.NO):
        raise BadValues({"answer": _("Svar ja eller nej.")})
    if stored.stage != ANSWERED_IN[sending.what] or rights.has_conflict(user, stored):
        raise AnsweredAlready
    sending.answer, sending.answered_at, sending.note = answer, timezone.now(), clean_text(note)[:3000]
    sending.save(update_fields=["answer", "answered_at", "note"])
    told = f"{sending.angel}: {sending.get_answer_display()}"
    record(stored, CaseEvent.Kind.OTHER, user=user, name="angel_answered", text=told)
    return sending
