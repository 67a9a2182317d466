# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""What firms are told of, what aid they have had, and whom they were referred to. Schemes are definitions."""

from brobygger.guidance.models.aid import Aid as Aid
from brobygger.guidance.models.aid import Undertaking as Undertaking
from brobygger.guidance.models.aid import UndertakingMember as UndertakingMember
from brobygger.guidance.models.offer import Offer as Offer
from brobygger.guidance.models.partner import Partner as Partner
from brobygger.guidance.models.partner import PartnerAgreement as PartnerAgreement
from brobygger.guidance.models.referral import Referral as Referral
