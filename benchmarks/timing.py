# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""How much of the processor a piece of work takes.

Processor time of the whole process, not time on the clock: it hardly changes when the machine does other things besides.
What is compared with it runs on one core each.
"""

from __future__ import annotations

import gc
import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")
UNIT = "processor s"


def timed(work: Callable[[], T], repeat: int = 3) -> tuple[float, T]:
    """The shortest of several runs in seconds of processor time, and what the last one returned."""
    best = float("inf")
    for _ in range(repeat):
        gc.collect()
        began = time.process_time()
        answer = work()
        best = min(best, time.process_time() - began)
    return best, answer
