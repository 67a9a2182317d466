# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""What somebody outside the office did in a case stands as news until the office has read it.

The officer reads by opening the case. In a case that nobody has, it stands until somebody takes the case or says that it is
read: otherwise whoever looked first would hide it from the one who should do something.

The officer gets a letter at once when a case gets news from outside, and no other before the news is read. Five files uploaded
one by one are one letter; a question that is asked after the last one was read is told without waiting for the next day. Whom
the letter went to is kept (`Case.news_told`): whoever has the case after them gets one too. So there are never more letters
than times the case was read or given on, whatever the applicant does, and no clock decides whether one is lost.

A case that a colleague is given, or that nobody was given, is news without a letter, and never hides what came from outside.
"""

from __future__ import annotations

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import translation
from django.utils.translation import gettext as _

from brobygger.accounts.models import User
from brobygger.base import mail
from brobygger.cases import rights
from brobygger.cases.addresses import receiver_of
from brobygger.cases.models import Case, CaseEvent
from brobygger.cases.words import news_word

K = CaseEvent.Kind
_TOLD = frozenset(
    {K.OPENED, K.MOVED, K.FAILED, K.RESUMED, K.CHANGED, K.DOCUMENT, K.PARTY, K.MESSAGE, K.REMARK, K.DUTY, K.OTHER}
)  # fmt: skip


def note(case: Case, event: CaseEvent, user: User | None) -> None:
    """Let the event be the case's news where it is any. Call with the case locked, before it is saved."""
    if user is None or event.kind not in _TOLD | {K.ASSIGNED}:
        return
    if rights.is_officer(user, case):
        _by_the_office(case, event, user)
    elif event.kind in _TOLD:
        _stand(case, event)
        _tell(case, event)


def _stand(case: Case, event: CaseEvent) -> None:
    if case.news_id is None:
        case.news_told = ""
    case.news = event


def _by_the_office(case: Case, event: CaseEvent, user: User) -> None:
    """A case that a colleague is given, or that nobody was given, is news too, where none from outside stands: that is told
    to whoever has the case now."""
    if event.kind not in (K.OPENED, K.ASSIGNED, K.PARTY):
        return
    if outside := _from_outside(case):
        if receiver_of(case).user != user:
            _tell(case, outside)
    elif (
        event.kind == K.OPENED
        and case.officer_id is None
        or event.kind == K.ASSIGNED
        and case.officer_id not in (None, user.pk)
    ):
        _stand(case, event)


def _from_outside(case: Case) -> CaseEvent | None:
    """The unread news, where it is not the office's own."""
    event = case.news
    if event is None or event.kind == K.ASSIGNED or event.by and rights.is_officer(event.by, case):
        return None
    return event


def read_by(case: Case, user: User) -> bool:
    """The officer has the case before them: what was new is read. Whether it was. What came meanwhile stays new."""
    return case.officer_id == user.pk and _is_read(case, case.news_id)


def say_read(case: Case, seen: int, *, user: User) -> bool:
    """One of the office says that it is read, in a case of a colleague's or of nobody's. `seen`: the event that they had on
    the screen. Whether it was still the newest. Raises NotYours, Conflicted."""
    from brobygger.cases.services.derive import require_officer

    require_officer(user, case)
    return _is_read(case, seen)


def _is_read(case: Case, seen: int | None) -> bool:
    return seen is not None and bool(
        Case.objects.filter(pk=case.pk, news=seen).update(news=None, news_told="")
    )


def _tell(case: Case, event: CaseEvent) -> None:
    """One letter to whoever has the case, unless they have had theirs. Where there is no address it stands on I dag."""
    to = receiver_of(case)
    if to.email in ("", case.news_told):
        return
    case.news_told = to.email
    with translation.override(to.language):
        what = news_word(case.type, event)
        once = _("Der kommer én mail, når der er nyt, og ikke flere, før sagen er åbnet.")
        nobody = "" if to.user else _("Sagen har ingen sagsbehandler endnu.")
        lines = [f"{what}.", name_of(case), nobody, settings.SITE_URL + case.get_absolute_url(), once]
        subject = f"{case.number}: {what}"
        try:
            mail.write(
                to=[to.email], subject=subject, body="\n\n".join(filter(None, lines)), operator=case.operator
            )
        except ValidationError:  # the office's address is none
            return


def name_of(case: Case) -> str:
    """What a case is called in a letter: a confidential one by its number and sort alone."""
    return f"{case.number}, {case.type.title}" if case.type.confidential else f"{case.number}, {case.title}"
