# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""The wording of letters as shipped, and how the fields in braces are filled in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from brobygger.base import merge_fields
from brobygger.base.merge_fields import BadTemplate as BadTemplate

FIELDS: dict[str, Promise] = {
    "giver": gettext_lazy("den, der har noget"),
    "modtager": gettext_lazy("den, der kan bruge det"),
    "har": gettext_lazy("det, giveren har, med giverens egne ord"),
    "mangler": gettext_lazy("det, modtageren mangler, med modtagerens egne ord"),
    "hvad": gettext_lazy("hvad det drejer sig om, med mængde"),
    "afstand": gettext_lazy("hvor langt der er imellem dem"),
    "hvorfor": gettext_lazy("hvorfor de to passer sammen"),
    "giver_kontakt": gettext_lazy("giverens kontaktperson med telefon og e-mail"),
    "modtager_kontakt": gettext_lazy("modtagerens kontaktperson med telefon og e-mail"),
    "konsulent": gettext_lazy("dit navn"),
    "konsulent_mail": gettext_lazy("din e-mail"),
    "kontor": gettext_lazy("kontorets navn"),
    "kontor_telefon": gettext_lazy("kontorets telefon"),
    "link": gettext_lazy("adressen på matchets side i Brobygger"),
}
"""Field → what it becomes, for the person who edits a template."""


@dataclass(frozen=True, slots=True)
class Wording:
    """Subject and text of a letter, with fields in braces."""

    title: str | Promise
    subject: str
    body: str


INTRODUCTION, INTRODUCTION_TAKER = "introduction", "introduction_taker"
SHIPPED: dict[str, Wording] = {
    INTRODUCTION: Wording(
        gettext_lazy("Introduktion: én har det, en anden mangler"),
        "{giver} og {modtager}: I bør tale sammen",
        """Hej begge to

{giver} har: {har}
{modtager} mangler: {mangler}

Derfor tror vi, at I kan bruge hinanden: {hvorfor}
Afstanden mellem jer er {afstand}.

I kan få fat i hinanden her:

{giver}
{giver_kontakt}

{modtager}
{modtager_kontakt}

Vi foreslår, at {modtager} ringer til {giver} i løbet af den næste uge. I bestemmer selv, om det skal blive til noget, og på hvilke vilkår. Jeg vil gerne hjælpe, hvis I er i tvivl om mængder, transport, regler eller en aftale: svar bare på denne mail.

I kan følge sagen her: {link}

Venlig hilsen
{konsulent}
{kontor}
{kontor_telefon}
{konsulent_mail}
""",
    ),
    INTRODUCTION_TAKER: Wording(
        gettext_lazy("Introduktion: mulig aftager, der ikke selv har søgt"),
        "{giver} har noget, som {modtager} måske kan bruge",
        """Hej begge to

{giver} har: {har}

{modtager} har ikke selv bedt om det, men vi tror, at I kan bruge hinanden: {hvorfor}
Afstanden mellem jer er {afstand}.

I kan få fat i hinanden her:

{giver}
{giver_kontakt}

{modtager}
{modtager_kontakt}

Har I ikke brug for det, så svar blot på denne mail, så hører I ikke mere om det. Har I lyst til at tale om det, foreslår vi, at {modtager} ringer til {giver} i løbet af den næste uge. Jeg vil gerne hjælpe med mængder, transport, regler eller en aftale.

Venlig hilsen
{konsulent}
{kontor}
{kontor_telefon}
{konsulent_mail}
""",
    ),
}
"""Key → wording until the office writes its own."""


def check(text: str) -> None:
    """Raises `BadTemplate` on a field that nobody can fill in, and on a lonely brace; names what is allowed."""
    merge_fields.check(text, FIELDS)


def fill(text: str, values: Mapping[str, str]) -> str:
    """The text with its fields filled in, once: braces in the values stay as they are. Raises `BadTemplate`."""
    return merge_fields.fill(text, values, FIELDS)
