# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""A round's letters as a file for Digital Post: asked for by a person, made once by a worker, deleted after a week."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.core.files.base import File
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from brobygger.accounts.models import User
from brobygger.base import jobs
from brobygger.outreach.errors import LettersNotReady, NoNumbers
from brobygger.outreach.letters_pdf import digital_post
from brobygger.outreach.models import PostFile, WelcomeRound
from brobygger.outreach.quarters import Quarter
from brobygger.outreach.queries.new_firms import letters_of
from brobygger.outreach.rights import must_be_office

KEPT = timedelta(days=7)
"""It holds the letters of people with one-man firms; it can be made again."""


@transaction.atomic
def ask(round_: WelcomeRound, *, user: User) -> PostFile:
    """Have the file made, as work in the background. One that is there, or on its way, is not made again.

    Raises LettersNotReady, NoNumbers, NotYourOffice.
    """
    from brobygger.outreach.tasks import make_post_file

    must_be_office(user, round_.operator_id)
    stored = (
        WelcomeRound.objects.select_for_update(of=("self",))
        .select_related("operator", "job")
        .get(pk=round_.pk)
    )
    if stored.job and not stored.job.is_over:
        raise LettersNotReady
    if not letters_of(stored).exclude(organisation__cvr=None).exists():
        raise NoNumbers
    wanted, _is_new = PostFile.objects.select_related("job").get_or_create(round=stored)
    if wanted.file or wanted.is_on_its_way:
        return wanted
    wanted.job = jobs.start(
        make_post_file,
        kind="post_file",
        title=_("Breve til Digital Post, %(quarter)s") % {"quarter": Quarter(stored.first_day)},
        operator=stored.operator,
        user=user,
        file_id=wanted.pk,
    )
    wanted.save()
    return wanted


def carry_out(wanted: PostFile, progress: Callable[[int, int], None]) -> int:
    """Make the file. Nothing is kept before it is whole, so it may be run again. Returns how many letters are in it."""
    if wanted.file:
        return wanted.letters
    round_ = wanted.round
    rows = list(letters_of(round_).exclude(organisation__cvr=None))
    with tempfile.TemporaryFile() as whole:
        for done, piece in enumerate(digital_post(round_.operator, rows, round_.signatures), 1):
            whole.write(piece)
            progress(min(done, len(rows)), len(rows))
        whole.seek(0)
        return _keep(wanted, whole, len(rows))


@transaction.atomic
def _keep(wanted: PostFile, whole: Any, letters: int) -> int:
    """The file and that it is there. Its name is the job's, so what a killed worker left behind is written over."""
    stored = PostFile.objects.select_for_update().get(pk=wanted.pk)
    if not stored.file:
        name = f"breve/{stored.job_id}.zip"
        default_storage.delete(name)
        stored.file.name = default_storage.save(name, File(whole))
        stored.letters, stored.made_at = letters, timezone.now()
        stored.save()
    return stored.letters


def forget(now: datetime | None = None) -> int:
    """Delete files that have been kept their time. Returns how many."""
    old = PostFile.objects.exclude(file="").filter(made_at__lt=(now or timezone.now()) - KEPT)
    found = list(old)
    for one in found:
        name = str(one.file.name)
        PostFile.objects.filter(pk=one.pk).update(file="", job=None)
        default_storage.delete(name)
    return len(found)
