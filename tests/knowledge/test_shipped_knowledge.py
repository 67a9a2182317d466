# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""What is shipped hangs together: uses, conversions, factors, industries and waste codes."""

import subprocess
import sys
import time
from graphlib import TopologicalSorter

import pytest

from brobygger.engine.facts import Knowledge
from brobygger.knowledge import load, warm_up
from brobygger.knowledge.factors import factor_for
from brobygger.knowledge.reading import read_listing
from brobygger.knowledge.tree import TRAITS
from brobygger.knowledge.uses import STATUSES, load_exceptions
from brobygger.knowledge.waste_codes import waste_codes

ORIGINAL = (
    "H-002 H-003 H-008 H-009 H-011 H-013 H-015 H-016 H-017 H-018 H-019 H-020 H-021 H-022 H-025 H-030 H-031 H-032 "
    "H-034 H-035 H-036 H-037 H-038 H-039 H-040 H-041 H-042 H-043 H-044 H-045 H-046 H-047 H-048 H-049 H-050 H-053 "
    "H-055 H-056 H-057 H-058 H-059 H-060 H-069 H-070 H-071 H-072 H-073 H-076 H-077 H-078 H-079 H-081 H-082 H-083 "
    "H-088 H-089 H-090 H-091 H-092 H-093 H-094 H-095 H-096 H-099 H-100 H-101 H-104 H-105 H-108 H-109 H-110 H-111 "
    "H-112 H-113 H-116 H-117 H-118 H-122 H-123 H-125 H-126 H-130 H-131 H-132 H-133 H-134 H-135 H-136 H-137 H-139 "
    "H-140 H-145 H-146 H-147 H-148 H-150 H-151 H-152 H-153 H-154 H-155"
)


@pytest.fixture(scope="module")
def knowledge() -> Knowledge:
    return load()


def test_it_is_read_once() -> None:
    assert load() is load()


def test_a_cold_start_stays_far_from_a_second() -> None:
    code = "import time; t = time.perf_counter(); from brobygger.knowledge import load; load(); print(time.perf_counter() - t)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert float(done.stdout) < 1.5


def test_every_exchange_of_the_compilation_is_there(knowledge: Knowledge) -> None:
    assert len(ORIGINAL.split()) == 101
    assert set(ORIGINAL.split()) <= {use.id for use in knowledge.uses}


def test_more_than_sixty_further_cases_are_documented(knowledge: Knowledge) -> None:
    assert len([use for use in knowledge.uses if use.id not in ORIGINAL.split()]) >= 60


def test_every_use_has_a_source_a_known_type_and_known_industries(knowledge: Knowledge) -> None:
    for use in knowledge.uses:
        assert use.source, use.id
        assert use.residue in knowledge.types, use.id
        assert not use.becomes or use.becomes in knowledge.types, use.id
        assert use.status in STATUSES, use.id
        assert {use.giver_nace, use.taker_nace} - {""} <= set(knowledge.industries), use.id
        assert use.year is None or 1900 <= use.year <= 2026, use.id
        assert len(use.country) in (0, 2), use.id
        assert use.yield_ is None or 0 < use.yield_ <= 5, use.id


def test_every_conversion_leads_between_known_types_and_its_precedents_exist(knowledge: Knowledge) -> None:
    uses = {use.id: use for use in knowledge.uses}
    for rule in knowledge.conversions:
        place = f"{rule.have} → {rule.need}"
        assert {rule.need, rule.have} <= set(knowledge.types), place
        assert 0 < rule.fit < 1, place
        assert rule.process, place
        assert rule.source or rule.precedents, place
        for precedent in rule.precedents:
            residue = uses[precedent].residue
            assert rule.have in (residue, *knowledge.ancestors(residue)), f"{place}: {precedent}"
            assert uses[precedent].status != "failed", f"{place}: {precedent}"


def test_every_exception_leaves_out_a_kind_that_the_rule_would_hold_for_and_that_nobody_has_used_so(
    knowledge: Knowledge,
) -> None:
    rules = {(rule.need, rule.have) for rule in knowledge.conversions}
    documented = {(use.becomes, use.residue) for use in knowledge.uses}
    for (need, have), kinds in load_exceptions().items():
        assert (need, have) in rules
        assert kinds <= set(knowledge.descendants(have)), have
        assert not {(need, kind) for kind in kinds} & (documented | rules), need


