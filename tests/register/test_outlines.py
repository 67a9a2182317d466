# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
import json

import pytest
from django.core.management import call_command

SQUARE = [[11.8, 55.5], [12.1, 55.5], [12.1, 55.7], [11.8, 55.7], [11.8, 55.5]]


@pytest.fixture
def file(tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path / "files"
    path = tmp_path / "dagi.geojson"
    feature = {
        "type": "Feature",
        "properties": {"kommunekode": "0350", "navn": "Prøvekommune"},
        "geometry": {"type": "Polygon", "coordinates": [SQUARE]},
    }
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}))
    return path


def test_outlines_from_the_publishers_file_are_on_the_maps(client, file, db):
    assert client.get("/kort/omrids.json").json()["features"] == []
    call_command("import_outlines", str(file))
    (feature,) = client.get("/kort/omrids.json").json()["features"]
    assert feature["properties"] == {"code": "0350", "name": "Prøvekommune"}
    assert feature["geometry"]["coordinates"][0][0][0] == [11.8, 55.5]


def test_a_file_that_is_something_else_is_refused_in_one_line_and_the_old_outlines_stay(
    client, file, db, capsys
):
    call_command("import_outlines", str(file))
    file.write_text("navn;kommune")
    with pytest.raises(SystemExit) as stopped:
        call_command("import_outlines", str(file))
    assert stopped.value.code == 2
    assert "GeoJSON" in capsys.readouterr().err
    assert len(client.get("/kort/omrids.json").json()["features"]) == 1
