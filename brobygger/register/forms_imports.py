# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""The form that a file is brought in by."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from brobygger.accounts.models import Operator
from brobygger.register.imports import importers
from brobygger.register.models import ImportRun

ORDER = ("organisations", "listings", "interactions", "consents", "building_cases", "cvr")


class ImportForm(forms.Form):
    """Which file, what it holds, and whether it is only to be tried."""

    kind = forms.ChoiceField(
        label=_("Hvad indeholder filen?"), widget=forms.RadioSelect, initial="organisations"
    )
    file = forms.FileField(
        label=_("Fil"),
        help_text=_("CSV eller Excel (.xlsx). CVR-udtræk: JSON eller NDJSON, gerne pakket med gzip."),
        error_messages={
            "required": _("Vælg en fil."),
            "empty": _("Filen er tom."),
            "max_length": _("Filens navn er for langt. Giv den et kortere navn."),
        },
    )
    dry_run = forms.BooleanField(
        label=_("Prøv først, uden at gemme noget"),
        required=False,
        initial=True,
        help_text=_("Du ser, hvad der bliver oprettet og ændret, og kan importere bagefter."),
    )
    own_only = forms.BooleanField(
        label=_("CVR-udtræk: kun virksomheder i vores kommuner"),
        required=False,
        initial=True,
        help_text=_(
            "En virksomhed med hovedsæde et andet sted er med, når den har en produktionsenhed her. "
            "De, der allerede står i registret, bliver altid opdateret."
        ),
    )

    def __init__(self, *args: Any, operator: Operator, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["kind"]
        self.kinds = field.choices = kinds_of(operator)


def kinds_of(operator: Operator) -> list[tuple[str, str]]:
    """What an office may bring in from a file, and what it is called."""
    labels = dict(ImportRun.Kind.choices)
    return [
        (kind, str(labels.get(kind) or importers.label_of(kind)))
        for kind in ORDER
        if kind in importers.kinds() and importers.is_offered(kind, operator)
    ]
