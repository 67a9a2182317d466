# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""How every form looks, and the version it was opened with."""

from __future__ import annotations

from typing import Any

from django import forms
from django.forms.renderers import TemplatesSetting

from brobygger.base.errors import IsItRight
from brobygger.base.field_markup import CONTROLS, field_group


class Renderer(TemplatesSetting):
    """Fields and forms in the markup of Det Fælles Designsystem: `{{ form }}`, `{{ form.name.as_field_group }}`.

    The commonest controls are written without templates, see `base.field_markup`.
    """

    form_template_name = "base/form.html"
    field_template_name = "base/field.html"

    def render(self, template_name: str, context: dict[str, Any], request: Any = None) -> str:
        if (
            template_name == self.field_template_name
            and (written := field_group(context["field"])) is not None
        ):
            return written
        if write := CONTROLS.get(template_name):
            return write(context["widget"])
        return super().render(template_name, context, request)


class VersionedForm(forms.ModelForm[Any]):
    """A form on a `Versioned` record that remembers which version the person opened. See `base.versions`."""

    opened_version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.fields["opened_version"].initial = self.instance.version

    @property
    def expected_version(self) -> int:
        """What to hand to `claim`."""
        return int(self.cleaned_data.get("opened_version") or 0)


class AskingForm(forms.Form):
    """A form whose rare answers are asked about: a box to say yes in, hidden until there is something to ask."""

    answers: tuple[str, ...] = (IsItRight.answer,)
    asks = False
    """What was typed is asked about; nothing is wrong with it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in self.answers:
            if not self.data.get(name):
                self.fields[name].widget = forms.HiddenInput()

    def ask(self, question: IsItRight) -> None:
        """Show the question, and the box to say yes in."""
        self.add_error(None, str(question))
        self.asks = True
        self.fields[question.answer].widget = forms.CheckboxInput()


_HALVES = frozenset(map(chr, range(0xD800, 0xE000)))
"""Of a sign that JSON writes in two (UTF-16). One alone is no text, and no database takes it."""


def clean_text(value: str) -> str:
    """Typed text without control characters, halves of signs and surrounding space; line breaks stay. Used by every
    free-text field."""
    if value.isprintable():
        return value.strip()
    kept = "".join(c for c in value if c in "\n\t" or (c.isprintable() or ord(c) > 0x9F) and c not in _HALVES)
    return kept.replace("\r\n", "\n").strip()
