# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""How a plan for the whole network is asked for."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from brobygger.market.models import NetworkRun


class PlanForm(forms.Form):
    """What the plan should give most of, and how obvious each suggestion in it must be."""

    maal = forms.ChoiceField(label=_("Planen skal give mest"), choices=NetworkRun.Goal.choices)
    mindst = forms.ChoiceField(
        label=_("Hvert forslag er"),
        choices=[
            ("0.3", _("mindst muligt")),
            ("0.5", _("mindst oplagt")),
            ("0.1", _("også svagt")),
        ],
    )
