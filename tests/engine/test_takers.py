# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""A residue finds industries and firms that never posted a need."""

from __future__ import annotations

import numpy as np
import pytest

from brobygger.engine.calibration import LIKELY, SURE, TOO_LITTLE, firm_word, industry_word
from brobygger.engine.evidence import evidence
from brobygger.engine.facts import Industry, Knowledge, MaterialRule, ResourceType, Taker, Use
from brobygger.engine.listing import Candidate, InvalidListing, Listing, Residual
from brobygger.engine.materials import together
from brobygger.engine.takers import takers, takers_among
from brobygger.engine.text import MAX_CHARACTERS
from brobygger.knowledge import load

USE = Use(
    "U1",
    "mask",
    "mask fra et bryggeri",
    "Herslev Bryghus",
    "1105",
    "Bedrift 3",
    "0146",
    "svinefoder",
    source="test",
)
KNOWLEDGE = Knowledge(
    types={
        "mask": ResourceType("mask", None, "residue", "Mask", "Spent grain", traits=("protein",)),
        "oil": ResourceType("oil", None, "residue", "Spildolie", hazardous=True),
    },
    uses=(USE,),
    industries={
        code: Industry(code, title, title, takes)
        for code, title, takes in (
            ("0141", "Avl af malkekvæg", ("protein",)),
            ("0146", "Avl af svin", ("protein",)),
            ("2351", "Fremstilling af cement", ("mineral",)),
            ("6201", "Programmering", ()),
        )
    },
    material_rules=(
        MaterialRule(
            "m", "Mask", ("mask", "spent grain"), ("020704",), ("1105",), (Taker("0141", 1.0, "foder"),)
        ),
        MaterialRule(
            "a",
            "Flyveaske",
            ("flyveaske", "fly ash"),
            ("100102",),
            ("3511",),
            (Taker("2351", 1.0, "cement"),),
        ),
    ),
)


def ranked(residual, knowledge=KNOWLEDGE):
    return [row.nace for row in takers([residual], knowledge)]


def test_a_documented_use_and_a_rule_both_bring_their_industry_to_the_front():
    assert set(ranked(Residual("1", "mask"))[:2]) == {"0141", "0146"}


def test_things_left_together_go_to_an_industry_that_takes_each():
    feed, soil, gas = Taker("0146", 1.0, "foder"), Taker("0111", 1.0, "gødning"), Taker("3521", 0.8, "biogas")
    rules = (
        MaterialRule("b", "Brød", ("brød",), (), (), (feed, gas)),
        MaterialRule("s", "Slam", ("slam",), (), (), (soil, gas)),
    )
    knowledge = Knowledge(material_rules=rules)
    assert ranked(Residual("1", "brød fra bageri"), knowledge)[0] == "0146"
    assert ranked(Residual("2", "slam fra bageri"), knowledge)[0] == "0111"
    assert ranked(Residual("3", "brød og slam fra bageri"), knowledge)[0] == "3521"


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("aske og slam fra papirfabrik", ["aske fra papirfabrik", "slam fra papirfabrik"]),
        ("bread, dough and flour", ["bread", "dough", "flour"]),
        ("slam fra bryggeri og mejeri", ["slam fra bryggeri og mejeri"]),
        ("", []),
    ],
)
def test_what_is_left_together_is_taken_apart_each_with_its_origin(text, parts):
    assert [part.text for part in together(Residual("1", text))] == parts


def test_of_a_long_text_the_beginning_is_read_and_nothing_after_it():
    """However many things are listed: those after the first two thousand characters are not read one by one."""
    long = "mask og mask, " * 150
    assert len(long) > MAX_CHARACTERS
    begun, listed = (takers([Residual("1", text)], KNOWLEDGE) for text in (long, long + "flyveaske, " * 500))
    assert listed == begun
    assert "2351" in ranked(Residual("1", "mask, flyveaske"))


def test_each_rank_tells_its_precedent_in_words():
    rows = {row.nace: row for row in takers([Residual("1", "mask")], KNOWLEDGE)}
    assert "Herslev Bryghus" in rows["0146"].precedent
    assert rows["0146"].precedent_ids == ("U1",)
    assert rows["0141"].precedent.startswith("Regel, ikke dokumenteret tilfælde")


def test_a_waste_code_alone_is_enough():
    assert ranked(Residual("1", "", ewc="100102"))[0] == "2351"


def test_english_and_danish_give_the_same_first_industry():
    assert ranked(Residual("1", "fly ash", "en"))[0] == ranked(Residual("1", "flyveaske", "da"))[0] == "2351"


