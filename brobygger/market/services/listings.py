# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""What people do with listings: create, change, pause, take up again, close, and agree to be shown."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from brobygger.accounts import audit
from brobygger.accounts.models import User
from brobygger.base import mail, search
from brobygger.base.errors import IsItRight, UserError
from brobygger.base.versions import claim
from brobygger.market.models import Listing, Match
from brobygger.market.places import place_of
from brobygger.market.search import KIND
from brobygger.market.services import matching
from brobygger.market.services.deliveries import has_moved, weigh_again
from brobygger.market.services.listing_rules import faults, normal
from brobygger.register.models import Affiliation, Organisation
from brobygger.register.rights import acts_for_key

FIELDS = frozenset({
    "side", "kind", "resource_type", "text", "quantity", "unit", "period", "lot", "least_share", "starts_on", "ends_on",
    "postal_code", "establishment", "contact", "reach_km", "quality", "food_grade", "hazardous",
    "waste_code", "price_kind", "price", "visibility", "photo_alt", "area_m2", "equipment", "approvals",
    "opening_hours", "terms",
})  # fmt: skip
"""What a person may write on a listing. Everything else follows from them or from what is done with it."""
LONGEST_MESSAGE = 2000


class BadListing(UserError):
    """Values that cannot be stored. `faults`: field → what is wrong, in Danish."""

    def __init__(self, faults: Mapping[str, str]) -> None:
        self.faults = dict(faults)
        super().__init__(" ".join(self.faults.values()))


class NotYours(UserError):
    """The person may not act for this organisation."""

    def __init__(self) -> None:
        super().__init__(_("Du kan kun oprette og ændre for virksomheder, du handler for."))


class NotPossibleNow(UserError):
    """What was asked for does not fit the listing's present state."""


class WrittenAlready(IsItRight):
    """The organisation has the very same on offer, or seeks it: a button pressed twice, or two of a firm wrote it."""

    answer = "again"

    def __init__(self, earlier: Listing) -> None:
        super().__init__(
            _(
                "%(who)s har allerede skrevet »%(what)s«. Er det noget mere af det samme, så sæt kryds og gem igen."
            )
            % {"who": earlier.organisation, "what": earlier.title}
        )


class NeedsConsent(UserError):
    """A confidential listing is shown to others only when its owner has agreed."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "Den er fortrolig. Kun ejeren kan gøre den synlig for andre. Har ejeren sagt ja til dig, "
                "så brug »Ejeren har sagt ja til at blive vist«."
            )
        )


class NoMessage(UserError):
    """Interest without a word, or with too many."""


class NobodyToTell(UserError):
    """The office has no e-mail address."""


def may_act_for(user: User, organisation: Organisation) -> bool:
    """Consultants and heads of the organisation's office, and those whom the organisation lets act for it."""
    if user.is_staff_of(organisation.operator_id):
        return True
    return acts_for_key(user, organisation.pk)


def create_listing(
    *,
    organisation: Organisation,
    by: User | None,
    photo: ContentFile[bytes] | None = None,
    invented: bool = False,
    find_suggestions: bool = True,
    again: bool = True,
    **values: Any,
) -> Listing:
    """A new listing of the organisation, with its suggestions.

    `values` are `FIELDS`; those left out get the model's default. `by` is None for the system itself. `photo` comes
    from `photos.checked_photo`. A file of thousands sets `find_suggestions` to False and refreshes them all afterwards.
    Raises `NotYours`, `BadListing`, and unless `again` `WrittenAlready` where the same is there in the same words.
    """
    if by is not None and not may_act_for(by, organisation):
        raise NotYours
    listing = Listing(
        organisation=organisation, operator_id=organisation.operator_id, created_by=by, invented=invented
    )
    _write(listing, values)
    if photo is not None:
        listing.photo.save(photo.name or "", photo, save=False)
    with transaction.atomic():
        if not again:
            _ask_of_the_same(listing)
        _store(listing)
    if find_suggestions:
        matching.refresh_listing(listing)
    return listing


