# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""From a probability to a word, with the borders where the measured hit rates change.

`takers` gives each division of industries a probability (``ranking``). On documented exchanges whose source was left
out it is calibrated: what was said with 36 % was right in 35 of 100 cases, with 47 % in 49, with 52 % in 52, with 57 % in 53, with 71 % in 68,
with 77 % in 78; only the surest are a little less so (83 % in 81, mostly ashes).
``python -m benchmarks.takers_quality`` measures the rate behind each word anew; ``docs/matchmaking.md`` shows it.
"""

from __future__ import annotations

from brobygger.engine.listing import Confidence

SURE = 0.75
"""From this probability on the first division was the documented taker's in 80 of 100 exchanges: »sikker«."""
LIKELY = 0.55
"""From this probability on in 59 of 100: »sandsynlig«. Just below (from .5 on) blind set 8 was right in 45 of 100."""
FIRM_LIKELY = 0.3
"""A firm that nobody has asked is at most »sandsynlig«: its industry took the residue in every third exchange or oftener,
and the same kind of exchange is documented."""
TOO_LITTLE = (
    "For lidt er kendt om restproduktet: rækkefølgen viser kun, hvem der oftest tager imod restprodukter"
)


def industry_word(chance: float) -> Confidence:
    """How sure it is that the taker's division is the first one, which has the probability `chance`."""
    if chance >= SURE:
        return "sikker"
    return "sandsynlig" if chance >= LIKELY else "usikker"


def firm_word(chance: float, *, documented: bool) -> Confidence:
    """How sure a firm is that posted nothing, from the probability of its division and whether a case is documented."""
    return "sandsynlig" if documented and chance >= FIRM_LIKELY else "usikker"
