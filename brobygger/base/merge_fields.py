# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Letters with fields in braces: checked when they are written, filled in when they are sent."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from string import Formatter

from django.utils.translation import gettext as _

from brobygger.base.danish import join
from brobygger.base.errors import UserError


class BadTemplate(UserError):
    """A template that cannot be filled in."""


def check(text: str, known: Collection[str]) -> None:
    """Raises `BadTemplate` on a field that nobody can fill in, and on a lonely brace; names what is allowed."""
    try:
        found = [
            (name, spec, turn) for _text, name, spec, turn in Formatter().parse(text) if name is not None
        ]
    except ValueError as error:
        raise BadTemplate(
            _(
                "Der er en krøllet parentes { eller }, som mangler sin makker. Skal den stå der, så skriv den to gange: {{ eller }}."
            )
        ) from error
    unknown = [name for name, spec, turn in found if name not in known or spec or turn]
    if unknown:
        raise BadTemplate(
            _("Feltet %(unknown)s findes ikke. Du kan bruge: %(known)s.")
            % {
                "unknown": join([f"{{{name[:40]}}}" for name in dict.fromkeys(unknown)]),
                "known": join([f"{{{name}}}" for name in known]),
            }
        )


def fields_of(text: str) -> list[str]:
    """The fields that a checked text has, in order."""
    return [name for _text, name, _spec, _turn in Formatter().parse(text) if name is not None]


def fill(text: str, values: Mapping[str, str], known: Collection[str]) -> str:
    """The text with its fields filled in, once: braces in the values stay as they are. Raises `BadTemplate`."""
    check(text, known)
    out = []
    for literal, name, _spec, _turn in Formatter().parse(text):
        out.append(literal)
        if name is not None:
            out.append(values.get(name, ""))
    return "".join(out)