def test_ranks_run_from_one_and_scores_fall():
    rows = takers([Residual("1", "mask"), Residual("2", "flyveaske")], KNOWLEDGE, top=3)
    for key in ("1", "2"):
        mine = [row for row in rows if row.id == key]
        assert [row.rank for row in mine] == list(range(1, len(mine) + 1))
        assert sorted((row.score for row in mine), reverse=True) == [row.score for row in mine]
        assert all(0 < row.score <= 1 for row in mine)


@pytest.mark.parametrize(("column", "value"), [("ewc", "12"), ("ewc", "abcdef"), ("giver_nace", "11")])
def test_a_code_that_is_no_code_is_named(column, value):
    with pytest.raises(InvalidListing) as error:
        takers([Residual("r7", "mask", **{column: value})], KNOWLEDGE)
    assert (error.value.listing, error.value.field) == ("r7", column)


def test_codes_may_be_written_with_spaces_dots_and_the_star_of_hazard():
    assert ranked(Residual("1", "", ewc="10 01 02*", giver_nace="35.11"))[0] == "2351"


def test_without_any_knowledge_nothing_is_guessed():
    assert takers([Residual("1", "mask")], Knowledge()) == []


MASK = Listing("l1", "brewery", "mask", x=0.0, y=0.0, max_distance=50_000.0)
FIRMS = [
    Candidate("far", ("0141",), 40_000.0, 0.0),
    Candidate("near", ("0141",), 2_000.0, 0.0),
    Candidate("beyond", ("0141",), 60_000.0, 0.0),
    Candidate("software", ("6201",), 100.0, 0.0),
    Candidate("brewery", ("0141",), 0.0, 0.0),
]


def test_the_nearest_plausible_firm_comes_first_and_one_out_of_reach_not_at_all():
    assert [row.organisation for row in takers_among(MASK, FIRMS, KNOWLEDGE)] == ["near", "far"]


def test_a_firm_is_told_in_one_sentence_with_the_nearest_documented_case_and_how_far():
    row = takers_among(MASK, FIRMS, KNOWLEDGE)[0]
    assert row.reason == (
        "Virksomheden har ikke selv søgt, men mask bruges som svinefoder (Herslev Bryghus → Bedrift 3). "
        "Det er i en beslægtet branche. 2,0 km væk."
    )
    assert row.precedent_ids == ("U1",)


def test_a_dairy_farm_is_shown_the_documented_use_of_mash_for_dairy_cattle():
    farm = Candidate("x", ("0141",), 7_000.0, 0.0, name="Skovbrynet Malkekvæg")
    for offer in (Listing("l", type="spent_grain", x=0.0, y=0.0), Listing("l", text="mask fra ølbrygning")):
        (row,) = takers_among(offer, [farm], load())
        assert row.precedent_ids == ("H-046",)
        assert row.confidence == "sandsynlig"
        assert "beslægtet branche" not in row.reason
        assert row.reason.startswith(
            "Skovbrynet Malkekvæg har ikke selv søgt, men mask bruges som kvægfoder ("
        )


def test_a_case_of_the_same_group_of_industries_is_shown_where_the_class_has_none():
    (row,) = takers_among(Listing("l", type="spent_grain"), [Candidate("x", ("0147",))], load())
    assert row.precedent_ids
    assert all(use.taker_nace[:3] == "014" for use in load().uses if use.id in row.precedent_ids)
    assert ". Det er i en beslægtet branche. " in row.reason


def test_a_dairy_farm_is_not_told_that_larvae_eat_something_like_it():
    farm = Candidate("x", ("0141",), name="Skovbrynet Malkekvæg")
    (row,) = takers_among(Listing("l", type="spent_grain_dried"), [farm], load())
    assert "larver" not in row.reason
    assert "tørret mask kan bruges som foder til malkekvæg. Det er en regel" in row.reason


def test_where_only_a_rule_speaks_the_reason_says_that_no_case_is_known():
    (row,) = takers_among(Listing("l", text="flyveaske"), [Candidate("x", ("2351",))], KNOWLEDGE)
    assert row.reason == (
        "Virksomheden har ikke selv søgt, men det, der tilbydes, kan bruges til cement. "
        "Det er en regel; vi kender ikke et tilfælde. Afstanden er ukendt."
    )
    assert row.precedent.startswith("Regel")


def test_a_firm_without_a_known_place_is_kept_and_its_distance_called_unknown():
    (row,) = takers_among(MASK, [Candidate("x", ("0146",))], KNOWLEDGE)
    assert row.metres is None
    assert row.distance == 0.5
    assert "Afstanden er ukendt" in row.reason


def test_hazardous_waste_is_never_offered_to_firms_that_did_not_ask():
    assert takers_among(Listing("l2", type="oil"), [Candidate("x", ("0141",))], KNOWLEDGE) == []


