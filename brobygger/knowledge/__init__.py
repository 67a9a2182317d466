# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""What Brobygger knows about the world, from the files in this folder (sources in ``SOURCES.md``)."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from brobygger.engine.facts import Knowledge, ResourceType
from brobygger.knowledge.factors import load_factors
from brobygger.knowledge.industries import industries
from brobygger.knowledge.material_rules import load_giver_words, load_material_rules, load_taker_prior
from brobygger.knowledge.tree import load_types
from brobygger.knowledge.uses import load_conversions, load_uses
from brobygger.knowledge.waste_codes import waste_codes


@lru_cache(maxsize=1)
def resource_types() -> Mapping[str, ResourceType]:
    """The tree of resource types by id."""
    return load_types()


@lru_cache(maxsize=1)
def load() -> Knowledge:
    """Everything the engine reasons from. Read once; raises `TableError` where a shipped file is wrong."""
    return Knowledge(
        types=resource_types(),
        uses=load_uses(),
        conversions=load_conversions(),
        factors=load_factors(),
        industries=industries(),
        waste_codes={code: entry.title for code, entry in waste_codes().items()},
        material_rules=load_material_rules(),
        giver_words=load_giver_words(),
        taker_prior=load_taker_prior(),
    )


def warm_up() -> None:
    """Reads the tables, dictionaries and indexes now (about a second), so that no person waits for them later."""
    from brobygger.engine.evidence import evidence
    from brobygger.engine.text import guess_language
    from brobygger.knowledge.reading import read_listing

    knowledge = load()
    read_listing("4 tons mask om ugen", knowledge.types)
    guess_language("mask waste")
    evidence(knowledge)
