# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Cases, who is party to them, what happened, votes, documents, payments and duties."""

from brobygger.cases.models.case import Case as Case
from brobygger.cases.models.case import CaseNumber as CaseNumber
from brobygger.cases.models.event import CaseEvent as CaseEvent
from brobygger.cases.models.limit import CaseLimit as CaseLimit
from brobygger.cases.models.parts import CaseDocument as CaseDocument
from brobygger.cases.models.parts import CaseDuty as CaseDuty
from brobygger.cases.models.parts import CaseParty as CaseParty
from brobygger.cases.models.parts import CasePayment as CasePayment
from brobygger.cases.models.vote import Asked as Asked
from brobygger.cases.models.vote import Vote as Vote
