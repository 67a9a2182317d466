# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""What the firms that sign in can read: a few talks with the brewery, and a plan shared with a firm that bids.

The brewery exists, so the talks tell no more of it than its listings do (see `data/actors.yaml`), and each says that it is
invented. It is not judged: the plan is an invented firm's.
"""

from __future__ import annotations

from collections.abc import Mapping

from brobygger.accounts.models import User
from brobygger.demo.actors import FIRM_OF_THE_FIRM_USER
from brobygger.demo.moments import day, then
from brobygger.dialogue.models import ActionPlan, Interaction
from brobygger.dialogue.services import action_plans, follow_ups, interactions
from brobygger.register.models import Organisation

Kind = Interaction.Kind
TALKS = (
    (Kind.VISIT, 214, "Rundt i bryggeriet. Der er mask hver uge, og den skal hentes inden for to døgn. Vi finder en gård i nærheden."),
    (Kind.CALL, 96, "Tappelinjen står stille to dage om ugen. De vil gerne låne den ud til naboer, når de selv er med første gang."),
    (Kind.MEETING, 33, "Om maltbyg fra marker i nærheden: 60 tons økologisk om året. Vi spørger landmændene inden såning."),
)  # fmt: skip
"""(how, days ago, what was said): open to the firm itself."""
NEXT = "Ring om maltbyg til næste sæson"
BIDS = "bydende1@demo.invalid"
GOAL = "Klar til at levere til kommunens køkkener"
STEPS = (("Få styr på dokumentationen til udbud", 20), ("Mød indkøberen på rådhuset", 40))


def tell(people: Mapping[str, User], made: Mapping[str, Organisation]) -> None:
    """All of it, once."""
    consultant = people["konsulent@demo.invalid"]
    _brewery(made[FIRM_OF_THE_FIRM_USER], consultant)
    firm = Organisation.objects.filter(affiliations__person__user__email=BIDS, invented=True).first()
    if firm is not None and not ActionPlan.objects.filter(organisation=firm).exists():
        _plan(firm, consultant)


def _brewery(brewery: Organisation, consultant: User) -> None:
    if Interaction.objects.filter(organisations=brewery).exists():
        return
    for kind, ago, text in TALKS:
        said = interactions.Note(
            kind=kind, on=day(ago), by=consultant, organisations=[brewery], text=text, private=False
        )
        with then(ago):
            interactions.write(said, user=consultant, invented=True)
    with then(TALKS[-1][1]):
        follow_ups.plan(brewery, due_on=day(-9), about=NEXT, assignee=consultant, user=consultant)


def _plan(firm: Organisation, consultant: User) -> None:
    steps = [action_plans.Step(about, day(-days), consultant) for about, days in STEPS]
    with then(18):
        plan = action_plans.make(firm, goal=GOAL, steps=steps, user=consultant, invented=True)
    with then(17):
        action_plans.share(plan, user=consultant, expected=plan.version)
