# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""No answer of the API without signing in."""

import pytest

pytestmark = pytest.mark.django_db


def test_every_answer_of_the_api_needs_a_person(client):
    paths = client.get("/api/v1/openapi.json").json()["paths"]
    open_to_strangers = [
        path
        for path in paths
        if client.get(path.replace("{", "").replace("}", "")).status_code not in {401, 404, 405}
    ]
    assert open_to_strangers == []
