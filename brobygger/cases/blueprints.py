# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""The kind of definition that cases run on."""

from django.utils.translation import gettext_lazy as _

from brobygger.blueprints.kinds import kind
from brobygger.cases.definition.case_type import CaseType

kind("case_type", CaseType, label=_("Sagstype"))