@pytest.mark.parametrize(
    ("text", "division"),
    [
        ("mask fra ølbrygning", "01"),
        ("overskudsvarme fra datacenter", "35"),
        ("waste heat from servers", "35"),
        ("coal fly ash", "23"),
        ("glasskår", "23"),
        ("aluminium scrap", "24"),
        ("madaffald fra kantine", "35"),
        ("used cooking oil", "20"),
        ("gipsplader fra nedrivning", "23"),
        ("træspåner", "16"),
        ("stålskrot", "24"),
        ("afgasset biomasse", "01"),
    ],
)
def test_the_shipped_knowledge_names_the_usual_taker_of_common_residues(text, division):
    first = [row.nace[:2] for row in takers([Residual("1", text)], load(), top=8)]
    assert division in list(dict.fromkeys(first))[:2]


def test_every_taker_of_a_material_rule_is_an_industry_that_exists():
    knowledge = load()
    codes = {taker.nace for rule in knowledge.material_rules for taker in rule.takers}
    assert codes <= set(knowledge.industries)


def test_hundreds_of_residues_are_ranked_in_seconds_even_when_one_is_endless():
    endless = Residual("0", "xqzvw" * 3 + " qwrtplk" * 100_000)
    many = [Residual(str(i), f"mask og savsmuld nummer {i}") for i in range(1, 200)]
    assert len({row.id for row in takers([endless, *many], load(), top=3)}) == 200


def test_a_division_with_several_likely_classes_comes_before_a_single_one_that_scores_a_little_higher():
    rule = MaterialRule(
        "m",
        "Mask",
        ("mask",),
        (),
        (),
        (Taker("3521", 0.9, "biogas"), Taker("0141", 0.8, "foder"), Taker("0146", 0.8, "foder")),
    )
    assert ranked(Residual("1", "mask"), Knowledge(material_rules=(rule,)))[:2] == ["0141", "0146"]


def test_a_documented_use_is_found_by_its_english_wording_too():
    use = Use("U2", "", "restprodukt", "", "", "", "2351", "cement", source="test", text_en="bypass dust")
    knowledge = Knowledge(uses=(USE, use), industries=KNOWLEDGE.industries)
    assert ranked(Residual("1", "bypass dust", "en"), knowledge)[0] == "2351"


def read_as(text, **codes):
    """The material classes of a text, strongest first."""
    residual = Residual("1", text, **codes)
    index = evidence(load())
    return list(index.materials.of(residual, index.judge(residual).types))


def test_where_nothing_is_given_nothing_is_ranked():
    rows = takers([Residual("1", "  "), Residual("2", "mask")], KNOWLEDGE)
    assert {row.id for row in rows} == {"2"}


def test_where_nothing_is_recognised_that_is_said_and_never_called_likely():
    rows = takers([Residual("1", "xqzv blorp")], load(), top=5)
    assert {row.precedent for row in rows} == {TOO_LITTLE}
    assert {row.confidence for row in rows} == {"usikker"}


def test_no_firm_is_guessed_where_nothing_is_known_of_what_is_offered():
    assert takers_among(Listing("l", text="xqzv blorp"), [Candidate("x", ("2351",))], load()) == []


def test_every_waste_code_alone_says_something():
    index = evidence(load())
    assert [code for code in load().waste_codes if index.judge(Residual("1", "", ewc=code)).known <= 0] == []


def test_the_first_score_of_each_division_is_its_probability():
    index = evidence(load())
    scores = index.judge(Residual("1", "flyveaske")).scores
    best = {}
    for code, score in zip(index.codes, scores, strict=True):
        best[code[:2]] = max(best.get(code[:2], 0.0), float(score))
    assert 0.98 < sum(best.values()) <= 1.0 + 1e-9  # divisions that never took anything are not ranked
    assert best["23"] == pytest.approx(float(np.max(scores)))


def test_words_of_confidence_rise_with_the_probability():
    assert [industry_word(chance) for chance in (0.0, LIKELY, SURE)] == ["usikker", "sandsynlig", "sikker"]
    assert firm_word(0.99, documented=False) == "usikker"
    assert firm_word(0.99, documented=True) == "sandsynlig"


def test_an_obvious_taker_is_called_sure_and_a_matter_of_taste_is_not():
    sure = takers(
        [Residual("1", "Flyveaske fra kulkraftværk", ewc="100102", giver_nace="3511")], load(), top=1
    )
    taste = takers([Residual("1", "Valle fra osteri")], load(), top=1)
    assert (sure[0].nace, sure[0].confidence) == ("2351", "sikker")
    assert taste[0].confidence == "usikker"


