# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Every version of an enquiry's prospectus in the case's archive: on paper, as figures, and as the PDF that was sent."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _

from brobygger.accounts.models import User
from brobygger.base.moments import day_in_figures
from brobygger.cases import archive
from brobygger.cases.archive import Page
from brobygger.cases.enquiry import queries
from brobygger.cases.enquiry.models import ProspectusVersion
from brobygger.cases.models import Case


def _versions(case: Case) -> list[ProspectusVersion]:
    return list(
        ProspectusVersion.objects.filter(case=case).select_related("case__operator").order_by("number")
    )


def pages(case: Case, _user: User | None) -> Iterator[Page]:
    for version in _versions(case):
        name = _("Prospekt, version %(number)s") % {"number": version.number}
        sent = (
            _("Sendt %(day)s.") % {"day": day_in_figures(version.sent_at)}
            if version.sent_at
            else _("Ikke sendt.")
        )
        figures = tuple(
            (row["label"], f"{row['value']} {row['unit']}", row["basis"]) for row in version.body["figures"]
        )
        yield Page(
            f"{name}: {queries.title(version)}", f"{sent}\n\n{version.introduction}", (_("Hvad"), _("Tal"), _("Sådan er det talt")),
            figures, (1,),
        )  # fmt: skip
        for part in queries.parts(version.body):
            rows = tuple(tuple(str(value) for value in row) for row in part["rows"])
            yield Page(f"{name}: {part['heading']}", "", tuple(part["columns"]), rows, tuple(part["numbers"]))


def files(case: Case, _user: User | None) -> Iterator[tuple[str, bytes]]:
    for version in _versions(case):
        yield f"prospekt/version-{version.number}.pdf", queries.as_pdf(version)


archive.holds(ProspectusVersion, "prospectuses", of="case", pages=pages, files=files, without=("token",))
