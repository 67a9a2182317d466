# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Who should meet whom: for each need the best haves, with every part of the score and a reason in Danish.

Candidates come from an index by resource type (the same type, narrower, broader, sibling, conversion); a
listing whose type nobody chose is read from its text, and one whose text says nothing known is compared by
words alone. The formula is in `parts`, the limits that exclude too; the search is compiled (`suggest_kernels`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from brobygger.engine.columns import Vocabulary, given, read_given
from brobygger.engine.compatibility import Compat
from brobygger.engine.facts import Knowledge
from brobygger.engine.listing import Listing, SuggestionRow
from brobygger.engine.matches import match
from brobygger.engine.parts import TEXT_ONLY_FIT as TEXT_ONLY_FIT


def suggest(
    haves: Sequence[Listing],
    needs: Sequence[Listing],
    knowledge: Knowledge,
    *,
    compat: Compat | None = None,
    organisations: object = None,
    top: int = 10,
    both: bool = False,
    weights: Mapping[str, float] | None = None,
) -> list[SuggestionRow]:
    """The `top` best haves of each need, in the needs' order; equal scores by distance, then id.

    With `both`, also each have's `top` best needs: rows then carry `have_rank`, and pairs that only the have
    ranks come after the need's own with `rank` 0. `compat` replaces the shipped knowledge of which types
    serve which. `organisations` is accepted for symmetry with the command and not used here: what a firm may
    receive stands on its listing. Broker-only listings are matched and flagged; the caller must hide them.
    `weights` replaces `parts.WEIGHTS` in the formula: the same five names, none negative, summing to 1.

    Raises InvalidListing (repeated id, unknown unit, amounts that make no sense) and ValueError for `top` < 1 or
    such weights.
    """
    del organisations
    vocabulary = Vocabulary()
    have_side = read_given(given(haves), knowledge, vocabulary)
    need_side = read_given(given(needs), knowledge, vocabulary)
    return match(have_side, need_side, knowledge, compat=compat, top=top, both=both, weights=weights).rows()
