# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""How much two organisations look like one, and why."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache

from rapidfuzz import fuzz

from brobygger.base.search.terms import GENERIC, plain
from brobygger.engine.text import STOPWORDS, fold

ENOUGH = 0.6
"""From here on a pair is proposed."""
_WORD = re.compile(r"[^\W_]+", re.UNICODE)
_PLACELESS = 0.6
"""What is left of a pair that shares neither place nor a way to be reached."""
NAME, ADDRESS, TOWN, PHONE, EMAIL, DOMAIN, SITE = (
    "name",
    "address",
    "town",
    "phone",
    "email",
    "domain",
    "site",
)
WEIGHTS = {NAME: 0.65, ADDRESS: 0.45, TOWN: 0.1, PHONE: 0.6, EMAIL: 0.6, DOMAIN: 0.3, SITE: 0.65}
"""How far each agreement goes towards certainty by itself; our own choice, tried on invented registers."""
FREE_MAIL = frozenset(
    {
        "gmail.com", "hotmail.com", "hotmail.dk", "outlook.com", "outlook.dk", "live.dk", "yahoo.dk", "yahoo.com",
        "mail.dk", "mail.tele.dk", "icloud.com", "me.com", "msn.com", "post.tele.dk", "stofanet.dk", "jubii.dk",
        "ofir.dk", "sol.dk", "webspeed.dk", "youmail.dk", "protonmail.com", "proton.me",
    }
)  # fmt: skip
"""Mail providers that strangers share."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What is compared of an organisation, in comparable spelling."""

    pk: int
    cvr: str
    active: bool
    name: str
    street: str
    postal_code: str
    phone: str
    email: str
    domains: frozenset[str]
    sites: frozenset[tuple[str, str, str]] = field(default_factory=frozenset)
    """(name, street, postal code) of its places of work."""


@dataclass(frozen=True, slots=True)
class Likeness:
    """0..1, and what agrees, the strongest first."""

    score: float
    reasons: tuple[tuple[str, float], ...]


@lru_cache(maxsize=262_144)
def core_of(name: str) -> str:
    """A name without what says nothing about which firm it is: `Øens Bryghus v/ Prøve ApS` → `bryghus oens proeve`."""
    found = [
        word for word in _WORD.findall(fold(name)) if word not in GENERIC and word not in STOPWORDS["da"]
    ]
    words = [plain(word) for word in found] or [plain(word) for word in _WORD.findall(fold(name))]
    return " ".join(sorted({word for word in words if word}))


def street_of(street: str) -> str:
    """`Kattingevej 8, 1. tv.` → `kattingevej 8`: the door is written in too many ways to tell two firms apart."""
    return " ".join(plain(word) for word in _WORD.findall(fold(street.split(",")[0])))


def digits_of(phone: str) -> str:
    """The eight digits of a Danish number; empty for what is none."""
    digits = re.sub(r"\D", "", phone)
    digits = digits.removeprefix("0045") if len(digits) > 8 else digits
    digits = digits.removeprefix("45") if len(digits) == 10 else digits
    return digits if len(digits) == 8 else ""


def domains_of(email: str, website: str) -> frozenset[str]:
    """The firm's own domains."""
    found = {email.rpartition("@")[2].lower()} if "@" in email else set()
    bare = re.sub(r"^https?://", "", website.strip().lower()).split("/")[0].removeprefix("www.")
    return frozenset(domain for domain in (*found, bare) if "." in domain and domain not in FREE_MAIL)


def may_be_one(first: Facts, second: Facts) -> bool:
    """Two active firms with each their number are two; two that have both ceased are nobody's concern."""
    if not (first.active or second.active):
        return False
    both = first.cvr and second.cvr and first.cvr != second.cvr
    return not (both and first.active and second.active)


def likeness(first: Facts, second: Facts) -> Likeness:
    """Weigh two organisations. Independent agreements add up as chances do: one minus what each leaves in doubt."""
    found: dict[str, float] = {}
    alike = fuzz.ratio(first.name, second.name) / 100 if first.name and second.name else 0.0
    if first.name and second.name:
        alike = max(alike, fuzz.token_set_ratio(first.name, second.name) / 100 * 0.85)
    if alike >= 0.75:
        found[NAME] = round(alike, 2)
    here = bool(first.postal_code and first.postal_code == second.postal_code)
    if here and first.street and first.street == second.street:
        found[ADDRESS] = 1.0
    elif here:
        found[TOWN] = 1.0
    if first.phone and first.phone == second.phone:
        found[PHONE] = 1.0
    if first.email and first.email == second.email:
        found[EMAIL] = 1.0
    elif first.domains & second.domains:
        found[DOMAIN] = 1.0
    if _is_a_site_of(first, second) or _is_a_site_of(second, first):
        found[SITE] = 1.0
    doubt = 1.0
    for what, share in found.items():
        doubt *= 1 - WEIGHTS[what] * share
    score = 1 - doubt
    if not found.keys() - {NAME}:
        score *= _PLACELESS
    if NAME not in found and SITE not in found and not {PHONE, EMAIL} & found.keys():
        score *= _PLACELESS  # neighbours in one house
    order = sorted(found.items(), key=lambda item: -WEIGHTS[item[0]] * item[1])
    return Likeness(round(score, 3), tuple(order))


def _is_a_site_of(one: Facts, other: Facts) -> bool:
    """Whether one is entered as a firm of its own and as a place of work (P-number) of the other."""
    return any(
        name and name == one.name and postal_code == one.postal_code and (not street or street == one.street)
        for name, street, postal_code in other.sites
    )
