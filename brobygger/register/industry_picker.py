# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Choosing industries by word or code, as many as one likes. Works without JavaScript: what a word may mean comes back as
boxes to tick. What is kept is the codes, `10, 105`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from brobygger.base.danish import join
from brobygger.base.field_markup import attributes
from brobygger.base.forms import clean_text
from brobygger.knowledge import industry_words

MOST = 20
"""So many industries may be chosen."""
LONGEST = 300
_NAMED = re.compile(r"([^()]*)\((\d[\d.]{0,8})\)")
_BETWEEN = re.compile(r"[,;\n]|\bog\s+(?=\d)")
_LEADING = re.compile(r"(\d[\d.]*)(?=\s|$)")


@dataclass
class Read:
    """What was typed: the codes that it certainly means, what may be meant by a word, and what is wrong."""

    codes: list[str] = field(default_factory=list)
    unsure: dict[str, tuple[str, ...]] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)

    def add(self, typed: str) -> None:
        code = industry_words.plain_code(typed)
        if industry_words.is_known(code):
            self.codes.append(code)
        elif len(code) < industry_words.SHORTEST:
            self.faults.append(
                _("Skriv mindst to cifre af branchekoden i stedet for %(code)s.") % {"code": code}
            )
        else:
            self.faults.append(_("Ingen branchekode begynder med %(code)s.") % {"code": code})


def read(typed: str) -> Read:
    """`10, 10.5 Mejerier, fødevarer, Fremstilling af drikkevarer (11)` → what it means."""
    found = Read()
    rest = typed
    for named in _NAMED.finditer(typed):
        before, digits = named.groups()
        title = industry_words.title_of(industry_words.plain_code(digits)).casefold()
        if before.rstrip().casefold().endswith(title):
            kept = before.rstrip()[: -len(title)]
        else:
            kept = before.rpartition(",")[0]
        rest = rest.replace(named.group(), f"{kept}\n", 1)
        found.add(digits)
    for part in filter(None, (part.strip() for part in _BETWEEN.split(rest))):
        if leading := _LEADING.match(part):
            found.add(leading.group())
        else:
            _read_words(part, found)
    found.codes = sorted(set(found.codes))
    return found


def _read_words(part: str, found: Read) -> None:
    meant = industry_words.meant(part)
    if len(meant) == 1:
        found.codes.append(meant[0])
    elif meant:
        found.unsure[part] = meant
    else:
        found.faults.append(
            _("Vi fandt ingen branche, der hedder »%(words)s«. Prøv et andet ord.") % {"words": part[:60]}
        )


def stored(typed: Any) -> str | None:
    """What to keep of what was typed or ticked. Raises ValueError with a sentence."""
    found = read(clean_text(str(typed or "")))
    faults = list(found.faults)
    for part, meant in found.unsure.items():
        names = join([industry_words.name_of(code) for code in meant[:5]], _("eller"))
        faults.append(_("»%(word)s« kan være %(names)s. Skriv koden.") % {"word": part, "names": names})
    if len(found.codes) > MOST:
        faults.append(_("Vælg højst %(most)s brancher.") % {"most": MOST})
    if faults:
        raise ValueError(" ".join(faults))
    return ", ".join(_widest(found.codes)) or None


def _widest(codes: list[str]) -> list[str]:
    """One that another covers is left out."""
    return [code for code in codes if not any(o != code and code.startswith(o) for o in codes)]


def codes_in(kept: Any) -> list[str]:
    """The codes of what is kept, also as it was typed before there was a picker (`10.5 Mejerier, 11`)."""
    return read(str(kept or "")).codes


def names_in(kept: Any) -> str:
    """`Fremstilling af fødevarer (10) og fremstilling af drikkevarer (11)`; what cannot be read stands as it is."""
    found = codes_in(kept)
    return ", ".join(industry_words.name_of(code) for code in found) if found else str(kept or "")


class IndustryPicker(forms.TextInput):
    """A text field with the names to choose from, the chosen ones as ticked boxes, and what a word may mean as boxes."""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> str:
        ticked = data.getlist(f"{name}-valgt") if hasattr(data, "getlist") else data.get(f"{name}-valgt", [])
        codes = [code for code in ticked[: MOST * 2] if code.isdecimal()]
        return ", ".join([*codes, str(data.get(name) or "")[:LONGEST]]).strip(", ")

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        return name not in data and f"{name}-valgt" not in data

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        found = read(str(value or ""))
        told = self.build_attrs(self.attrs, {**(attrs or {}), "name": name})
        shown = {**told, "type": "text", "list": f"{told.get('id', name)}-navne", "autocomplete": "off"}
        wrong = [part.strip() for part in _BETWEEN.split(str(value or "")) if read(part).faults]
        typed = ", ".join(wrong)
        written = [format_html('<input value="{}"{}>', typed, attributes(shown))]
        written.append(_boxes(name, told, _("Valgt"), found.codes, ticked=True))
        for part, meant in found.unsure.items():
            written.append(_boxes(name, told, _("»%(word)s« kan være") % {"word": part}, meant, ticked=False))
        names = format_html_join(
            "", '<option value="{}"></option>', ((one,) for one in industry_words.options())
        )
        written.append(format_html('<datalist id="{}">{}</datalist>', shown["list"], names))
        return format_html_join("", "{}", ((one,) for one in written))


def _boxes(name: str, told: Any, legend: str, codes: Any, *, ticked: bool) -> SafeString:
    if not codes or told.get("disabled"):
        return (
            format_html("<p>{}</p>", ", ".join(map(industry_words.name_of, codes)))
            if codes
            else SafeString("")
        )
    lines = format_html_join(
        "",
        '<div class="form-group-checkbox"><input class="form-checkbox" type="checkbox" name="{}-valgt" value="{}" id="{}-{}"{}>'
        '<label class="form-label" for="{}-{}">{}</label></div>',
        (
            (name, code, told.get("id", name), code, SafeString(" checked") if ticked else "", told.get("id", name), code,
             industry_words.name_of(code))
            for code in codes
        ),
    )  # fmt: skip
    return format_html('<fieldset><legend class="form-label">{}</legend>{}</fieldset>', legend, lines)


class IndustriesField(forms.CharField):
    """Industries by word or code. The cleaned value is what is kept: `10, 105`, or empty."""

    widget = IndustryPicker

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", LONGEST * 3)
        super().__init__(**kwargs)
        self.help_text = self.help_text or _(
            "Skriv et ord eller en kode, fx fødevarer eller 10. Flere med komma imellem."
        )

    def clean(self, value: Any) -> str:
        typed = clean_text(str(super().clean(value) or ""))
        found = read(typed)
        if found.unsure and not found.faults:
            words = join([f"»{part}«" for part in found.unsure])
            raise forms.ValidationError(
                _("%(words)s passer på flere brancher. Sæt kryds ved dem, I mener.") % {"words": words}
            )
        try:
            return stored(typed) or ""
        except ValueError as error:
            raise forms.ValidationError(str(error)) from None
