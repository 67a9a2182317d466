# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""The commonest form controls written in one go.

Django opens three templates for a text field and two for each choice of a drop-down; with the hundred municipalities of
a filter that was half of what a list's page cost. What is written is what those templates write, tested against them.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any

from django.db.models import BLANK_CHOICE_DASH
from django.forms.boundfield import BoundField
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

NO_CHOICE = BLANK_CHOICE_DASH[0][1]
Writer = Callable[[dict[str, Any]], SafeString]
PLAIN_INPUTS = (
    "text",
    "number",
    "email",
    "url",
    "tel",
    "search",
    "color",
    "password",
    "hidden",
    "date",
    "checkbox",
)
_IN_TEMPLATE = {"checkboxinput", "clearablefileinput", "fileinput"}
_DROP_DOWNS = {"select", "selectmultiple"}
"""Kinds of widget that `base/field.html` sets out in another way."""


def drop_down(widget: dict[str, Any]) -> SafeString:
    """What `django/forms/widgets/select.html` writes."""
    inside = []
    for group, options, _index in widget["optgroups"]:
        written = "".join(
            option(str(choice["value"]), _named(choice["label"]), attributes(choice["attrs"]))
            for choice in options
        )
        inside.append(f'<optgroup label="{escape(group)}">{written}</optgroup>' if group else written)
    told = attributes({"name": widget["name"], **widget["attrs"]})
    return mark_safe(f"<select{told}>{''.join(inside)}</select>")  # noqa: S308 (every part is escaped)


def _named(label: Any) -> str:
    """A choice's label; what Django calls no choice is said in words."""
    return _("Vælg") if label == NO_CHOICE else str(label)


@lru_cache(maxsize=8192)
def option(value: str, label: str, told: str = "") -> str:
    """One choice. `told`: its attributes, escaped. The same few hundred stand in every list's filters."""
    return f'<option value="{escape(value)}"{told}>{escape(label)}</option>'


def plain_input(widget: dict[str, Any]) -> SafeString:
    """What `django/forms/widgets/input.html` writes."""
    value = "" if widget["value"] is None else f' value="{escape(str(widget["value"]))}"'
    told = attributes(widget["attrs"])
    return mark_safe(f'<input type="{escape(widget["type"])}" name="{escape(widget["name"])}"{value}{told}>')  # noqa: S308


CONTROLS: dict[str, Writer] = {
    "django/forms/widgets/select.html": drop_down,
    **{f"django/forms/widgets/{kind}.html": plain_input for kind in PLAIN_INPUTS},
}
"""Template of a widget → what writes it instead."""


def field_group(field: BoundField) -> SafeString | None:
    """What `base/field.html` writes for a control below its label; None for those that it sets out otherwise."""
    if field.is_hidden:
        return SafeString(str(field))
    kind = _class_of(field)
    if field.use_fieldset or kind in _IN_TEMPLATE:
        return None
    wrong = field.errors
    word = getattr(field.field, "optional_word", _("frivilligt"))
    free = "" if field.field.required or not word else f' <span class="weight-normal">({escape(word)})</span>'
    told = [
        f'<div class="form-group{" form-error" if wrong else ""} bb-field bb-field--{kind}">',
        _label(field, free),
        f'<span class="form-hint" id="{field.auto_id}_helptext">{field.help_text}</span>'
        if field.help_text
        else "",
        *(_error(field, error) for error in wrong),
        _control(field, "form-select" if kind in _DROP_DOWNS else "form-input"),
        "</div>",
    ]
    return mark_safe("".join(told))  # noqa: S308 (labels and errors are escaped, help texts are our own)


def filter_group(field: BoundField) -> SafeString:
    """A filter of a list, without the word "frivilligt": every filter is."""
    kind, wrong = _class_of(field), field.errors
    if kind == "checkboxinput":
        inside = f'<div class="form-group-checkbox">{_control(field, "form-checkbox")}{_label(field)}</div>'
    else:
        errors = "".join(_error(field, error) for error in wrong)
        css = "form-select" if kind in _DROP_DOWNS else "form-input"
        inside = f"{_label(field)}{errors}{_control(field, css)}"
    return mark_safe(f'<div class="form-group{" form-error" if wrong else ""}">{inside}</div>')  # noqa: S308


def _control(field: BoundField, css: str) -> str:
    """The control itself, with the class of its kind beside its own."""
    own = field.field.widget.attrs.get("class", "")
    return str(field.as_widget(attrs={"class": f"{own} {css}".strip()}))


def _label(field: BoundField, free: str = "") -> str:
    return f'<label class="form-label" for="{escape(field.id_for_label)}">{escape(field.label)}{free}</label>'


def _error(field: BoundField, error: Any) -> str:
    return (
        f'<span class="form-error-message" id="{field.auto_id}_error">'
        f'<span class="sr-only">{_("Fejl:")} </span>{escape(error)}</span>'
    )


def _class_of(field: BoundField) -> str:
    return type(field.field.widget).__name__.lower()


def attributes(told: dict[str, Any]) -> SafeString:
    """As Django's `attrs.html`: True is an attribute without a value, False and None are left out."""
    if not told:
        return _NOTHING
    return SafeString(
        "".join(
            f" {escape(name)}" if value is True else f' {escape(name)}="{escape(str(value))}"'
            for name, value in told.items()
            if value is not False and value is not None
        )
    )


_NOTHING = SafeString("")
