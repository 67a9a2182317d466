# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Whom the office writes to and why it may, what it wrote, the letters to new firms, and the talks that firms book."""

from brobygger.outreach.models.booking import BookingException as BookingException
from brobygger.outreach.models.booking import BookingLink as BookingLink
from brobygger.outreach.models.booking import BookingProfile as BookingProfile
from brobygger.outreach.models.booking import BookingRule as BookingRule
from brobygger.outreach.models.booking import BusyTime as BusyTime
from brobygger.outreach.models.bounce import Bounce as Bounce
from brobygger.outreach.models.bounce import MailAddress as MailAddress
from brobygger.outreach.models.consent import Consent as Consent
from brobygger.outreach.models.consent import Interest as Interest
from brobygger.outreach.models.consent import Purpose as Purpose
from brobygger.outreach.models.mailing import Mailing as Mailing
from brobygger.outreach.models.mailing import Recipient as Recipient
from brobygger.outreach.models.mailing import Segment as Segment
from brobygger.outreach.models.talk import Feedback as Feedback
from brobygger.outreach.models.talk import Talk as Talk
from brobygger.outreach.models.welcome import PostFile as PostFile
from brobygger.outreach.models.welcome import Welcome as Welcome
from brobygger.outreach.models.welcome import WelcomeRound as WelcomeRound
