# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""The fields of letters to firms, and what they become."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from brobygger.accounts.models import Operator
from brobygger.base import merge_fields
from brobygger.base.danish import join
from brobygger.knowledge.geography import municipality
from brobygger.register.models import Organisation, Person

FIELDS: dict[str, Promise] = {
    "virksomhed": gettext_lazy("virksomhedens navn"),
    "navn": gettext_lazy("kontaktpersonens navn, ellers virksomhedens"),
    "kommune": gettext_lazy("virksomhedens kommune"),
    "kontor": gettext_lazy("kontorets navn"),
    "kontor_mail": gettext_lazy("kontorets e-mail"),
    "kontor_telefon": gettext_lazy("kontorets telefon"),
    "konsulent": gettext_lazy("dit navn"),
    "konsulent_mail": gettext_lazy("din e-mail"),
    "samtale_link": gettext_lazy("link, hvor virksomheden selv booker en samtale"),
    "afmeld_link": gettext_lazy("link, der afmelder; står altid sidst i en udsendelse"),
}
"""Field → what it becomes, for the person who writes a letter."""


def values_of(
    operator: Operator, organisation: Organisation, user: Any, *, person: Person | None = None, **links: str
) -> dict[str, str]:
    """What the fields become in a letter to that firm. `links`: samtale_link, afmeld_link."""
    return {
        "virksomhed": organisation.name,
        "navn": person.name if person else organisation.name,
        "kommune": town_of(operator, organisation),
        "kontor": operator.name,
        "kontor_mail": operator.email,
        "kontor_telefon": operator.phone,
        "konsulent": str(user),
        "konsulent_mail": user.email,
        **links,
    }


def town_of(operator: Operator, organisation: Organisation) -> str:
    """The firm's municipality where the office serves it, else the office's own."""
    codes = operator.municipality_codes
    wanted = [organisation.municipality_code] if organisation.municipality_code in codes else codes
    return join([place.name for code in wanted if (place := municipality(code))])


@dataclass(frozen=True, slots=True)
class Gone:
    """A line of a letter that falls out, as it was written, and the empty fields it was about, in words."""

    line: str
    missing: list[str]


@dataclass(frozen=True, slots=True)
class Written:
    """A letter with its fields filled in, and what its writer is to know. `holes`: what is missing, in words, in the subject or
    in a line that stands, so that the sentence has a hole."""

    subject: str
    body: str
    holes: list[str]
    gone: list[Gone]


def written(subject: str, body: str, values: dict[str, str]) -> Written:
    """The letter to one receiver. A line whose fields are all empty (`Telefon: {kontor_telefon}`) falls out; the subject never
    does. Raises BadTemplate."""
    check(subject, body)
    lines = body.split("\n")
    kept = [line for line in lines if not _is_hollow(line, values)]
    title = " ".join(merge_fields.fill(subject, values, FIELDS).split())[:200]
    if not any(map(str.isalnum, title)):
        title = _("Brev fra %(office)s") % {"office": values["kontor"]}
    return Written(
        subject=title,
        body=merge_fields.fill("\n".join(kept), values, FIELDS).strip(),
        holes=_missing("\n".join([subject, *kept]), values),
        gone=[Gone(line.strip(), _missing(line, values)) for line in lines if _is_hollow(line, values)],
    )


def _is_hollow(line: str, values: dict[str, str]) -> bool:
    asked = merge_fields.fields_of(line)
    return bool(asked) and not any(values.get(name) for name in asked)


def _missing(text: str, values: dict[str, str]) -> list[str]:
    empty = [name for name in merge_fields.fields_of(text) if not values.get(name)]
    return [str(FIELDS[name]) for name in dict.fromkeys(empty)]


def check(*texts: str) -> None:
    """Raises BadTemplate on a field that does not exist."""
    for text in texts:
        merge_fields.check(text, FIELDS)


def unsubscribe_address(token: str) -> str:
    """In full, for letters."""
    return str(settings.SITE_URL) + reverse("outreach:unsubscribe", args=[token])


def footer(purpose: str, email: str, link: str) -> str:
    """Why somebody gets a mailing, and how to get no more."""
    return _(
        "—\nI får denne mail på %(email)s, fordi I har sagt ja til »%(purpose)s«. Afmeld her: %(link)s"
    ) % {"email": email, "purpose": purpose, "link": link}