def test_no_conversion_runs_in_a_circle(knowledge: Knowledge) -> None:
    graph: dict[str, set[str]] = {}
    for rule in knowledge.conversions:
        graph.setdefault(rule.need, set()).add(rule.have)
    TopologicalSorter(graph).prepare()


@pytest.mark.parametrize(
    ("have", "need"),
    [
        ("spent_grain", "cattle_feed"),
        ("surplus_beer", "beer_vinegar"),
        ("beer_vinegar", "mustard"),
        ("beer_vinegar", "ketchup"),
        ("carrot_tops", "poultry_feed"),
        ("poultry_manure", "organic_fertiliser"),
        ("bricks_used", "cleaned_bricks"),
        ("residual_textiles", "textile_insulation"),
        ("surplus_heat_data", "district_heating"),
        ("treated_wastewater", "process_water"),
        ("ev_batteries", "storage_battery"),
        ("car_tyres", "rubber_granulate"),
    ],
)
def test_the_steps_of_the_source_documents_are_known(knowledge: Knowledge, have: str, need: str) -> None:
    assert any(rule.have == have and rule.need == need for rule in knowledge.conversions)


def test_kitchen_waste_and_carcasses_never_become_feed_for_farm_animals(knowledge: Knowledge) -> None:
    forbidden = {"kitchen_waste", *knowledge.descendants("kitchen_waste"), "fallen_stock", "meat_residue"}
    feeds = {"cattle_feed", "pig_feed", "poultry_feed", "sheep_goat_feed", "horse_feed"}
    assert not [rule for rule in knowledge.conversions if rule.need in feeds and rule.have in forbidden]


@pytest.mark.parametrize("sold", ["wood_chips", "sawdust", "sawn_timber", "fabric_rolls", "garden_compost"])
def test_what_is_clean_and_sold_is_not_credited_with_the_treatment_of_waste(
    knowledge: Knowledge, sold: str
) -> None:
    assert factor_for(knowledge, sold).dkk is None
    assert factor_for(knowledge, "mixed_waste_wood").dkk == 480


def test_factors_name_a_known_type_a_source_and_how_they_were_derived(knowledge: Knowledge) -> None:
    for factor in knowledge.factors.values():
        assert factor.resource in knowledge.types, factor.resource
        assert factor.source, factor.resource
        assert factor.note, factor.resource
        assert factor.kg_co2e != 0, factor.resource
        assert factor.dkk != 0, factor.resource
        if "DESNZ" in factor.source and "Material use" in factor.source:
            assert "tilnærmelse" in factor.note, factor.resource


def test_a_factor_is_inherited_figure_by_figure(knowledge: Knowledge) -> None:
    grain = factor_for(knowledge, "organic_spent_grain", "cattle_feed")
    assert grain.kg_co2e == 300
    assert grain.dkk == 300
    assert grain.money is not None
    assert grain.money.resource == "food_residue"


@pytest.mark.parametrize(
    ("have", "need", "taker", "known"),
    [
        ("spent_grain", "cattle_feed", "", True),
        ("spent_grain", "spent_grain_flour", "1061", False),
        ("spent_grain", "biogas_feedstock", "", False),
        ("spent_grain", "spent_grain", "0141", True),  # documented: it became cattle feed there
        ("spent_grain", "spent_grain", "1071", False),  # and bread there
        ("spent_grain", "spent_grain", "", False),  # nobody knows what for
        ("spent_grain", "", "0142", True),  # a taker that posted nothing
        ("spent_grain", "", "3521", False),
        ("cardboard", "cardboard", "", True),
        ("cardboard", "paper_residue", "", True),
        ("cardboard", "bedding", "", False),
        ("cardboard", "", "0143", False),
        ("newsprint", "office_paper", "", True),
        ("newsprint", "cellulose_fibre", "", False),
        ("bricks_used", "cleaned_bricks", "", True),
        ("bricks_used", "crushed_brick", "", False),
        ("concrete_rubble", "crushed_concrete", "", True),
        ("concrete_elements", "crushed_concrete", "", False),
        ("surplus_groceries", "", "8899", True),
        ("surplus_groceries", "", "0141", False),
    ],
)
def test_co2e_is_avoided_in_the_use_that_the_factor_is_about_and_in_no_other(
    knowledge: Knowledge, have: str, need: str, taker: str, known: bool
) -> None:
    worth = factor_for(knowledge, have, need, taker)
    assert (worth.kg_co2e is not None) is known
    assert (worth.elsewhere is None) is known


