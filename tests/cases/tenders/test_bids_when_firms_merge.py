# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Two firms that have both bid turn out to be one: its bids stand in the order they came, and nobody hears of them."""

from __future__ import annotations

from brobygger.cases.tenders.models import Bid
from brobygger.register.merging.preview import moving
from brobygger.register.services_merge import merge, undo
from tests.cases.tenders.made import published
from tests.factories import OrganisationFactory, firm_user


def test_the_bids_of_both_stand_in_the_order_they_came_and_go_back_again(operator, consultant) -> None:
    story = published(operator, consultant)
    twin = OrganisationFactory(operator=operator, name="Tangkokken", cvr=None)
    bids = [
        story.bid(),
        story.bid(organisation=twin, user=firm_user(twin)),
        story.bid(),
    ]
    assert "bud" not in [line.what for line in moving(twin)]
    record = merge(story.firm, twin, chosen={}, expected=(story.firm.version, twin.version), user=consultant)
    assert list(Bid.objects.order_by("number").values_list("pk", "organisation_id")) == [
        (bid.pk, story.firm.pk) for bid in bids
    ]
    assert [bid.number for bid in Bid.objects.order_by("number")] == [1, 2, 3]
    assert ["bud", 1] not in record.moved
    undo(record, expected=record.version, user=consultant)
    assert list(Bid.objects.order_by("pk").values_list("organisation_id", "number")) == [
        (story.firm.pk, 1), (record.gone_pk, 1), (story.firm.pk, 2),
    ]  # fmt: skip
