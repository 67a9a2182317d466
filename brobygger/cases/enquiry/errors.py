# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""What can go wrong with an enquiry, in plain Danish."""

from __future__ import annotations

from django.utils.translation import gettext as _

from brobygger.base.errors import UserError


class NoIndustry(UserError):
    """Nothing to compute for."""

    def __init__(self) -> None:
        super().__init__(_("Vælg i sagen, hvilken branche det gælder."))


class UnknownIndustry(UserError):
    """Digits that begin no industry code."""

    def __init__(self, code: str) -> None:
        super().__init__(_("Ingen branchekode begynder med %(code)s.") % {"code": code})


class UnknownMunicipality(UserError):
    """A name that is no municipality that the office serves."""

    def __init__(self, name: str) -> None:
        super().__init__(_("»%(name)s« er ikke en kommune, som kontoret betjener.") % {"name": name})


class NotAnEnquiry(UserError):
    """A prospectus belongs to an enquiry."""

    def __init__(self) -> None:
        super().__init__(_("Et prospekt laves i en sag om en investorhenvendelse."))


class BadAddress(UserError):
    """Nowhere to send it."""

    def __init__(self) -> None:
        super().__init__(_("Skriv en e-mailadresse, prospektet kan sendes til."))


class OldFigures(UserError):
    """Only the newest version is sent."""

    def __init__(self) -> None:
        super().__init__(_("Der er lavet en nyere version. Send den i stedet."))
