# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""`brobygger migrate` makes new models without making all the others again, and they know each other all the same."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.core.management import get_commands, load_command_class
from django.db import models
from django.db.migrations.state import ModelState, ProjectState

from brobygger.base.management.commands.migrate import Command, new_models_alone


@pytest.fixture
def state() -> Iterator[ProjectState]:
    """A town with a street, as migrations see them."""
    known = ProjectState()
    known.add_model(ModelState("places", "Town", [("id", models.BigAutoField(primary_key=True))]))
    known.add_model(part_of("Street", "Town"))
    assert len(known.apps.get_models()) == 2
    with new_models_alone():
        yield known


def part_of(name: str, whole: str) -> ModelState:
    key = models.BigAutoField(primary_key=True)
    return ModelState(
        "places", name, [("id", key), ("whole", models.ForeignKey(f"places.{whole}", models.CASCADE))]
    )


def test_the_command_is_ours() -> None:
    assert isinstance(load_command_class(get_commands()["migrate"], "migrate"), Command)


def test_a_new_model_joins_the_classes_that_are_there(state: ProjectState) -> None:
    town, street = state.apps.get_model("places", "Town"), state.apps.get_model("places", "Street")
    state.add_model(part_of("House", "Street"))
    house = state.apps.get_model("places", "House")
    assert state.apps.get_model("places", "Town") is town
    assert house._meta.get_field("whole").remote_field.model is street
    assert [link.related_model for link in street._meta.related_objects] == [house]


def test_what_is_changed_later_is_made_anew_with_the_new_model(state: ProjectState) -> None:
    state.add_model(part_of("House", "Street"))
    state.add_field("places", "town", "name", models.CharField(max_length=10, default=""), True)
    state.alter_field("places", "street", "id", models.UUIDField(primary_key=True), False)
    town, street, house = (state.apps.get_model("places", name) for name in ("Town", "Street", "House"))
    assert town._meta.get_field("name")
    assert street._meta.get_field("whole").remote_field.model is town
    assert house._meta.get_field("whole").remote_field.model is street
    assert [link.related_model for link in street._meta.related_objects] == [house]


def test_afterwards_django_is_as_it_was() -> None:
    before = ProjectState.add_model
    with new_models_alone():
        assert ProjectState.add_model is not before
    assert ProjectState.add_model is before