@pytest.mark.parametrize(
    ("text", "material"),
    [
        ("slam fra papirfabrik", "deinking"),
        ("dust from electric arc furnace", "eaf_dust"),
        ("skaller af kaffe", "coffee"),
        ("gibsplader", "plasterboard_"),
        ("By-product of a fishmeal feed factory", "feed_surplus"),
        ("bettonrester", "concrete_"),
        ("gulerodstoppe", "veg_proc"),
        ("Fåremøg", "pig_cattle_manure"),
    ],
)
def test_odd_and_misspelt_wordings_are_read_as_the_material_they_mean(text, material):
    assert material in read_as(text)[:2]


def test_who_leaves_the_residue_is_read_from_the_text():
    materials = evidence(load()).materials
    assert materials.giver(Residual("1", "slam fra papirfabrik")) == "1712"
    assert materials.giver(Residual("1", "sludge from a tannery", "en")) == "1511"
    assert materials.giver(Residual("1", "slam")) == ""


def test_steam_from_a_power_plant_goes_to_industry_before_it_goes_back_to_energy():
    assert ranked(Residual("1", "steam from power plant", "en", giver_nace="3511"), load())[0][:2] == "20"


def test_a_prior_lifts_a_division_and_nothing_else_changes_within_it():
    rule = MaterialRule(
        "m", "Mask", ("mask",), (), (), (Taker("3521", 0.5, "biogas"), Taker("0141", 0.5, "foder"))
    )
    residual = Residual("1", "mask")
    assert ranked(residual, Knowledge(material_rules=(rule,)))[0] == "0141"
    assert ranked(residual, Knowledge(material_rules=(rule,), taker_prior={"35": 0.5}))[0] == "3521"


def test_a_side_stream_is_no_electricity():
    read = evidence(load()).materials.of(Residual("1", "Reststrøm fra bioethanol af halm"), {})
    assert "power_" not in read


def test_what_a_residue_comes_with_is_no_other_residue():
    assert len(together(Residual("1", "Process water with nutrients and organic matter"))) == 1


def test_what_a_thing_is_made_of_speaks_faintly_where_a_material_is_named():
    """The industries that only take its traits in gain from `mask`, but little where a rule tells who takes mash."""
    unruled = Knowledge(types=KNOWLEDGE.types, industries=KNOWLEDGE.industries)
    ruled = Knowledge(
        types=KNOWLEDGE.types, industries=KNOWLEDGE.industries, material_rules=KNOWLEDGE.material_rules
    )

    def pigs(knowledge):
        index = evidence(knowledge)
        return index.strength(Residual("1", "mask"), {"mask": 1.0}, {})[index.position["0146"]]

    assert 0 < pigs(ruled) < 0.5 * pigs(unruled)


@pytest.mark.parametrize(
    ("text", "material"),
    [
        ("Basic oxygen furnace slag", "steel_slag"),
        ("Overskydende garn fra et væveri", "textile"),
        ("Magnesium sulphate", "potassium_salts"),
        ("Sawmill chips", "sawdust"),
        ("Server heat", "heat_server"),
        ("Kiksebrud", "cake_confection"),
        ("Havnemudder", "sediment_"),
        ("Metangas fra renseanlæg", "biogas_lf"),
        ("Water pumped out of a coal mine", "mine_water"),
        ("Granat fra vandskæring", "blast_sand"),
        ("Larveskind", "insect_frass"),
        ("Gallium arsenide scrap", "titanium_"),
    ],
)
def test_a_residue_is_read_as_its_own_material_and_as_no_namesake(text, material):
    assert read_as(text)[0] == material


@pytest.mark.parametrize(
    ("text", "material"),
    [
        ("Gips fra røgrensning", "gypsum_syn"),
        ("Kalk fra blødgøring på vandværk", "ladle_lime"),
        ("Okker fra vandværk", "photo_w"),
        ("Stofstumper fra syværkstederne", "cotton"),
        ("Soiled bedding from horse tracks and stables", "horse_manure"),
        ("Maple and pine lanes from the closed bowling centre", "floor_wood"),
        ("Daggy wool clipped off round the tail before shearing", "wool_low"),
        ("Kaffeskind", "coffee_skin"),
        ("Gasbetonblokke", "aerated_concrete"),
        ("Gipspladeafskær", "plasterboard_"),
        ("Insulation wool from demolition", "mineral_w"),
        ("Papkerner fra folieruller", "cardboard_cores"),
        ("Olieforurenet jord", "soil_contaminated"),
        ("Hundefoder over dato", "petfood_old"),
    ],
)
def test_an_ordinary_wording_is_read_as_its_own_material(text, material):
    assert read_as(text)[0] == material
