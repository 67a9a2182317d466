# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Firms that the office has talked or written with, or assessed, have used it."""

from django.utils.translation import gettext_lazy as _

from brobygger.dialogue.models import Assessment, Interaction
from brobygger.register import usage

usage.use(
    "interaction",
    label=_("samtaler, breve og notater"),
    of=lambda operator: Interaction.organisations.through.objects.filter(
        interaction__operator=operator
    ).values("organisation_id"),
)
usage.use(
    "assessment",
    label=_("vurderinger"),
    of=lambda operator: Assessment.objects.filter(operator=operator).order_by().values("organisation_id"),
)
