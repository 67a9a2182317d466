# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""What the office and the firms have said to each other, how the office judges them, and what comes next."""

from brobygger.dialogue.models.assessment import ActionPlan as ActionPlan
from brobygger.dialogue.models.assessment import ActionStep as ActionStep
from brobygger.dialogue.models.assessment import Assessment as Assessment
from brobygger.dialogue.models.follow_up import FollowUp as FollowUp
from brobygger.dialogue.models.handing_over import HandOver as HandOver
from brobygger.dialogue.models.interaction import Attachment as Attachment
from brobygger.dialogue.models.interaction import Interaction as Interaction
from brobygger.dialogue.models.mail import InboundAddress as InboundAddress
from brobygger.dialogue.models.mail import MailFile as MailFile
from brobygger.dialogue.models.mail import ReceivedMail as ReceivedMail
from brobygger.dialogue.models.portfolio import FunnelPlace as FunnelPlace
from brobygger.dialogue.models.portfolio import FunnelStep as FunnelStep
from brobygger.dialogue.models.portfolio import OutreachSettings as OutreachSettings
from brobygger.dialogue.models.portfolio import PlannedVisit as PlannedVisit
from brobygger.dialogue.models.portfolio import PortfolioFirm as PortfolioFirm
from brobygger.dialogue.models.portfolio import VisitCapacity as VisitCapacity
