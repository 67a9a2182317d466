# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Two organisations that are one: laid together, with everything that points at them."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.utils import timezone

from brobygger.accounts.models import AuditEntry, Invitation, Operator, Role, User
from brobygger.base import search
from brobygger.base.versions import EditedMeanwhile
from brobygger.dialogue.models import FollowUp, FunnelPlace, PlannedVisit, PortfolioFirm
from brobygger.market.models import Listing, Match, Suggestion
from brobygger.register import merging
from brobygger.register.errors import MergeRefused, NotAllowed
from brobygger.register.merging import registry
from brobygger.register.merging.values import CHOICES, DECIDED_BY_RULE, UNTOUCHED
from brobygger.register.models import Affiliation, Merge, Organisation, Tag
from brobygger.register.services import dissolve
from brobygger.register.services_merge import merge
from tests.dialogue.made import step, talk
from tests.factories import (
    EstablishmentFactory,
    ListingFactory,
    MatchFactory,
    OrganisationFactory,
    PersonFactory,
    SuggestionFactory,
    firm_user,
    user_as,
)


@pytest.fixture
def kept(operator: Operator) -> Organisation:
    return OrganisationFactory(operator=operator, name="Øens Bryghus ApS")


@pytest.fixture
def gone(operator: Operator) -> Organisation:
    return OrganisationFactory(operator=operator, name="Øens Bryghus", cvr=None)


def laid_together(kept: Organisation, gone: Organisation, user: User, **chosen: str) -> Merge:
    return merge(kept, gone, chosen=chosen, expected=(kept.version, gone.version), user=user)


def test_everything_that_points_at_an_organisation_is_declared() -> None:
    """A room with a new kind of pointer says what becomes of it in its `merging.py`; until then nothing is merged."""
    assert [str(relation) for relation in merging.undeclared()] == []


def test_every_field_of_an_organisation_is_chosen_or_named_as_untouched() -> None:
    fields = {field.name for field in Organisation._meta.concrete_fields}
    chosen = {name for choice in CHOICES for name in choice.fields}
    assert fields == chosen | DECIDED_BY_RULE | UNTOUCHED


def test_what_nobody_has_declared_stops_the_merge_by_name(kept, gone, consultant, monkeypatch) -> None:
    talk(gone, consultant)
    key = ("register.affiliation", "organisation")
    monkeypatch.delitem(registry._declared, key)
    with pytest.raises(MergeRefused, match=r"register\.Affiliation\.organisation"):
        laid_together(kept, gone, consultant)
    assert Organisation.objects.filter(pk=gone.pk).exists()
    assert not Merge.objects.exists()


def test_talks_follow_ups_listings_and_places_move(kept, gone, consultant, operator) -> None:
    spoken, planned = talk(gone, consultant), step(gone, consultant)
    listing = ListingFactory(organisation=gone)
    place = EstablishmentFactory(organisation=gone)
    laid_together(kept, gone, consultant)
    for record in (planned, listing, place):
        record.refresh_from_db()
        assert record.organisation_id == kept.pk
    assert list(spoken.organisations.all()) == [kept]
    assert not Organisation.objects.filter(pk=gone.pk).exists()


def test_a_talk_with_both_is_a_talk_with_the_one(kept, gone, consultant) -> None:
    spoken = talk(kept, consultant, organisations=[kept, gone])
    laid_together(kept, gone, consultant)
    assert list(spoken.organisations.all()) == [kept]


def test_tags_are_laid_together(kept, gone, consultant, operator) -> None:
    both, one = (Tag.objects.create(operator=operator, name=name) for name in ("begge", "den ene"))
    kept.tags.set([both])
    gone.tags.set([both, one])
    laid_together(kept, gone, consultant)
    assert set(kept.tags.all()) == {both, one}


def test_a_person_of_both_has_one_role_that_lets_them_do_what_either_did(
    kept, gone, consultant, operator
) -> None:
    person = PersonFactory(operator=operator)
    mine = Affiliation.objects.create(person=person, organisation=kept, ended_on=date(2025, 1, 1))
    Affiliation.objects.create(
        person=person, organisation=gone, title="Direktør", may_act=True, started_on=date(2020, 1, 1)
    )
    laid_together(kept, gone, consultant)
    role = Affiliation.objects.get(person=person)
    assert (role.pk, role.organisation_id, role.title) == (mine.pk, kept.pk, "Direktør")
    assert (role.may_act, role.started_on, role.ended_on) == (True, date(2020, 1, 1), None)


def test_whoever_acted_for_the_one_that_went_acts_for_the_one_that_is_kept(kept, gone, consultant) -> None:
    user = firm_user(gone)
    laid_together(kept, gone, consultant)
    assert list(Organisation.objects.acted_for_by(user)) == [kept]


