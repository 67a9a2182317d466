# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""A case goes, with everything in it: a draft that its applicant deletes, or a case whose time is over."""

from __future__ import annotations

from brobygger.accounts import audit
from brobygger.accounts.models import User
from brobygger.base import search
from brobygger.cases import archive
from brobygger.cases.models import Case
from brobygger.cases.search import KIND
from brobygger.cases.services.documents import delete_files


def remove_case(case: Case, *, user: User, action: str, **said: str) -> None:
    """Records, their lines of history, what finds the case, and its files once the transaction is final. That it was removed,
    and by whom, stays in the audit trail under `action`. Call with the case locked, and the person asked."""
    about, operator = str(case)[:200], case.operator
    whole = (held.whole_history(case) for held in archive.declared())
    histories = [history for history in whole if history is not None]
    delete_files(case.documents.all())
    case.documents.all().delete()
    search.remove(KIND, [case.pk])
    case.delete()
    for history in histories:
        history.delete()  # with the lines that the deletion itself has written
    audit.record(action, user=user, operator=operator, about=about, **said)
