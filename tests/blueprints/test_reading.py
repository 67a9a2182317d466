# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""A definition is read whole, or every fault is told with its line."""

import pytest
from django.core.exceptions import ObjectDoesNotExist

from brobygger.accounts.models import Role
from brobygger.blueprints import kinds, queries, services
from brobygger.blueprints.errors import BadDefinition, MayNotAdopt, NotAdopted
from brobygger.blueprints.models import Definition
from brobygger.blueprints.reading import read
from tests.blueprints.trial import TRIAL, Trial
from tests.factories import user_as


def faults(text):
    with pytest.raises(BadDefinition) as told:
        read(text, Trial, "proeve.yaml")
    return [(fault.line, fault.what) for fault in told.value.faults]


def test_a_good_file_is_read():
    assert [gate.name for gate in read(TRIAL, Trial, "proeve.yaml").gates] == ["Modtaget", "Afgjort"]


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        (TRIAL.replace("    days: 3", "    days: tre"), 5, "helt tal"),
        (TRIAL.replace("    days: 3", "    dage: 3"), 5, "kendes ikke"),
        (TRIAL.replace("  - name: Afgjort", "  - days: 2"), 6, "»name« mangler"),
        (TRIAL + "key: igen\n", 7, "to gange"),
        (TRIAL.replace("key: proeve", "key: Prøve"), 1, "små bogstaver"),
        (TRIAL.replace("gates:", "gates: [\n"), 3, "YAML"),
        (TRIAL + "  - name: \ud800", 1, "YAML"),
        ("", 1, "tom"),
        ("- a\n- b\n", 1, "navne med værdier"),
        ("key: &a b\ntitle: *a\ngates: []\n", 2, "Henvisninger"),
    ],
)
def test_each_fault_is_told_with_its_line(text, line, words):
    told = faults(text)
    assert any(found >= line and words in what for found, what in told), told


@pytest.mark.parametrize("last", ["  - [", "  - " + "[" * 100_000, "  " + "- " * 90_000])
def test_what_is_never_closed_and_what_is_too_deep_are_faults_of_their_line(last):
    assert [line for line, _what in faults(TRIAL + last)] == [TRIAL.count("\n") + 1]


def test_all_faults_are_told_at_once():
    text = TRIAL.replace("days: 3", "days: tre").replace("title: En prøve", "titel: En prøve")
    assert len(faults(text)) == 3


def test_adopting_again_makes_a_version_and_the_same_does_not(trial, operator, head):
    first = services.adopt(operator, "trial", TRIAL, user=head)
    assert services.adopt(operator, "trial", TRIAL, user=head) == first
    second = services.adopt(operator, "trial", TRIAL.replace("days: 3", "days: 4"), user=head)
    assert (first.version, second.version) == (1, 2)
    assert queries.current(operator, "trial", "proeve") == second
    assert Definition.objects.get(pk=first.pk).content.gates[0].days == 3


def test_all_who_read_a_version_share_it_and_each_version_is_its_own(trial, operator, head):
    first = services.adopt(operator, "trial", TRIAL, user=head)
    second = services.adopt(operator, "trial", TRIAL.replace("days: 3", "days: 4"), user=head)
    read_once, read_twice = (Definition.objects.get(pk=first.pk).content for _ in range(2))
    assert read_once is read_twice
    assert Definition.objects.get(pk=second.pk).content.gates[0].days == 4


def test_a_retired_definition_begins_nothing_new(trial, operator, head):
    adopted = services.adopt(operator, "trial", TRIAL, user=head)
    services.retire(adopted, user=head)
    with pytest.raises(NotAdopted):
        queries.current(operator, "trial", "proeve")
    assert services.adopt(operator, "trial", TRIAL, user=head).version == 2


def test_only_the_head_or_administrator_of_the_office_decides(trial, operator, consultant, head):
    stranger = user_as(Role.HEAD)
    for person in (consultant, stranger):
        with pytest.raises(MayNotAdopt):
            services.adopt(operator, "trial", TRIAL, user=person)
    adopted = services.adopt(operator, "trial", TRIAL, user=head)
    assert not Definition.objects.visible_to(stranger).exists()
    with pytest.raises(ObjectDoesNotExist):
        Definition.objects.visible_to(None).get(pk=adopted.pk)


def test_a_bad_file_changes_nothing(trial, operator, head):
    services.adopt(operator, "trial", TRIAL, user=head)
    with pytest.raises(BadDefinition):
        services.adopt(operator, "trial", TRIAL.replace("days: 3", "days: x"), user=head)
    assert queries.current(operator, "trial", "proeve").version == 1


@pytest.mark.parametrize("kind", [kind.key for kind in kinds.every()] or ["none"])
def test_every_delivered_definition_fits_its_schema(kind):
    if kind == "none":
        assert list(queries.SHIPPED.glob("*/*.yaml")) == []
        return
    found = queries.shipped(kind)
    assert found
    assert all(delivered.content.key for delivered in found)
