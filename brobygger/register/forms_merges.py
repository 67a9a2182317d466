# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""The form that lays two organisations together: which values win."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from brobygger.base.danish import number
from brobygger.knowledge.company_forms import company_form
from brobygger.knowledge.industries import industry_title
from brobygger.register.merging.values import CHOICES, GONE, KEPT, proposed
from brobygger.register.models import Organisation


class FindOtherForm(forms.Form):
    """Words for the other of the two."""

    q = forms.CharField(
        label=gettext_lazy("Hvilken anden er det?"),
        help_text=gettext_lazy("Navn, CVR- eller P-nummer."),
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"type": "search"}),
    )


class MergeForm(forms.Form):
    """A choice for each value where the two differ, and the versions that the person saw."""

    kept_version = forms.IntegerField(widget=forms.HiddenInput)
    gone_version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, kept: Organisation, gone: Organisation) -> None:
        super().__init__(data)
        self.default = proposed(kept, gone)
        for choice in CHOICES:
            mine, theirs = shown(kept, choice.key), shown(gone, choice.key)
            if mine == theirs:
                continue
            self.fields[choice.key] = forms.ChoiceField(
                label=str(choice.label),
                choices=[(KEPT, mine or _("(intet)")), (GONE, theirs or _("(intet)"))],
                initial=self.default[choice.key],
                widget=forms.RadioSelect,
            )
        self.fields["kept_version"].initial = kept.version
        self.fields["gone_version"].initial = gone.version

    def take_over_newer_versions(self) -> bool:
        """Whether somebody has saved since the page was opened. Then the form asks again: about what they wrote too."""
        opened = [self.data.get(f"{which}_version", "") for which in (KEPT, GONE)]
        stored = [str(self.fields[f"{which}_version"].initial) for which in (KEPT, GONE)]
        if not self.is_bound or opened == stored or not all(version.isdecimal() for version in opened):
            return False
        given: Any = self.data
        typed = given.copy()
        for which, version in zip((KEPT, GONE), stored, strict=True):
            typed[f"{which}_version"] = version
        for name, field in self.fields.items():
            if not typed.get(name):
                typed[name] = field.initial
        self.data = typed
        return True

    @property
    def chosen(self) -> dict[str, str]:
        """Choice → which of the two."""
        return self.default | {
            choice.key: self.cleaned_data[choice.key] for choice in CHOICES if choice.key in self.cleaned_data
        }

    @property
    def expected(self) -> tuple[int, int]:
        """What to hand to the service."""
        return self.cleaned_data["kept_version"], self.cleaned_data["gone_version"]


def shown(organisation: Organisation, key: str) -> str:
    """A value as it is read."""
    value: Any = getattr(organisation, key)
    if value in (None, "") and key != "employees":
        return ""
    if key == "kind":
        return str(organisation.get_kind_display())
    if key == "form_code":
        form = company_form(value)
        return form.name if form else str(value)
    if key == "industry":
        return f"{industry_title(value) or _('Ukendt kode')} ({value})"
    if key == "employees":
        return organisation.employees_text or ("" if value is None else number(value))
    if key == "status":
        ended = organisation.dissolved_on
        day = f" {formats.date_format(ended, 'SHORT_DATE_FORMAT')}" if ended else ""
        return f"{organisation.get_status_display()}{day}"
    if key == "founded_on":
        return str(formats.date_format(value, "SHORT_DATE_FORMAT"))
    return str(value)
