# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""What the gates of an angel case ask for, and what is sent when it goes on."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from pydantic import Field as Bound

from brobygger.accounts.models import User
from brobygger.base.danish import number
from brobygger.blueprints.kinds import Part
from brobygger.cases.angels import services
from brobygger.cases.angels.case_words import PROFILE_SENT, PROSPECTUS_SENT, TYPE
from brobygger.cases.angels.models import Sending
from brobygger.cases.event_words import calls
from brobygger.cases.hooks import after
from brobygger.cases.models import Case, CaseEvent
from brobygger.cases.rules.registry import Asked, rule

calls({
    "profile_sent": _lazy("Profilen er sendt"),
    "prospectus_sent": _lazy("Prospektet er sendt"),
    "angel_answered": _lazy("En business angel har svaret"),
})  # fmt: skip


class Pages(Part):
    """A text of so many pages. A page is 2,400 characters with spaces, the Danish `normalside`."""

    field: str
    least: float = Bound(default=1, ge=0, le=50)
    most: float = Bound(default=2, gt=0, le=50)
    characters: int = Bound(default=2400, ge=500, le=5000)


@rule("pages_between", Pages)
def pages_between(asked: Asked, pages: Pages) -> str | None:
    """A profile fills one to two pages (catalogue of good practice, case 5)."""
    length = len(str(asked.case.value(pages.field) or ""))
    if pages.least * pages.characters <= length <= pages.most * pages.characters:
        return None
    return _(
        "»%(field)s« fylder %(pages)s sider. Den skal fylde %(least)s-%(most)s (en side er %(count)s tegn)."
    ) % {
        "field": asked.case.type.field(pages.field).label,
        "pages": number(length / pages.characters, 1),
        "least": number(pages.least),
        "most": number(pages.most),
        "count": number(pages.characters),
    }


@rule("an_angel_said_yes")
def an_angel_said_yes(asked: Asked, _none: Part) -> str | None:
    """There is no meeting, and no prospectus, without somebody who wants it."""
    rows = Sending.objects.filter(case=asked.case, what=Sending.What.PROFILE, answer=Sending.Answer.YES)
    return None if rows.exists() else _("Ingen i netværket har sagt ja endnu.")


@after("moved", case_type=TYPE, to=PROFILE_SENT)
def send_profile(case: Case, event: CaseEvent, user: User | None) -> None:
    services.send_profile(case, user=user)


@after("moved", case_type=TYPE, to=PROSPECTUS_SENT)
def send_prospectus(case: Case, event: CaseEvent, user: User | None) -> None:
    services.send_prospectus(case, user=user)
