# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
from django.apps import AppConfig


class RegisterConfig(AppConfig):
    name = "brobygger.register"
    label = "register"
    verbose_name = "Register"