def test_an_invitation_that_is_still_on_its_way_leads_to_the_kept_one(
    kept, gone, consultant, operator
) -> None:
    invitation = Invitation.objects.create(
        operator=operator, email="ny@example.invalid", role=Role.FIRM, organisation_id=gone.pk
    )
    laid_together(kept, gone, consultant)
    invitation.refresh_from_db()
    assert invitation.organisation_id == kept.pk


def test_only_one_main_address_is_left(kept, gone, consultant) -> None:
    main = EstablishmentFactory(organisation=kept, is_main=True)
    EstablishmentFactory(organisation=gone, is_main=True)
    laid_together(kept, gone, consultant)
    assert list(kept.establishments.filter(is_main=True)) == [main]
    assert kept.establishments.count() == 2


def test_of_two_suggestions_of_the_same_taker_the_decided_one_counts(kept, gone, consultant) -> None:
    have = ListingFactory(organisation=OrganisationFactory(operator=kept.operator))
    taker = {"have": have, "kind": Suggestion.Kind.TAKER, "need": None}
    mine = SuggestionFactory(organisation=kept, **taker)
    SuggestionFactory(
        organisation=gone, state=Suggestion.State.DECLINED, decline_reason=Suggestion.Decline.KNOWN,
        decided_by=consultant, decided_at=timezone.now(),
        decline_facts={"giver": have.organisation_id, "taker": gone.pk, "have": {}, "need": {}}, **taker,
    )  # fmt: skip
    laid_together(kept, gone, consultant)
    left = Suggestion.objects.get(have=have)
    assert (left.pk, left.state, left.decline_reason) == (mine.pk, "declined", "known")
    assert left.decline_facts["taker"] == kept.pk


def test_nobody_is_proposed_to_meet_oneself(kept, gone, consultant) -> None:
    have = ListingFactory(organisation=kept)
    need = ListingFactory(organisation=gone, side=Listing.Side.NEED)
    pair = SuggestionFactory(have=have, need=need)
    taker = SuggestionFactory(have=have, kind=Suggestion.Kind.TAKER, need=None, organisation=gone)
    laid_together(kept, gone, consultant)
    states = Suggestion.objects.filter(pk__in=[pair.pk, taker.pk]).values_list("state", flat=True)
    assert set(states) == {Suggestion.State.STALE}


def test_matches_and_their_history_move(kept, gone, consultant) -> None:
    match = MatchFactory(have=ListingFactory(organisation=gone), stage=Match.Stage.DIALOGUE)
    laid_together(kept, gone, consultant)
    match.refresh_from_db()
    assert match.giver_id == kept.pk
    line = match.history.first()
    assert (line.giver_id, line.history_user) == (kept.pk, consultant)


def test_a_confidential_listing_stays_confidential(kept, gone, consultant) -> None:
    secret = ListingFactory(organisation=gone, visibility=Listing.Visibility.BROKER)
    stranger = firm_user(OrganisationFactory(operator=kept.operator))
    laid_together(kept, gone, consultant)
    secret.refresh_from_db()
    assert secret.visibility == Listing.Visibility.BROKER
    assert not Listing.objects.visible_to(stranger).filter(pk=secret.pk).exists()


def test_the_portfolio_place_and_the_latest_level_are_kept_once(kept, gone, consultant, operator) -> None:
    definition = _funnel(operator)
    PortfolioFirm.objects.create(operator=operator, organisation=kept)
    PortfolioFirm.objects.create(operator=operator, organisation=gone, key_account=consultant)
    levels = ((kept, "lav", date(2025, 1, 1)), (gone, "høj", date(2026, 1, 1)))
    for firm, level, since in levels:
        FunnelPlace.objects.create(
            operator=operator, organisation=firm, funnel=definition, funnel_key="t", level=level, since=since
        )
    laid_together(kept, gone, consultant)
    assert PortfolioFirm.objects.get().key_account == consultant
    assert FunnelPlace.objects.get().level == "høj"


def _funnel(operator: Operator):
    from brobygger.blueprints.models import Definition

    fields = {field.name for field in Definition._meta.concrete_fields}
    values = {"operator": operator, "kind": "funnel", "key": "t", "version": 1, "title": "Tragt", "name": "Tragt",
              "body": {}, "text": ""}  # fmt: skip
    return Definition.objects.create(**{name: value for name, value in values.items() if name in fields})


def test_of_two_open_visits_one_gives_way(kept, gone, consultant, operator) -> None:
    monday = timezone.localdate() - timedelta(days=timezone.localdate().weekday())
    for firm in (kept, gone):
        PlannedVisit.objects.create(operator=operator, organisation=firm, week=monday, consultant=consultant)
    laid_together(kept, gone, consultant)
    states = PlannedVisit.objects.filter(organisation=kept).order_by("pk").values_list("state", flat=True)
    assert list(states) == ["proposed", "skipped"]


