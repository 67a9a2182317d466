# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""A firm that is not in the register yet, made while a note about it is written."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from brobygger.market.forms.matches import TypedText
from brobygger.register.forms import cvr_in, typed_cvr


class NewFirmForm(forms.Form):
    """Stands under the search for the firm. The name is what was searched for, where that is no number."""

    make = forms.BooleanField(
        label=gettext_lazy("Den er ikke i registret. Opret den, når notatet gemmes"), required=False
    )
    new_name = TypedText(label=gettext_lazy("Virksomhedens navn"), required=False, max_length=200)
    new_cvr = TypedText(
        label=gettext_lazy("CVR-nummer"),
        help_text=gettext_lazy("Kan udfyldes senere."),
        required=False,
        max_length=20,
    )

    @classmethod
    def after(cls, words: str) -> NewFirmForm:
        """With what somebody searched for as the name, or as the number."""
        number = cvr_in(words)
        return cls(initial={"new_cvr": number} if number else {"new_name": words})

    @property
    def is_asked(self) -> bool:
        """Whether the box was ticked."""
        return bool(self.is_bound and self.data.get("make"))

    def clean_new_cvr(self) -> str | None:
        return typed_cvr(self.cleaned_data["new_cvr"])

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or self.cleaned_data
        if typed.get("make") and not typed.get("new_name"):
            self.add_error("new_name", _("Skriv, hvad virksomheden hedder."))
        return typed

    @property
    def values(self) -> dict[str, Any]:
        """The firm, for the service."""
        return {"name": self.cleaned_data["new_name"], "cvr": self.cleaned_data["new_cvr"]}
