# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Letters as definitions: the welcome letter, and texts that mailings begin from."""

from __future__ import annotations

from enum import StrEnum

from django.utils.translation import gettext_lazy as _
from pydantic import Field, field_validator

from brobygger.base import merge_fields
from brobygger.blueprints.kinds import Blueprint, kind
from brobygger.outreach.wording import FIELDS

LETTER = "letter"


class Use(StrEnum):
    """What a letter is for."""

    WELCOME = "welcome"
    MAILING = "mailing"


class LetterText(Blueprint):
    """A letter: subject and text with fields in braces, and who signs it on paper."""

    use: Use
    subject: str = Field(min_length=1, max_length=200)
    body: str = Field(min_length=1, max_length=20_000)
    signatures: list[str] = Field(default_factory=list, max_length=4)
    """A line for each that signs: title, or name and title."""

    @field_validator("subject", "body")
    @classmethod
    def _fields_are_known(cls, text: str) -> str:
        try:
            merge_fields.check(text, FIELDS)
        except merge_fields.BadTemplate as error:
            raise ValueError(str(error)) from error
        return text


kind(LETTER, LetterText, label=_("Brev"))
