# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""What a tender's gates ask for, and what follows."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from brobygger.accounts.models import User
from brobygger.base import mail
from brobygger.blueprints.kinds import Part
from brobygger.cases.errors import NotArchived
from brobygger.cases.event_words import calls
from brobygger.cases.fixed import fixes
from brobygger.cases.hooks import after, beside_reason
from brobygger.cases.models import Case, CaseEvent
from brobygger.cases.rules.registry import Asked, rule
from brobygger.cases.tenders import opening, services
from brobygger.cases.tenders.case_words import AWARDED, DROPPED, PUBLISHED, TEXTS, TYPE
from brobygger.cases.tenders.models import Tender
from brobygger.cases.tenders.tasks import announce
from brobygger.cases.tenders.telling import addresses, tell_all, write_to

calls({
    "tender_set_up": _lazy("Frist sat for bud"),
    "market_dialogue": _lazy("Møde med markedet"),
    "question_answered": _lazy("Spørgsmål besvaret"),
    "question_closed": _lazy("Spørgsmål lukket uden svar"),
    "deadline_extended": _lazy("Fristen er forlænget"),
    "opening_begun": _lazy("Åbning af buddene begyndt"),
    "bids_opened": _lazy("Buddene er åbnet"),
    "bid_chosen": _lazy("Bud valgt"),
})  # fmt: skip


@rule("tender_set_up")
def tender_set_up(asked: Asked, _none: Part) -> str | None:
    """A tender has a deadline that has not passed."""
    tender = Tender.objects.filter(case=asked.case).first()
    if tender and tender.deadline > timezone.now():
        return None
    return _("Opgaven har ingen frist, der ligger i fremtiden.")


@rule("bids_opened")
def bids_opened(asked: Asked, _none: Part) -> str | None:
    """Nothing is evaluated before two people have opened the bids."""
    opened = Tender.objects.filter(case=asked.case, opened_at__isnull=False)
    return None if opened.exists() else _("Buddene er ikke åbnet af to personer endnu.")


@rule("bid_chosen")
def bid_chosen(asked: Asked, _none: Part) -> str | None:
    """The award is written down with its reason."""
    chosen = Tender.objects.filter(case=asked.case, winner__isnull=False).exclude(award_reason="")
    return None if chosen.exists() else _("Der er ikke valgt noget bud.")


@fixes(TYPE)
def what_is_published(case: Case) -> dict[str, str]:
    """What bidders rely on is changed as a new version that they are told of, and not at all after the deadline."""
    tender = Tender.objects.filter(case=case, published_at__isnull=False).first()
    if tender is None:
        return {}
    if timezone.now() > tender.deadline:
        why = _("Fristen er gået. Det, buddene er givet på, ligger fast.")
    else:
        why = _(
            "Opgaven er offentliggjort. Ret den under »Frist, møder, spørgsmål og bud«, så alle får besked."
        )
    return dict.fromkeys(("title", *TEXTS), why)


@after("moved", case_type=TYPE, to=PUBLISHED)
def publish(case: Case, event: CaseEvent, user: User | None) -> None:
    """The tender is out, and those who could bid on it are told of it by a worker."""
    services.publish(case, user)
    key = Tender.objects.get(case=case).pk
    transaction.on_commit(lambda: announce.enqueue(key))


@after("moved", case_type=TYPE, to=AWARDED)
def tell_bidders(case: Case, event: CaseEvent, user: User | None) -> None:
    """Award letters: to the one that was chosen, and to each of the others, with the reason."""
    tender = Tender.objects.select_related("winner").get(case=case)
    for bid in opening._latest(tender):
        if not bid.submitted_by or not bid.submitted_by.email:
            continue
        chosen = bid.pk == tender.winner_id
        first = _("Jeres bud er valgt.") if chosen else _("Jeres bud er ikke valgt.")
        mail.write(
            to=[bid.submitted_by.email],
            subject=_("Afgørelse: %(title)s") % {"title": case.title},
            body=_("%(first)s\n\nBegrundelse: %(why)s\n\nVenlig hilsen\n%(office)s")
            % {"first": first, "why": tender.award_reason, "office": case.operator.name},
            operator=case.operator,
            user=user,
            reply_to=case.operator.email,
        )


@after("moved", case_type=TYPE, to=DROPPED)
def tell_of_cancelling(case: Case, event: CaseEvent, user: User | None) -> None:
    """Those who have bid, asked or follow a tender that was out are told why it is cancelled."""
    tender = Tender.objects.select_for_update().filter(case=case, published_at__isnull=False).first()
    if tender is None:
        return
    text = _("Opgaven er annulleret.\n\n%(why)s\n\nVenlig hilsen\n%(office)s") % {
        "why": event.reason,
        "office": case.operator.name,
    }
    subject = _("Annulleret: %(title)s") % {"title": case.title}
    write_to(addresses(tender), tender, case, text, subject=subject, user=user)


def _was_told_to_all(case: Case, event: CaseEvent) -> bool:
    told = event.kind == CaseEvent.Kind.MOVED and event.data.get("to") in (AWARDED, DROPPED)
    return told and Tender.objects.filter(case=case, published_at__isnull=False).exists()


@beside_reason(TYPE)
def who_reads_why(case: Case, event: CaseEvent) -> str:
    """The reason for taking back what was told to all is told to all."""
    if not _was_told_to_all(case, event):
        return ""
    return _("Står på opgavens side for alle, og sendes til dem, der har budt, spurgt eller følger opgaven.")


@after("voided", case_type=TYPE)
def tell_of_taking_back(case: Case, event: CaseEvent, user: User | None) -> None:
    """What was told to all and did not hold after all is told too."""
    taken = event.refers_to
    if taken is None or not _was_told_to_all(case, taken):
        return
    tender = Tender.objects.select_for_update().get(case=case)
    cancelled = taken.data["to"] == DROPPED
    first = _("Annulleringen er taget tilbage.") if cancelled else _("Afgørelsen er taget tilbage.")
    subject = _("Taget tilbage: %(title)s") % {"title": case.title}
    tell_all(tender, case, f"{first} {event.reason}", subject=subject, user=user)


@after("archived", case_type=TYPE)
def must_hold_the_bids(case: Case, event: CaseEvent, user: User | None) -> None:
    """A file that was fetched while bids were sealed holds none, however many there are. Raises NotArchived."""
    out = Tender.objects.filter(case=case, published_at__isnull=False, opened_at=None)
    if out.filter(deadline__gte=case.exported_at).exists():
        raise NotArchived(
            _("Hent arkivfilen igen, når fristen for bud er gået. Indtil da er buddene ikke med.")
        )
