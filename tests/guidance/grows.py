# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""More and more schemes, aid, partners and referrals, for the test that no page asks more the more there is."""

from __future__ import annotations

from typing import Any

from brobygger.guidance.models import Offer, Referral
from brobygger.guidance.services import aid, partners, referrals, schemes
from brobygger.guidance.services.answer_links import address_of
from tests.guidance import made


class Grows:
    """The firm's schemes, aid and referrals, and many more of each."""

    def __init__(self, region: Any) -> None:
        self.region = region
        self.scheme = made.scheme(region.operator, "foerste", criteria=[{"rule": "employees", "max": 9}])
        self.partner = made.partner(region.operator, region.consultant)
        self.aid = self.agreement = self.referral = None

    def grow(self, times: int) -> None:
        who, operator = self.region.consultant, self.region.operator
        for _ in range(times):
            more = made.scheme(operator, f"pulje{Offer.objects.count()}", de_minimis=True)
            other, partner = self.region.new_firm(), made.partner(operator, who)
            for firm in (self.region.firm, other):
                self.aid = made.aid(firm, who, scheme=more)
                schemes.mark(firm, more, "interested", user=who)
                self.referral = referrals.send(
                    operator, made.wish(organisation=firm, partner=partner), user=who
                )
                referrals.send(operator, made.wish(organisation=firm, partner=self.partner), user=who)
            aid.link(self.region.firm, other, basis="votes", user=who)
            for one in (self.partner, partner):
                terms = {
                    "text": "Vi henviser",
                    "starts_on": made.day(),
                    "ends_on": made.day(),
                    "mutual": True,
                }
                self.agreement = partners.add_agreement(one, user=who, **terms)
            Referral.objects.update(sent_on=made.day(-20))

    def keys(self) -> dict[str, dict[str, Any]]:
        assert self.aid
        assert self.agreement
        assert self.referral
        firm = {"organisation_pk": self.region.firm.pk}
        token = address_of(self.referral).split("/")[-2]
        return {
            "henvisning/svar/": {"token": token},
            "ordninger/virksomhed/": firm, "ordninger/": {"pk": self.scheme.pk, **firm},
            "de-minimis/virksomhed/": firm, "de-minimis/": {"pk": self.aid.pk}, "partnere/": {"pk": self.partner.pk},
            "partneraftale/": {"pk": self.agreement.pk}, "henvisninger/": {"pk": self.referral.pk},
        }  # fmt: skip
