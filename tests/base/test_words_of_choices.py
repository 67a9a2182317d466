# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""A choice is written in the reader's words, as Django writes it."""

import pytest
from django.db.models import Model
from django.utils import translation

from brobygger.market.models import Match


@pytest.mark.parametrize("stage", [*Match.Stage.values, "from_a_later_release", "", None])
@pytest.mark.parametrize("language", ["da", "en"])
def test_a_choice_is_written_as_django_writes_it(stage: str | None, language: str) -> None:
    match = Match(stage=stage)
    with translation.override(language):
        assert match.get_stage_display() == Model._get_FIELD_display(match, Match._meta.get_field("stage"))  # type: ignore[attr-defined]


def test_it_follows_the_language() -> None:
    words = set()
    for language in ("da", "en"):
        with translation.override(language):
            words.add(Match(stage=Match.Stage.RUNNING).get_stage_display())
    assert len(words) == 2
