# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""What can go wrong in the register, told in plain Danish."""

from __future__ import annotations

from django.utils.translation import gettext as _

from brobygger.base.errors import UserError


class NotAllowed(UserError):
    """The person may see the organisation but not do this to it."""

    def __init__(self) -> None:
        super().__init__(_("Det har du ikke lov til. Spørg jeres erhvervskontor."))


class CvrTaken(UserError):
    """Another organisation of the operator has the CVR number. `pk` is its primary key."""

    def __init__(self, name: str, pk: int) -> None:
        self.pk = pk
        super().__init__(_("CVR-nummeret hører allerede til %(name)s.") % {"name": name})


class PNumberTaken(UserError):
    """Another place of work of the operator has the P-number."""

    def __init__(self, name: str) -> None:
        super().__init__(_("P-nummeret hører allerede til %(name)s.") % {"name": name})


class DatesReversed(UserError):
    """An end before its beginning."""

    def __init__(self) -> None:
        super().__init__(_("Slutdatoen ligger før startdatoen."))


class AlreadyDissolved(UserError):
    """The organisation has already ceased."""

    def __init__(self) -> None:
        super().__init__(_("Virksomheden er allerede registreret som ophørt."))


class NotDissolved(UserError):
    """The organisation is active."""

    def __init__(self) -> None:
        super().__init__(_("Virksomheden er ikke ophørt."))


class AlreadyAffiliated(UserError):
    """The person already has a role in the organisation."""

    def __init__(self, name: str) -> None:
        super().__init__(_("%(name)s er allerede knyttet til virksomheden.") % {"name": name})


class KnownElsewhere(UserError):
    """A firm may not change a person who is also known from another organisation."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "Personen er også knyttet til en anden virksomhed. Bed erhvervskontoret om at rette oplysningerne."
            )
        )


class TooManyToExport(UserError):
    """The export would be too large to make while somebody waits."""

    def __init__(self, found: str, most: str) -> None:
        super().__init__(
            _(
                "Udtrækket er på %(found)s virksomheder. Vælg færre med filtrene; der kan være højst %(most)s i ét regneark."
            )
            % {"found": found, "most": most}
        )


class MergeRefused(UserError):
    """The two organisations cannot be laid together, and why."""


class UndoRefused(UserError):
    """The merge can no longer be undone, and why."""
