# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""What every case has in its archive, and what it began with or led to in other rooms."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from brobygger.accounts.models import User
from brobygger.base.danish import kroner, number
from brobygger.base.moments import day_in_figures
from brobygger.cases import archive
from brobygger.cases.archive import Page
from brobygger.cases.kinds.grant import aid_of
from brobygger.cases.models import (
    Asked,
    Case,
    CaseDocument,
    CaseDuty,
    CaseEvent,
    CaseParty,
    CasePayment,
    Vote,
)
from brobygger.cases.values import ORIGINS
from brobygger.guidance.models import Aid
from brobygger.market.models import Listing, Match


def payments(case: Case, _user: User | None) -> Iterator[Page]:
    rows = tuple((day_in_figures(row.on), row.text, kroner(row.amount)) for row in case.payments.all())
    if rows:
        rows = (*rows, (_("I alt"), "", kroner(case.paid)))
        yield Page(_("Udbetalinger"), "", (_("Dato"), _("Hvad"), _("Beløb")), rows, (2,))


def duties(case: Case, _user: User | None) -> Iterator[Page]:
    rows = tuple(
        (day_in_figures(row.due_on), row.title, day_in_figures(row.done_on), str(row.done_by or ""), row.text)
        for row in case.duties.select_related("done_by")
    )
    if rows:
        columns = (_("Senest"), _("Hvad"), _("Gjort"), _("Af"), _("Svar"))
        yield Page(_("Skal gøres"), "", columns, rows)


archive.holds(CaseEvent, "events", of="case")
archive.holds(CaseParty, "parties", of="case")
archive.holds(Vote, "votes", of="case")
archive.holds(Asked, "asked", of="case")
archive.holds(CaseDocument, "documents", of="case")
archive.holds(CasePayment, "payments", of="case", pages=payments)
archive.holds(CaseDuty, "duties", of="case", pages=duties)


def aid_page(case: Case, _user: User | None) -> Iterator[Page]:
    for aid in aid_given(case):
        yield Page(
            _("Støtte, noteret på virksomheden"),
            "",
            (_("Tildelt"), _("Støttegiver"), _("Beløb"), _("Euro"), _("Regler")),
            ((
                day_in_figures(aid.granted_on), aid.grantor, kroner(aid.amount_dkk), number(aid.amount_eur, 2),
                _("De minimis") if aid.de_minimis else aid.basis,
            ),),
            (2, 3),
        )  # fmt: skip


@archive.beside("aid", Aid, pages=aid_page)
def aid_given(case: Case) -> list[Aid]:
    """The aid as the register of the firm's aid holds it. It stays there after the case."""
    found = aid_of(case)
    return [found] if found else []


def begun_with(name: str, model: Any) -> None:
    """What the case began with stays where it is; a copy goes along."""

    def rows(case: Case) -> list[Any]:
        try:
            key = UUID(str(case.value(name))) if name in ORIGINS.get(case.type_key, ()) else None
        except ValueError:
            key = None
        return list(model.objects.filter(pk=key)) if key else []

    def pages(case: Case, _user: User | None) -> Iterator[Page]:
        for row in rows(case):
            yield Page(_("Begyndte med"), f"{model._meta.verbose_name}: {row}")

    archive.beside(f"origin_{name}", model, pages=pages)(rows)


begun_with("listing", Listing)
begun_with("match", Match)
