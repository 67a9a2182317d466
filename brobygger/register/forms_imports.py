# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""The form that a file is brought in by."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from brobygger.register.imports import importers
from brobygger.register.models import ImportRun


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

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        labels = dict(ImportRun.Kind.choices)
        field: Any = self.fields["kind"]
        self.kinds = field.choices = [
            (kind, labels.get(kind) or importers.label_of(kind))
            for kind in ("organisations", "listings", "interactions", "consents", "cvr")
            if kind in importers.kinds()
        ]