def test_kroner_are_saved_treatment_whatever_it_becomes(knowledge: Knowledge) -> None:
    assert factor_for(knowledge, "spent_grain", "spent_grain_flour", "1061").dkk == 300


def test_every_use_that_a_factor_names_is_a_known_type_and_only_mash_is_not_one_of_its_own(
    knowledge: Knowledge,
) -> None:
    for factor in knowledge.factors.values():
        assert set(factor.co2e_use) <= set(knowledge.types), factor.resource
        assert not factor.co2e_use or factor.kg_co2e is not None, factor.resource
    bound = {
        name
        for name, row in knowledge.factors.items()
        if row.kg_co2e and factor_for(knowledge, name).elsewhere
    }
    assert bound == {"spent_grain", "organic_spent_grain"}


def test_an_unknown_figure_is_none_and_never_zero(knowledge: Knowledge) -> None:
    assert factor_for(knowledge, "surplus_heat").kg_co2e is None
    assert factor_for(knowledge, "no_such_type").dkk is None


def test_a_row_without_figures_ends_the_inheritance(knowledge: Knowledge) -> None:
    assert factor_for(knowledge, "plastic_residue").kg_co2e is not None
    assert factor_for(knowledge, "wind_blade").kg_co2e is None


def test_industries_take_in_only_traits_and_types_that_exist(knowledge: Knowledge) -> None:
    for industry in knowledge.industries.values():
        assert industry.title, industry.code
        assert industry.title_en, industry.code
        unknown = [word for word in industry.takes if word not in TRAITS and word not in knowledge.types]
        assert not unknown, industry.code


def test_all_615_nace_classes_are_there_and_those_that_plausibly_take_residues_say_so(
    knowledge: Knowledge,
) -> None:
    assert len(knowledge.industries) == 615
    for prefix in ("01", "10", "13", "16", "17", "20", "22", "23", "24", "31", "38"):
        for code, industry in knowledge.industries.items():
            if code.startswith(prefix) and code not in {"0114", "0170", "2051", "2446"}:
                assert industry.takes, code


def test_waste_codes_have_titles_and_most_are_danish(knowledge: Knowledge) -> None:
    codes = waste_codes()
    assert len(codes) == 842
    assert set(knowledge.waste_codes) == set(codes)
    assert sum(entry.language == "da" for entry in codes.values()) >= 350
    assert codes["020704"].title == "Uegnet til konsum eller videre forarbejdning (drikkevarer)"
    assert codes["170605"].hazardous
    assert not codes["170102"].hazardous


def test_waste_codes_of_the_tree_are_in_the_list(knowledge: Knowledge) -> None:
    for node in knowledge.types.values():
        assert set(node.ewc) <= set(knowledge.waste_codes), node.id


def test_edible_fat_is_no_hazardous_waste_and_its_mirror_entry_is() -> None:
    """Decision 2014/955/EU: 19 08 09 edible oil and fats only; 19 08 10* the rest."""
    codes = waste_codes()
    assert not codes["190809"].hazardous
    assert codes["190810"].hazardous


def test_after_warming_up_a_sentence_is_read_at_once() -> None:
    warm_up()
    began = time.process_time()
    assert read_listing("3 tons halm om året", load().types).type_id is not None
    assert time.process_time() - began < 0.2


def test_words_for_places_of_work_and_priors_point_to_industries_that_exist():
    knowledge = load()
    assert {nace for _, nace in knowledge.giver_words} <= set(knowledge.industries)
    assert set(knowledge.taker_prior) <= {code[:2] for code in knowledge.industries}
    assert all(abs(prior) < 1 for prior in knowledge.taker_prior.values())


def test_no_material_is_named_by_general_words_alone():
    general = {
        "waste",
        "residue",
        "surplus",
        "used",
        "old",
        "scrap",
        "affald",
        "rest",
        "rester",
        "brugt",
        "overskud",
    }
    for rule in load().material_rules:
        for words in rule.words:
            assert set(words.casefold().split()) - general, (rule.id, words)
