# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""From a probability to a word, with the borders where the measured hit rates change.

`takers` gives each division of industries a probability (``ranking``). On documented exchanges whose source was left
out it is calibrated or careful: what was said with 36 % was right in 42 of 100 cases, with 45 % in 47, with 64 % in 62, with 75 % in 77;
only the surest are a little less so (84 % in 80, mostly ashes).
``python -m benchmarks.takers_quality`` measures the rate behind each word anew; ``docs/matchmaking.md`` shows it.
"""

from __future__ import annotations

from brobygger.engine.listing import Confidence

SURE = 0.75
"""From this probability on the first division was the documented taker's in 80 of 100 exchanges: »sikker«."""
LIKELY = 0.5
"""From this probability on in more than half: »sandsynlig«."""
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
