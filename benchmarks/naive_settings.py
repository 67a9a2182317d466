# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Our settings with the pages of `benchmarks.naive`."""

from brobygger.config.settings import *  # noqa: F403

ROOT_URLCONF = "benchmarks.naive"
