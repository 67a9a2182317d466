# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "brobygger.portal"
    label = "portal"
    verbose_name = "Portal"
