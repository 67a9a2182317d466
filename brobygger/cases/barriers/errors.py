# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""What can go wrong with a list of customers, in plain Danish."""

from __future__ import annotations

from django.utils.translation import gettext as _

from brobygger.base.errors import UserError


class NotInProgramme(UserError):
    """Lists and course days belong to a firm in the programme."""

    def __init__(self) -> None:
        super().__init__(_("Sagen er ikke et barriereprogram for en virksomhed i registret."))


class ListedAlready(UserError):
    """A firm stands on a list once."""

    def __init__(self) -> None:
        super().__init__(_("Virksomheden står allerede på listen."))


class NotACustomer(UserError):
    """A firm sells nothing to itself, and the list holds firms of the office's register."""

    def __init__(self) -> None:
        super().__init__(_("Vælg en anden virksomhed i jeres register."))


class NotedAlready(UserError):
    """A day is a course day once."""

    def __init__(self) -> None:
        super().__init__(_("Dagen er allerede skrevet ind."))