def test_it_is_found_under_the_kept_name_and_no_longer_under_the_other(kept, gone, consultant) -> None:
    from brobygger.register import search as register_search

    Organisation.objects.filter(pk=gone.pk).update(name="Glemmelse Maltkompagni")
    gone.refresh_from_db()
    register_search.index([kept.pk, gone.pk])
    spoken = talk(gone, consultant)
    scopes = [str(kept.operator_id)]
    assert list(search.find("organisation", "Maltkompagni", scopes=scopes).keys) == [gone.pk]
    laid_together(kept, gone, consultant)
    assert list(search.find("organisation", "Maltkompagni", scopes=scopes).keys) == []
    assert list(search.find("interaction", "Bryghus", scopes=scopes).keys) == [spoken.pk]


def test_values_are_chosen_field_by_field(kept, gone, consultant) -> None:
    Organisation.objects.filter(pk=gone.pk).update(
        phone="12345678", street="Havnen 2", postal_code="4000", ad_protected=True
    )
    gone.refresh_from_db()
    laid_together(kept, gone, consultant, phone="gone", name="gone")
    kept.refresh_from_db()
    assert (kept.name, kept.phone, kept.postal_code) == ("Øens Bryghus", "12345678", "4320")
    assert kept.ad_protected
    assert kept.history.first().history_user == consultant


def test_two_active_firms_with_each_their_cvr_number_are_two(kept, consultant, operator) -> None:
    other = OrganisationFactory(operator=operator)
    with pytest.raises(MergeRefused, match="hvert sit CVR-nummer"):
        laid_together(kept, other, consultant)


def test_a_firm_that_has_ceased_may_be_laid_into_the_one_that_went_on(kept, consultant, operator) -> None:
    other = OrganisationFactory(operator=operator)
    other = dissolve(other, on=date(2025, 5, 1), expected=other.version)
    record = laid_together(kept, other, consultant)
    kept.refresh_from_db()
    assert (kept.cvr != other.cvr, record.gone_cvr) == (True, other.cvr)


def test_its_cvr_number_can_be_taken_over(operator, consultant, kept) -> None:
    nameless = OrganisationFactory(operator=operator, cvr=None)
    number = kept.cvr
    laid_together(nameless, kept, consultant, cvr="gone")
    nameless.refresh_from_db()
    assert nameless.cvr == number


def test_another_offices_firm_and_the_firm_itself_are_refused(kept, gone, consultant) -> None:
    with pytest.raises(NotAllowed):
        laid_together(kept, OrganisationFactory(cvr=None), consultant)
    with pytest.raises(MergeRefused):
        laid_together(kept, kept, consultant)


@pytest.mark.parametrize("role", [Role.ADMIN, Role.FIRM, Role.PARTNER])
def test_only_consultants_and_heads_may(kept, gone, role: str) -> None:
    with pytest.raises(NotAllowed):
        laid_together(kept, gone, user_as(role, kept.operator))


def test_somebody_of_two_offices_still_cannot_merge_across_them(kept, consultant) -> None:
    other = OrganisationFactory(cvr=None)
    from brobygger.accounts.models import Membership

    Membership.objects.create(user=consultant, operator=other.operator, role=Role.HEAD)
    user = User.objects.get(pk=consultant.pk)
    with pytest.raises(MergeRefused, match="hvert sit erhvervskontor"):
        laid_together(kept, other, user)


def test_whoever_saw_an_older_version_is_told(kept, gone, consultant) -> None:
    with pytest.raises(EditedMeanwhile):
        merge(kept, gone, chosen={}, expected=(kept.version, gone.version + 1), user=consultant)
    assert Organisation.objects.filter(pk=gone.pk).exists()


def test_the_second_of_two_who_merge_the_same_is_told(kept, gone, consultant) -> None:
    laid_together(kept, gone, consultant)
    with pytest.raises(MergeRefused, match="allerede lagt sammen"):
        laid_together(kept, gone, consultant)


def test_a_colleague_with_the_follow_up_open_does_not_bring_the_old_firm_back(kept, gone, consultant) -> None:
    from brobygger.dialogue.services import follow_ups

    opened = step(gone, consultant)
    laid_together(kept, gone, consultant)
    with pytest.raises(EditedMeanwhile):
        follow_ups.finish(opened, user=consultant, expected=opened.version)
    assert FollowUp.objects.get(pk=opened.pk).organisation_id == kept.pk


def test_waiting_work_about_the_firm_holds_the_merge_back(kept, gone, consultant) -> None:
    from django_tasks_db.models import DBTaskResult

    DBTaskResult.objects.create(
        task_path="x", queue_name="default", backend_name="default", priority=0,
        args_kwargs={"args": [], "kwargs": {"organisation_pk": gone.pk}},
    )  # fmt: skip
    with pytest.raises(MergeRefused, match="arbejde i kø"):
        laid_together(kept, gone, consultant)


def test_it_is_in_the_audit_trail(kept, gone, consultant) -> None:
    laid_together(kept, gone, consultant)
    entry = AuditEntry.objects.get(action="organisations_merged")
    assert (entry.user, entry.about) == (consultant, "Øens Bryghus → Øens Bryghus ApS")
    assert entry.action_word == "Lagde to virksomheder sammen"
