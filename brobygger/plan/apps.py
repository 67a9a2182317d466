# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
from django.apps import AppConfig


class PlanConfig(AppConfig):
    name = "brobygger.plan"
    label = "plan"
    verbose_name = "Plan"
