# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Consultants' own calendars: fetched, read for busy times, and our own entries written."""
