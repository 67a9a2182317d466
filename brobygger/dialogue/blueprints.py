# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""The kinds of definition that the dialogue runs on."""

from django.utils.translation import gettext_lazy as _

from brobygger.blueprints.kinds import kind
from brobygger.dialogue.funnels import Funnel
from brobygger.dialogue.instruments import Instrument

INSTRUMENT = kind("instrument", Instrument, label=_("Vurderingsredskab")).key
FUNNEL = kind("funnel", Funnel, label=_("Virksomhedstragt")).key
