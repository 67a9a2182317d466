# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""English stands beside Danish for every text."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import translation

import brobygger
from tests.factories import OperatorFactory

CATALOGUE = Path(settings.LOCALE_PATHS[0]) / "en" / "LC_MESSAGES" / "django.po"


def test_no_text_of_the_catalogue_is_left_in_danish_only():
    blocks = CATALOGUE.read_text("utf-8").split("\n\n")
    empty = [
        block
        for block in blocks[1:]
        if not block.startswith("#~")
        and (re.search(r'^msgstr(\[\d\])? ""\Z', block, re.M) or "#, fuzzy" in block)
    ]
    assert empty == []


def test_the_compiled_catalogue_is_as_new_as_the_texts():
    with translation.override("en"):
        assert translation.gettext("Har og mangler") == "Have and need"
        assert translation.gettext("Brevskabeloner") == "Letter templates"


def test_danish_texts_read_as_they_are_written():
    """A Danish word that is also English would be read as English, and come out of Django's own catalogue as another word."""
    source = Path(brobygger.__file__).parent
    texts = {
        found[1]
        for kind in ("*.py", "*.html")
        for path in source.rglob(kind)
        for found in re.finditer(
            r"""(?:\b_\(|gettext_lazy\(|translate )"([^"\\]+)\"""", path.read_text("utf-8")
        )
    }
    assert len(texts) > 1000
    with translation.override("da"):
        assert {text: translation.gettext(text) for text in texts if translation.gettext(text) != text} == {}


@pytest.mark.django_db
def test_a_person_who_chose_english_gets_english_pages(client):
    OperatorFactory()
    client.post("/sprog/", {"language": "en", "next": "/"})
    page = client.get("/konto/login/").content.decode()
    assert "Forgotten" in page or "Forgot" in page
    assert 'lang="en"' in page
