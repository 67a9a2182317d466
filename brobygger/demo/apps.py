# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
from django.apps import AppConfig


class DemoConfig(AppConfig):
    name = "brobygger.demo"
    label = "demo"
    verbose_name = "Demokommune"
