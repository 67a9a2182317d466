# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""What stands beside what was typed, when somebody else saved meanwhile: in words, not in codes."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from types import SimpleNamespace

from django import forms

from brobygger.base.form_pages import differences


class OfFour(forms.Form):
    way = forms.ChoiceField(label="Retning", choices=[("up", "Mindst"), ("Andre", [("down", "Højst")])])
    on = forms.DateField(label="Dag")
    most = forms.DecimalField(label="Måltal")
    towns = forms.MultipleChoiceField(
        label="Kommuner", choices=[("0101", "København"), ("0147", "Frederiksberg")]
    )


def test_choices_days_and_figures_are_told_in_words() -> None:
    form = OfFour({"way": "up", "on": "2026-03-01", "most": "1200.50", "towns": ["0147", "0101"]})
    assert form.is_valid()
    stored = SimpleNamespace(way="down", on=date(2026, 4, 1), most=Decimal(7), towns=["0101"])
    assert differences(form, stored) == [
        ("Retning", "Mindst", "Højst"),
        ("Dag", "01.03.2026", "01.04.2026"),
        ("Måltal", "1.200,5", "7"),
        ("Kommuner", "København og Frederiksberg", "København"),
    ]
    same = SimpleNamespace(way="up", on=date(2026, 3, 1), most=Decimal("1200.5"), towns=["0101", "0147"])
    assert differences(form, same) == []
