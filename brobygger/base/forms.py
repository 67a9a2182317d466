# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""How every form looks, and the version it was opened with."""

from __future__ import annotations

from typing import Any

from django import forms
from django.forms.renderers import TemplatesSetting
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe


class Renderer(TemplatesSetting):
    """Fields and forms in the markup of Det Fælles Designsystem: `{{ form }}`, `{{ form.name.as_field_group }}`.

    Drop-downs are written in one go: Django opens two templates for each of their options, and with the hundred
    municipalities of a filter that was half of what a list's page cost.
    """

    form_template_name = "base/form.html"
    field_template_name = "base/field.html"

    def render(self, template_name: str, context: dict[str, Any], request: Any = None) -> str:
        if template_name == forms.Select.template_name:
            return _drop_down(context["widget"])
        return super().render(template_name, context, request)


def _drop_down(widget: dict[str, Any]) -> SafeString:
    """What `django/forms/widgets/select.html` writes."""
    inside = []
    for group, options, _index in widget["optgroups"]:
        written = "".join(
            format_html(
                '<option value="{}"{}>{}</option>',
                option["value"],
                _attributes(option["attrs"]),
                option["label"],
            )
            for option in options
        )
        inside.append(f'<optgroup label="{escape(group)}">{written}</optgroup>' if group else written)
    attributes = _attributes({"name": widget["name"], **widget["attrs"]})
    return mark_safe(f"<select{attributes}>{''.join(inside)}</select>")  # noqa: S308 (every part is escaped)


def _attributes(attributes: dict[str, Any]) -> SafeString:
    """As Django's `attrs.html`: True is an attribute without a value, False and None are left out."""
    return SafeString(
        "".join(
            f" {escape(name)}" if value is True else f' {escape(name)}="{escape(value)}"'
            for name, value in attributes.items()
            if value is not False and value is not None
        )
    )


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


def clean_text(value: str) -> str:
    """Typed text without control characters and surrounding space; line breaks stay. Used by every free-text field."""
    if value.isprintable():
        return value.strip()
    kept = "".join(c for c in value if c in "\n\t" or (c.isprintable() or ord(c) > 0x9F))
    return kept.replace("\r\n", "\n").strip()
