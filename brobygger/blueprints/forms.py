# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Writing a definition, or sending in a file."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from brobygger.blueprints.reading import LONGEST

_BYTES_PER_LETTER = 4


class WritingForm(forms.Form):
    """The text of a definition. A file that is sent takes the text's place."""

    text = forms.CharField(
        label=_("Opskriften (YAML)"),
        strip=False,
        widget=forms.Textarea(
            attrs={"rows": 28, "class": "bp-text", "spellcheck": "false", "autocapitalize": "off"}
        ),
    )
    file = forms.FileField(
        label=_("Eller hent teksten fra en fil"),
        required=False,
        help_text=_("En .yaml-fil. Den træder i stedet for teksten ovenfor."),
        widget=forms.FileInput(attrs={"accept": ".yaml,.yml"}),
    )
    opened = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if sent := data.get("file"):
            self.errors.pop("text", None)  # an empty text is none to complain of
            data["text"] = self._read(sent)
        data["text"] = (data.get("text") or "").replace("\r\n", "\n")
        return data

    def _read(self, sent: Any) -> str:
        if sent.size > LONGEST * _BYTES_PER_LETTER:
            raise forms.ValidationError({"file": _t("Filen er for lang.")})
        try:
            text: str = sent.read().decode("utf-8-sig")
        except UnicodeDecodeError:
            raise forms.ValidationError({"file": _t("Filen skal være en tekstfil i UTF-8.")}) from None
        self.retype("text", text)  # so that it can be mended on the page
        return text

    def retype(self, name: str, value: str) -> None:
        """Show another value than the one that was sent."""
        self.data = {**dict(self.data.items()), name: value}