def change_listing(
    listing: Listing,
    *,
    by: User,
    expected_version: int,
    photo: ContentFile[bytes] | None = None,
    remove_photo: bool = False,
    **values: Any,
) -> Listing:
    """Store the changed `values` and find suggestions anew; what is not among them stays.

    Raises `EditedMeanwhile` when somebody saved after this person opened it, `NotYours`, `NotPossibleNow`,
    `NeedsConsent`, `BadListing`.
    """
    with transaction.atomic():
        stored = _mine(listing, by)
        claim(stored, expected_version)
        _check_change(stored, by, values)
        before, of_type = stored.photo.name, stored.resource_type
        _write(stored, values)
        if photo is not None:
            stored.photo.save(photo.name or "", photo, save=False)
        elif remove_photo:
            stored.photo, stored.photo_alt = "", ""
        _store(stored)
        if stored.resource_type != of_type:
            weigh_again(stored, by)
        if before and stored.photo.name != before:
            transaction.on_commit(lambda: default_storage.delete(before))
    matching.refresh_listing(stored)
    return stored


def _check_change(stored: Listing, by: User, values: Mapping[str, Any]) -> None:
    if stored.status == Listing.Status.WITHDRAWN:
        raise NotPossibleNow(_("Den er trukket tilbage og kan ikke ændres. Opret en ny i stedet."))
    if values.get("side", stored.side) != stored.side and _is_matched(stored):
        raise NotPossibleNow(
            _(
                "Den indgår i et match, så den kan ikke skifte mellem at have og at mangle. Opret en ny i stedet."
            )
        )
    office = by.is_staff_of(stored.operator_id)
    of_type = values.get("resource_type", stored.resource_type)
    if of_type != stored.resource_type and not office and has_moved(stored):
        raise NotPossibleNow(
            _(
                "Der er leveret under den, og det er talt op som det, den er. Er den forkert, så bed erhvervskontoret rette den."
            )
        )
    shown = values.get("visibility", Listing.Visibility.BROKER) != Listing.Visibility.BROKER
    if stored.is_confidential and shown and not is_owner(by, stored):
        raise NeedsConsent


def _is_matched(listing: Listing) -> bool:
    return Match.objects.filter(Q(have=listing) | Q(need=listing)).exists()


def pause(listing: Listing, by: User) -> Listing:
    """Take it out of lists and matching for a while. Raises `NotYours`, `NotPossibleNow`."""
    return _move(listing, by, Listing.Status.PAUSED, {Listing.Status.ACTIVE})


def resume(listing: Listing, by: User) -> Listing:
    """Take a paused or fulfilled one up again. Raises `NotYours`, `NotPossibleNow`."""
    return _move(listing, by, Listing.Status.ACTIVE, {Listing.Status.PAUSED, Listing.Status.FULFILLED})


def fulfil(listing: Listing, by: User) -> Listing:
    """It has found its taker or giver. Raises `NotYours`, `NotPossibleNow`."""
    return _move(listing, by, Listing.Status.FULFILLED, {Listing.Status.ACTIVE, Listing.Status.PAUSED})


def withdraw(listing: Listing, by: User) -> Listing:
    """Close it for good; it stays in the history. Raises `NotYours`, `NotPossibleNow`."""
    still_there = {Listing.Status.ACTIVE, Listing.Status.PAUSED, Listing.Status.FULFILLED}
    return _move(listing, by, Listing.Status.WITHDRAWN, still_there)


def agree_to_be_shown(listing: Listing, *, by: User, visibility: str, said_by: str = "") -> Listing:
    """The owner of a confidential listing lets others see it. Recorded in the history and the audit trail.

    A consultant who does it for the owner must say who said yes, and how (`said_by`). Raises `NotYours`,
    `NotPossibleNow`, `BadListing`.
    """
    said_by = " ".join(said_by.split())[:200]
    with transaction.atomic():
        stored = _mine(listing, by)
        owner = is_owner(by, stored)
        if not stored.is_confidential:
            raise NotPossibleNow(_("Den er ikke fortrolig."))
        if visibility not in {Listing.Visibility.OPEN, Listing.Visibility.MEMBERS}:
            raise BadListing({"visibility": _("Vælg, hvem der må se den.")})
        if not owner and not said_by:
            raise BadListing({"said_by": _("Skriv, hvem der har sagt ja, og hvordan.")})
        claim(stored, stored.version)
        stored.visibility = visibility
        _store(stored)
        audit.record(
            "listing.agreed_to_be_shown",
            user=by,
            operator=stored.operator,
            about=stored.organisation.name,
            visibility=visibility,
            said_by=str(by) if owner else said_by,
        )
    matching.refresh_listing(stored)
    return stored


