# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Errors that a person can be told."""


class UserError(Exception):
    """Something a person asked for cannot be done. The message is shown as it stands, in plain Danish."""


class IsItRight(UserError):
    """What was typed may be meant, but is asked about first. `answer`: the field of the form that says yes."""

    answer = "sure"
