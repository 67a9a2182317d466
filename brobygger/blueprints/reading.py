# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Reading a definition: YAML, checked against its kind's schema, every fault with its line."""

from __future__ import annotations

from typing import Any, TypeVar

import yaml
from django.utils.translation import gettext as _
from pydantic import ValidationError

from brobygger.blueprints.errors import BadDefinition, Fault
from brobygger.blueprints.kinds import Blueprint

B = TypeVar("B", bound=Blueprint)
LONGEST = 200_000  # characters
DEEPEST = 50  # lists and names with values inside each other; what is delivered goes to ten
LOADER: type[Any] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""The one written in C, where PyYAML was built with it: the same events and lines, ten times as fast."""
_WRONG_KIND = {
    "string": "tekst",
    "int": "et helt tal",
    "float": "et tal",
    "decimal": "et tal",
    "bool": "ja eller nej (true eller false)",
    "date": "en dato som 2026-12-31",
    "list": "en liste",
    "tuple": "en liste",
    "dict": "navne med værdier",
    "model": "navne med værdier",
}


WRITTEN = "written"
"""In pydantic's context while a text is read that somebody wants to take into use. What is stored already is not held to
what came to be asked for later."""


def read(text: str, schema: type[B], file: str) -> B:
    """The definition that a text holds. Raises BadDefinition, which names the file and the line of every fault."""
    node = _node(text, file)
    try:
        data = yaml.SafeLoader("").construct_document(node)
    except (yaml.YAMLError, ValueError) as error:
        line = getattr(getattr(error, "problem_mark", None), "line", 0) + 1
        raise BadDefinition(file, [Fault(line, "", _("Værdien kan ikke læses."))]) from error
    if not isinstance(data, dict):
        raise BadDefinition(file, [Fault(1, "", _("Filen skal bestå af navne med værdier."))])
    try:
        return schema.model_validate(data, context={WRITTEN: True})
    except ValidationError as error:
        raise BadDefinition(file, sorted(_faults(error, node), key=lambda fault: fault.line)) from None


def _node(text: str, file: str) -> yaml.Node:
    if len(text) > LONGEST:
        raise BadDefinition(file, [Fault(1, "", _("Filen er for lang."))])
    try:
        if refused := _refused(text):
            raise BadDefinition(file, [refused])
        node = yaml.compose(text, Loader=LOADER)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        line = min(line, len(text.splitlines()) or 1)  # what is not closed is missed after the last line
        raise BadDefinition(file, [Fault(line, "", _("Linjen er ikke gyldig YAML."))]) from error
    except (yaml.YAMLError, UnicodeEncodeError) as error:
        raise BadDefinition(file, [Fault(1, "", _("Filen er ikke gyldig YAML."))]) from error
    if node is None:
        raise BadDefinition(file, [Fault(1, "", _("Filen er tom."))])
    if twice := list(_said_twice(node)):
        raise BadDefinition(file, twice)
    return node


def _refused(text: str) -> Fault | None:
    """What a definition has no use for, and a reader no defence against."""
    depth = 0
    for event in yaml.parse(text, Loader=LOADER):
        line = event.start_mark.line + 1 if event.start_mark else 1
        if isinstance(event, yaml.AliasEvent):  # a few lines of them can grow without end
            return Fault(line, "", _("Henvisninger med * kan ikke bruges."))
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > DEEPEST:  # some hundred thousand bring the process down
            return Fault(line, "", _("Filen er ikke gyldig YAML."))
    return None


def _said_twice(node: yaml.Node) -> Any:
    if isinstance(node, yaml.SequenceNode):
        for part in node.value:
            yield from _said_twice(part)
    if isinstance(node, yaml.MappingNode):
        seen = set()
        for name, value in node.value:
            if name.value in seen if isinstance(name.value, str) else False:
                what = _("»%(name)s« står der to gange.") % {"name": name.value}
                yield Fault(name.start_mark.line + 1, name.value, what)
            if isinstance(name.value, str):
                seen.add(name.value)
            yield from _said_twice(value)


def _faults(error: ValidationError, node: yaml.Node) -> list[Fault]:
    return [
        Fault(_line(node, found["loc"]), ".".join(map(str, found["loc"])), _what(found))
        for found in error.errors()
    ]


def _line(node: yaml.Node, where: tuple[Any, ...]) -> int:
    """The line of the place, or of the nearest thing around it that stands in the file."""
    line = node.start_mark.line + 1
    for step in where:
        if isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
            node = node.value[step]
            line = node.start_mark.line + 1
        elif isinstance(node, yaml.MappingNode):
            inner = next(((name, value) for name, value in node.value if name.value == str(step)), None)
            if inner is None:
                continue  # a union's own name for one of its kinds, or a word that is missing
            line, node = inner[0].start_mark.line + 1, inner[1]
    return line


def _what(found: Any) -> str:
    """What pydantic found, in Danish."""
    kind, context = found["type"], found.get("ctx", {})
    name = str(found["loc"][-1]) if found["loc"] else ""
    if kind == "missing":
        return _("»%(name)s« mangler.") % {"name": name}
    if kind == "extra_forbidden":
        return _("»%(name)s« kendes ikke.") % {"name": name}
    if kind == "value_error":
        return str(context["error"])
    if kind in {"enum", "literal_error", "union_tag_invalid"}:
        expected = context.get("expected") or context.get("expected_tags", "")
        return _("»%(name)s« skal være en af disse: %(expected)s.") % {"name": name, "expected": expected}
    if kind == "string_pattern_mismatch":
        return _("»%(name)s« må kun bestå af små bogstaver a-z, tal og _, og begynde med et bogstav.") % {
            "name": name
        }
    if kind.endswith(("too_short", "too_long")) or kind.startswith(("greater_than", "less_than")):
        limits = ", ".join(
            f"{word} {value}" for word, value in context.items() if isinstance(value, int | float)
        )
        return _("»%(name)s« er uden for grænserne (%(limits)s).") % {"name": name, "limits": limits}
    expected = _WRONG_KIND.get(kind.split("_")[0], _("af en anden slags"))
    return _("»%(name)s« skal være %(expected)s.") % {"name": name, "expected": expected}
