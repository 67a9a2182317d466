# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Brobygger: the open platform for local business service and the local circular economy."""

__version__ = "0.1.0"
