# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Templates are compiled when the server starts, rather than while the first visitor of each page waits."""

from __future__ import annotations

from pathlib import Path

from django.template.loader import get_template
from django.template.utils import get_app_template_dirs

OURS = Path(__file__).resolve().parents[1]


def compile_templates() -> int:
    """Compile every template of the product's rooms, and say how many. They stay with Django's cached loader."""
    names = [
        str(file.relative_to(folder))
        for folder in map(Path, get_app_template_dirs("templates"))
        if OURS in folder.parents
        for file in sorted(folder.rglob("*.html"))
    ]
    for name in names:
        get_template(name)
    return len(names)
