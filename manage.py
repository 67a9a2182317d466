#!/usr/bin/env python
# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Django's own commands; people who operate the product use `brobygger`."""

import os
import sys

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "brobygger.config.settings")
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)
