# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""The rules that a group must keep, read from the form of the contract and checked."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from brobygger.engine.errors import InputError, shown

KEYS = ("size", "groups", "quota", "max_same", "apart", "must", "wildcards", "cover")
MANY = 1_000_000


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule that can be kept or broken by itself, with its name as it is told to people.

    "size", "quota" and "max_same" hold in each group: the number of members; of members whose `attribute` has
    `value`; of members who share any one value of `attribute`. "apart": at most one of `ids` in each group.
    "must": the one in `ids` is in some group.
    """

    kind: Literal["size", "quota", "max_same", "apart", "must"]
    name: str
    least: int = 0
    most: int = MANY
    attribute: str = ""
    value: str = ""
    ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Rules:
    """All rules, the number of groups, how many members of each group may be wildcards, and what to cover."""

    rules: tuple[Rule, ...]
    groups: int = 1
    wildcards: int = 0
    cover: tuple[str, ...] = ()


def parse_rules(data: Mapping[str, Any], ids: Collection[str], attributes: Collection[str] | None) -> Rules:
    """The rules of a JSON object. Raises InputError (file "rules", column = the key) on anything not understood.

    `attributes` are the columns that the applicants have, `ids` their ids. Where there are no applicants, `attributes` is
    None, and any may be named.
    """
    if not isinstance(data, Mapping):
        raise _error("-", f"an object with the keys {', '.join(KEYS)}", data)
    for key in data:
        if key not in KEYS:
            raise _error(str(key), f"one of the keys {', '.join(KEYS)}", key)
    if "size" not in data:
        raise _error("size", "a number or [min, max]", "nothing")
    least, most = _range(data["size"], "size")
    rules = [Rule("size", f"size {_told(least, most)}", least, most)]
    rules += _quotas(data.get("quota", {}), attributes)
    for attribute, limit in _mapping(data.get("max_same", {}), "max_same").items():
        path = f"max_same.{attribute}"
        _known(attribute, attributes, path, "a column of the applicants")
        rules.append(Rule("max_same", f"max_same {attribute} {limit}", 0, _count(limit, path), attribute))
    for number, group in enumerate(_list(data.get("apart", []), "apart")):
        path = f"apart[{number}]"
        members = tuple(_known(id_, ids, path, "the id of an applicant") for id_ in _list(group, path))
        rules.append(Rule("apart", f"apart {', '.join(members)}", ids=tuple(dict.fromkeys(members))))
    for id_ in dict.fromkeys(_list(data.get("must", []), "must")):
        rules.append(Rule("must", f"must {id_}", ids=(_known(id_, ids, "must", "the id of an applicant"),)))
    cover = tuple(
        dict.fromkeys(
            _known(a, attributes, "cover", "a column of the applicants")
            for a in _list(data.get("cover", []), "cover")
        )
    )
    groups = _count(data.get("groups", 1), "groups")
    if groups < 1:
        raise _error("groups", "a whole number, at least 1", groups)
    return Rules(tuple(rules), groups, _count(data.get("wildcards", 0), "wildcards"), cover)


def _quotas(data: Any, attributes: Collection[str] | None) -> list[Rule]:
    rules = []
    for attribute, values in _mapping(data, "quota").items():
        _known(attribute, attributes, f"quota.{attribute}", "a column of the applicants")
        for value, limits in _mapping(values, f"quota.{attribute}").items():
            least, most = _range(limits, f"quota.{attribute}.{value}")
            name = f"quota {attribute}={value} {_told(least, most)}"
            rules.append(Rule("quota", name, least, most, attribute, value))
    return rules


def _told(least: int, most: int) -> str:
    return str(least) if least == most else f"[{least}, {most}]"


def _error(path: str, expected: str, found: object) -> InputError:
    return InputError("rules", 0, path, f"{expected}, found {shown(found)}")


def _count(value: Any, path: str) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= MANY:
        raise _error(path, f"a whole number from 0 to {MANY}", value)
    return value


def _range(value: Any, path: str) -> tuple[int, int]:
    if isinstance(value, Sequence) and not isinstance(value, str):
        if len(value) != 2:
            raise _error(path, "a number or [min, max]", value)
        least, most = _count(value[0], path), _count(value[1], path)
        if least > most:
            raise _error(path, "[min, max] with min not above max", value)
        return least, most
    return _count(value, path), _count(value, path)


def _mapping(value: Any, path: str) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise _error(path, "an object in braces", value)
    return value


def _list(value: Any, path: str) -> Sequence[Any]:
    if isinstance(value, str) or not isinstance(value, Sequence):
        raise _error(path, "a list in brackets", value)
    return value


def _known(value: Any, known: Collection[str] | None, path: str, what: str) -> str:
    if not isinstance(value, str) or (known is not None and value not in known):
        raise _error(path, what, value)
    return value
