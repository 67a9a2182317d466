# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""More cases, and more in the one whose pages are opened: no page of the room asks more because of it."""

from __future__ import annotations

from typing import Any

from brobygger.accounts.models import Role
from brobygger.blueprints.services import adopt_shipped
from brobygger.cases.models import Case, CaseDocument
from brobygger.cases.services import contents, waiting
from brobygger.cases.services.moving import move
from tests.cases.made import day, fresh, opened
from tests.factories import OrganisationFactory, user_as


class Grows:
    """Cases of three types around the region's firm."""

    def __init__(self, region: Any) -> None:
        self.region, self.user = region, region.consultant
        for key in ("building_case", "grant_application", "symbiosis_plan"):
            adopt_shipped(region.operator, "case_type", key, user=None)
        self.case = opened(region.operator, organisation=region.firm, values={"amount": 10})
        self.party = contents.add_party(self.case, "spar", user=self.user, name="Sparring")
        self.duty = contents.set_duty(self.case, "report", title="Rapport", due_on=day(30))
        self.asked = waiting.pause(self.case, "applicant", user=self.user, text="Send et budget")
        self.note = contents.note(self.case, "Ringede", user=self.user)
        self.document = self._document("")

    def _document(self, kind: str) -> CaseDocument:
        return CaseDocument.objects.create(
            case=self.case, kind=kind, file="sager/findes-ikke.pdf", name="b.pdf", content_type="application/pdf", size=1,
            sha256="0" * 64, state=CaseDocument.State.QUARANTINE, for_applicant=True,
        )  # fmt: skip

    def grow(self, times: int) -> None:
        """More cases in all states, of other firms too, and more of everything in the first."""
        operator = self.region.operator
        for number in range(times):
            firm = self.region.firm if number % 2 else OrganisationFactory(operator=operator)
            officer = user_as(Role.CONSULTANT, operator)
            other = opened(operator, organisation=firm, values={"amount": 10}, officer=officer, on=day(-90))
            other = contents.tick(other, ["read"], user=self.user, expected=other.version)
            move(other, "complete", user=self.user, expected=other.version, on=day(-60), reason="Post")
            contents.note(self.case, "Ringede", user=user_as(Role.CONSULTANT, operator))
            contents.add_party(self.case, "group", user=self.user, party_user=user_as(Role.PARTNER, operator))
            contents.set_duty(
                self.case, f"more-{number}-{Case.objects.count()}", title="Mere", due_on=day(40)
            )
            waiting.pause(self.case, "authority", user=self.user)
            self._document("budget")

    def keys(self) -> dict[str, dict[str, Any]]:
        """Beginning of an address → what its arguments are."""
        known = {
            "pk": self.case.pk, "event": self.asked.pk, "party": self.party.pk, "duty": self.duty.pk, "way": "complete",
            "firm": self.region.firm.pk, "type_key": "trial", "role": "bank",
        }  # fmt: skip
        assert fresh(self.case).is_open
        return {
            "sager/": known,
            "sager/<int:pk>/notat/<int:event>": known | {"event": self.note.pk},
            "sager/dokument/": {"pk": self.document.pk},
            "sager/symbiose/har/": {"pk": self.region.have.pk},
            "sager/symbiose/match/": {"pk": self.region.match.pk},
        }
