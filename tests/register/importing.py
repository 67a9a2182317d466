# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Files of organisations as the tests of their import have them."""

from __future__ import annotations

from brobygger.register.imports.report import Report

HEADER = "navn;cvr;adresse;postnr;branche;ansatte;e-mail\n"
ROW = "Ærø Bøgeskov Gård;99100001;Søvej 1;4320;107120;12;post@eksempel.invalid\n"


def tally(report: Report) -> tuple[int, ...]:
    counts = (report.created, report.changed, report.unchanged, report.skipped)
    assert report.read == sum(counts)
    return counts
