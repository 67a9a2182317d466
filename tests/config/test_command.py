# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""What `brobygger` says of its commands."""

from __future__ import annotations

import re

from django.core.management import get_commands

from brobygger.config.command import USAGE

NAMED_OTHERWISE = {"new-office": "new_office", "import": "import_file"}
WITHOUT_DJANGO = {"engine"}


def test_every_command_that_the_help_names_is_there() -> None:
    named = set(re.findall(r"^  ([a-z-]+)", USAGE, re.M)) - WITHOUT_DJANGO
    assert {"migrate", "compile", "serve"} <= named
    assert [name for name in sorted(named) if NAMED_OTHERWISE.get(name, name) not in get_commands()] == []
