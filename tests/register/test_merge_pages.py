# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""A consultant lays two organisations together in the browser, and separates them again."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from brobygger.accounts.models import Role, User
from brobygger.register import search
from brobygger.register.models import Merge, Organisation
from tests.dialogue.made import talk
from tests.factories import ListingFactory, MatchFactory, OrganisationFactory, firm_user, user_as
from tests.register.test_merge import gone as gone
from tests.register.test_merge import kept as kept
from tests.register.test_merge import laid_together


def preview(kept: Organisation, gone: Organisation) -> str:
    return reverse("register:merge_with", args=[kept.pk, gone.pk])


def versions(kept: Organisation, gone: Organisation) -> dict[str, int]:
    return {"kept_version": kept.version, "gone_version": gone.version}


def test_the_other_one_is_found_by_its_name(as_consultant: Client, kept, gone) -> None:
    search.index([kept.pk, gone.pk])
    html = as_consultant.get(reverse("register:choose_merge", args=[kept.pk])).content.decode()
    assert preview(kept, gone) in html
    assert preview(kept, kept) not in html


def test_the_preview_tells_what_moves_and_asks_where_the_two_differ(
    as_consultant, kept, gone, consultant
) -> None:
    talk(gone, consultant)
    html = as_consultant.get(preview(kept, gone)).content.decode()
    assert "Samtaler" in html
    assert 'name="name"' in html
    assert 'name="phone"' not in html


def test_after_yes_the_kept_one_is_shown_and_old_links_lead_there(
    as_consultant, kept, gone, consultant
) -> None:
    old = gone.get_absolute_url()
    answer = as_consultant.post(
        preview(kept, gone), {**versions(kept, gone), "name": "gone", "cvr": "kept"}, follow=True
    )
    html = answer.content.decode()
    assert "De to er lagt sammen" in html
    assert "Lagt sammen" in html
    answer = as_consultant.get(old, follow=True)
    assert answer.redirect_chain == [(kept.get_absolute_url(), 302)]
    assert "lagt sammen med Øens Bryghus" in answer.content.decode()


def test_an_old_link_gives_nothing_away_to_a_stranger(sign_in, kept, gone, consultant) -> None:
    old = gone.get_absolute_url()
    laid_together(kept, gone, consultant)
    stranger = sign_in(user_as(Role.CONSULTANT))
    assert stranger.get(old).status_code == 404
    other_firm = sign_in(firm_user(OrganisationFactory(operator=kept.operator)))
    assert other_firm.get(old).status_code == 404


def test_when_somebody_saved_meanwhile_the_choices_stand_and_saving_again_works(
    as_consultant, kept, gone
) -> None:
    first = {**versions(kept, gone), "name": "gone", "cvr": "kept"}
    Organisation.objects.filter(pk=gone.pk).update(version=7, phone="12345678")
    answer = as_consultant.post(preview(kept, gone), first)
    html = answer.content.decode()
    assert answer.status_code == 409
    assert 'value="7"' in html
    assert not Merge.objects.exists()
    again = {"kept_version": kept.version, "gone_version": 7, "name": "gone", "cvr": "kept", "phone": "gone"}
    as_consultant.post(preview(kept, gone), again)
    kept.refresh_from_db()
    assert (kept.name, kept.phone) == ("Øens Bryghus", "12345678")


@pytest.mark.parametrize("typed", [{}, {"kept_version": "x", "gone_version": ""}, {"name": "tredje"}])
def test_nonsense_merges_nothing(as_consultant, kept, gone, typed) -> None:
    answer = as_consultant.post(preview(kept, gone), typed)
    assert answer.status_code == 200
    assert not Merge.objects.exists()


def test_two_active_firms_are_refused_with_the_reason(as_consultant, kept, operator) -> None:
    other = OrganisationFactory(operator=operator)
    html = as_consultant.get(preview(kept, other)).content.decode()
    assert "hvert sit CVR-nummer" in html
    answer = as_consultant.post(
        preview(kept, other), {**versions(kept, other), "name": "kept", "cvr": "kept"}
    )
    assert answer.status_code == 200
    assert not Merge.objects.exists()


def test_only_the_offices_own_people_open_the_pages(sign_in, kept, gone, consultant) -> None:
    record = laid_together(kept, gone, consultant)
    pages = [
        reverse("register:choose_merge", args=[kept.pk]),
        reverse("register:merge", args=[record.pk]),
        reverse("register:undo_merge", args=[record.pk]),
    ]
    neighbour: User = user_as(Role.HEAD)
    assert {sign_in(neighbour).get(page).status_code for page in pages} == {404}
    assert {sign_in(firm_user(kept)).get(page).status_code for page in pages} == {403}


def test_a_neighbours_firm_cannot_be_the_other_one(as_consultant, kept) -> None:
    foreign = OrganisationFactory(cvr=None)
    assert as_consultant.get(preview(kept, foreign)).status_code == 404
    assert as_consultant.post(preview(kept, foreign), versions(kept, foreign)).status_code == 404
    assert Organisation.objects.filter(pk=foreign.pk).exists()


def test_what_a_neighbour_has_with_the_firm_is_not_counted(as_consultant, kept, gone) -> None:
    secret = ListingFactory(visibility="broker")
    MatchFactory(have=secret, taker=gone)
    html = as_consultant.get(preview(kept, gone)).content.decode()
    assert "Match</dt>" not in html


def test_it_is_separated_again(as_consultant, kept, gone, consultant) -> None:
    record = laid_together(kept, gone, consultant)
    page = as_consultant.get(record.get_absolute_url()).content.decode()
    assert reverse("register:undo_merge", args=[record.pk]) in page
    answer = as_consultant.post(
        reverse("register:undo_merge", args=[record.pk]), {"opened_version": record.version}, follow=True
    )
    assert "skilt ad igen" in answer.content.decode()
    assert Organisation.objects.filter(pk=record.gone_pk).exists()
    listed = as_consultant.get(reverse("register:merges")).content.decode()
    assert "skilt ad igen" in listed


def test_a_second_press_of_separate_is_told(as_consultant, kept, gone, consultant) -> None:
    record = laid_together(kept, gone, consultant)
    page, typed = reverse("register:undo_merge", args=[record.pk]), {"opened_version": record.version}
    as_consultant.post(page, typed)
    answer = as_consultant.post(page, typed, follow=True)
    assert "allerede fortrudt" in answer.content.decode()