@transaction.atomic
def show_interest(listing: Listing, *, by: User, message: str) -> None:
    """Tell the office that somebody is interested; the office brings the two together.

    Raises `NoMessage`, `NobodyToTell`.
    """
    text = message.strip()
    if not text or len(text) > LONGEST_MESSAGE:
        raise NoMessage(_("Skriv en besked på højst %(most)s tegn.") % {"most": LONGEST_MESSAGE})
    if not listing.operator.email:
        raise NobodyToTell(_("Kontoret har ikke opgivet en e-mailadresse. Ring til dem i stedet."))
    mail.write(
        to=[listing.operator.email],
        subject=_("Interesse for: %(title)s") % {"title": listing.title},
        body=_("%(name)s (%(email)s) skriver om »%(title)s« fra %(owner)s:\n\n%(message)s\n\n%(link)s\n")
        % {
            "name": by.name,
            "email": by.email,
            "title": listing.title,
            "owner": listing.organisation.name,
            "message": text,
            "link": settings.SITE_URL + listing.get_absolute_url(),
        },
        operator=listing.operator,
        user=by,
        reply_to=by.email,
    )


def _write(listing: Listing, values: Mapping[str, Any]) -> None:
    unknown = set(values) - FIELDS
    if unknown:
        raise TypeError(f"not fields of a listing: {', '.join(sorted(unknown))}")
    whole = normal({name: getattr(listing, name) for name in FIELDS} | dict(values))
    wrong = faults(whole) | _belonging(listing.organisation, whole)
    if wrong:
        raise BadListing(wrong)
    place = place_of(listing.organisation, whole["establishment"], whole["postal_code"])
    for name, value in whole.items():
        setattr(listing, name, value)
    listing.postal_code = place.postal_code
    listing.x, listing.y = place.x, place.y
    listing.latitude, listing.longitude = place.latitude, place.longitude


@transaction.atomic
def _ask_of_the_same(listing: Listing) -> None:
    """Raises `WrittenAlready`. Of two at once the second waits for the first, and sees it."""
    list(Organisation.objects.select_for_update(no_key=True).filter(pk=listing.organisation_id))
    same = {
        name: getattr(listing, name)
        for name in ("side", "kind", "resource_type", "text", "quantity", "unit", "period")
    }
    earlier = Listing.objects.current().filter(organisation=listing.organisation, **same)
    if found := earlier.select_related("organisation").first():
        raise WrittenAlready(found)


def _store(listing: Listing) -> None:
    """Save, and in the same transaction make it found by its words."""
    listing.save()
    search.index(KIND, [listing])


def _belonging(organisation: Organisation, values: Mapping[str, Any]) -> dict[str, str]:
    found, establishment, contact = {}, values["establishment"], values["contact"]
    if establishment is not None and establishment.organisation_id != organisation.pk:
        found["establishment"] = _("Stedet hører til en anden virksomhed.")
    if (
        contact is not None
        and not Affiliation.objects.filter(organisation=organisation, person=contact, ended_on=None).exists()
    ):
        found["contact"] = _("Kontaktpersonen er ikke knyttet til virksomheden.")
    return found


def _mine(listing: Listing, by: User) -> Listing:
    """The stored listing, locked, if the person may change it."""
    stored = (
        Listing.objects.select_for_update(of=("self",), no_key=True)
        .select_related("organisation", "operator")
        .get(pk=listing.pk)
    )
    if not may_act_for(by, stored.organisation):
        raise NotYours
    return stored


def is_owner(user: User, listing: Listing) -> bool:
    """Whether the person acts for the organisation itself (not merely for its office)."""
    return acts_for_key(user, listing.organisation_id)


def _move(listing: Listing, by: User, to: str, allowed_from: set[Listing.Status]) -> Listing:
    with transaction.atomic():
        stored = _mine(listing, by)
        if stored.status not in allowed_from:
            raise NotPossibleNow(
                _("Det kan ikke lade sig gøre nu: den er allerede »%(status)s«.")
                % {"status": stored.get_status_display()}
            )
        claim(stored, stored.version)
        stored.status = to
        _store(stored)
    matching.refresh_listing(stored)
    return stored
