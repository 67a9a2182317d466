# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""What can go wrong with a tender, in plain Danish."""

from __future__ import annotations

from django.utils.translation import gettext as _

from brobygger.base.errors import UserError


class TooLate(UserError):
    """The deadline has passed, by the server's clock."""

    def __init__(self) -> None:
        super().__init__(_("Fristen er udløbet. Buddet er ikke modtaget."))


class TooLateToAsk(UserError):
    """Nobody can answer to all in time any more."""

    def __init__(self) -> None:
        super().__init__(_("Fristen er udløbet, så der kan ikke længere spørges."))


class AnswerFirst(UserError):
    """While there can be bid, a question is answered, not closed."""

    def __init__(self) -> None:
        super().__init__(_("Der kan stadig bydes. Svar på spørgsmålet i stedet."))


class NotOpenForBids(UserError):
    """Not published to this firm, or not yet."""

    def __init__(self) -> None:
        super().__init__(_("Der kan ikke bydes på opgaven."))


class Sealed(UserError):
    """Nobody reads a bid before two people have opened them after the deadline."""

    def __init__(self) -> None:
        super().__init__(_("Buddene er forseglede, til to personer har åbnet dem efter fristen."))


class SamePerson(UserError):
    """Two people are present."""

    def __init__(self) -> None:
        super().__init__(_("En anden end den, der begyndte åbningen, skal bekræfte den."))


class OpenedAlready(UserError):
    """It happens once."""

    def __init__(self) -> None:
        super().__init__(_("Buddene er allerede åbnet."))


class Partial(UserError):
    """Somebody of a firm that bids, or may bid, takes no part in the opening."""

    def __init__(self) -> None:
        super().__init__(_("Du er tilknyttet en virksomhed, der har budt, og kan ikke være med til at åbne."))


class BadDeadline(UserError):
    """A deadline that cannot be set."""


class MembersFirstNotAllowed(UserError):
    """Only below the threshold may members see a tender first."""

    def __init__(self) -> None:
        super().__init__(
            _("Kun opgaver under grænsen kan vises for medlemmer først. Skriv værdi og grænse i sagen.")
        )


class TextIsFixed(UserError):
    """After the deadline nothing that bids were made on is changed."""

    def __init__(self) -> None:
        super().__init__(_("Fristen er gået. Det, buddene er givet på, ligger fast."))


class NotPublished(UserError):
    """There is nothing published to change."""

    def __init__(self) -> None:
        super().__init__(_("Opgaven er ikke offentliggjort. Ret den i sagen."))


class PublishedAlready(UserError):
    """What bidders rely on is not changed under them, except by an extension that is told to all."""

    def __init__(self) -> None:
        super().__init__(_("Opgaven er offentliggjort. Fristen kan kun forlænges."))
