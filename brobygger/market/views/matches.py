# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Pages of matches: the list, one match, and the steps of its life."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from brobygger.accounts.access import SIGNED_IN, STAFF, access
from brobygger.accounts.exporting import as_workbook
from brobygger.accounts.http import Request
from brobygger.base import panels
from brobygger.base.form_pages import form_page
from brobygger.market.forms.matches import (
    EndForm,
    FallThroughForm,
    FirmNoteForm,
    FollowUpForm,
    MatchFilter,
    MoveForm,
    NoteForm,
    OpenedForm,
    OwnerAgreedForm,
)
from brobygger.market.forms.who import may_write
from brobygger.market.match_sheet import match_sheet
from brobygger.market.models import Match
from brobygger.market.queries.match_page import page_of
from brobygger.market.queries.matches import PATIENCE, in_order, matches_for
from brobygger.market.queries.suggestions import MOST_COUNTED, ShortPaginator
from brobygger.market.services import matches as service
from brobygger.market.views.match_pages import act, crumbs, match_url, office_match, seen_match

PAGE = 25
DONE = {
    Match.Stage.INTRODUCED: gettext_lazy("Noteret: de er sat i forbindelse."),
    Match.Stage.DIALOGUE: gettext_lazy("Noteret: dialogen er i gang."),
    Match.Stage.RUNNING: gettext_lazy("Noteret: udvekslingen er i gang."),
    Match.Stage.CHOSEN: gettext_lazy("Matchet er taget op igen."),
}


def _filtered(request: Request) -> MatchFilter:
    found = matches_for(request.user, request.operator, request.roles).order_by("-stage_at", "pk")
    return MatchFilter(request.GET, found, request=request, office=bool(request.roles & STAFF))


@access(SIGNED_IN)
def matches(request: Request) -> HttpResponse:
    """The list of matches."""
    chosen = _filtered(request)
    page = ShortPaginator(chosen.qs.values_list("pk", flat=True), PAGE).get_page(request.GET.get("side"))
    page.object_list = in_order(chosen.qs, list(page.object_list))
    now = timezone.now()
    for match in page:
        match.stands_still = (now - match.stage_at).days > PATIENCE.get(match.stage, 10**6)
    context = {
        "heading": _("Match"),
        "page": page,
        "most_counted": MOST_COUNTED,
        "filter": chosen,
        "may_write": bool(page.object_list) or may_write(request.user, request.operator),
        "narrowed": any(value for name, value in request.GET.items() if name != "side"),
    }
    return render(request, "market/match_list.html", context)


@access(SIGNED_IN)
def export(request: Request) -> HttpResponse:
    """The matches of the list as an Excel file."""
    office = bool(request.roles & STAFF)
    return as_workbook(request, _("Match"), "match", *match_sheet(_filtered(request).qs, office=office))


@access(SIGNED_IN)
def match(request: Request, pk: UUID) -> HttpResponse:
    """One match: where it stands, what to do next, what was agreed, what moved, and all that happened."""
    found = seen_match(request, pk)
    office = service.is_office(request.user, found)
    version = {"opened_version": found.version}
    page = page_of(found, office=office)
    ran = found.stage == Match.Stage.RUNNING  # then the question is how it ended
    context: dict[str, Any] = {
        "heading": str(found),
        "crumbs": [(_("Match"), reverse("market:matches")), (str(found), None)],
        "match": found,
        "page": page,
        "may_change": [row.pk for row in page.deliveries if office or row.reported_by_id == request.user.pk],
        "office": office,
        "own_side": service.acts_for(request.user, found),
        "panels": panels.render("market.match", request, found),
        "opened": OpenedForm(initial=version, auto_id=False),
        "note_form": NoteForm(prefix="note") if office else FirmNoteForm(prefix="note"),
        "follow_up_form": FollowUpForm(
            initial={"on": found.follow_up_on, "about": found.follow_up_about, **version}, prefix="naeste"
        ),
        "may_give_up": found.stage in service.FIRM_MAY_GIVE_UP
        or (office and not ran and Match.Stage.FELL_THROUGH in service.NEXT[found.stage]),
    }
    return render(request, "market/match.html", context)


@access(SIGNED_IN)
@require_POST
def move(request: Request, pk: UUID) -> HttpResponse:
    """A button moved the match on."""
    found = seen_match(request, pk)
    form = MoveForm(request.POST)

    def do() -> None:
        service.move(
            found, form.cleaned_data["to"], request.user, form.expected_version, form.cleaned_data["text"]
        )

    return act(request, found, form, do, str(DONE.get(request.POST.get("to", ""), _("Gemt."))))  # type: ignore[call-overload]


@access(SIGNED_IN)
def fell_through(request: Request, pk: UUID) -> HttpResponse:
    """Ask why, and note that the match came to nothing."""
    found = seen_match(request, pk)
    office = service.is_office(request.user, found)
    form = FallThroughForm(request.POST or None, initial={"opened_version": found.version}, office=office)
    heading = _("Det blev ikke til noget")
    return form_page(
        request,
        form,
        lambda: service.fall_through(
            found, form.cleaned_data["reason"], form.cleaned_data["note"], request.user, form.expected_version
        ),
        template="market/match_form.html",
        back=match_url(found),
        done=_("Noteret. De to bliver ikke foreslået for hinanden igen af samme grund."),
        heading=heading,
        crumbs=crumbs(found, heading),
        lead=_("Begrundelsen huskes, så de to ikke foreslås for hinanden igen, så længe den gælder."),
        yes=_("Gem, at det ikke blev til noget"),
        match=found,
    )


@access(STAFF)
def end(request: Request, pk: UUID) -> HttpResponse:
    """Ask how it ended, as planned or before its time, and note it."""
    found = office_match(request, pk)
    form = EndForm(request.POST or None, initial={"opened_version": found.version})
    heading = _("Afslut matchet")

    def save() -> None:
        typed, version = form.cleaned_data, form.expected_version
        if typed["how"] == EndForm.PLANNED:
            service.move(found, Match.Stage.ENDED, request.user, version, typed["note"])
        else:
            service.fall_through(found, typed["reason"], typed["note"], request.user, version)

    return form_page(
        request,
        form,
        save,
        template="market/match_form.html",
        back=match_url(found),
        done=_("Noteret: matchet er afsluttet."),
        heading=heading,
        crumbs=crumbs(found, heading),
        lead=_(
            "Holdt det op før tid, huskes begrundelsen, så de to ikke foreslås for hinanden igen, så længe den gælder."
        ),
        yes=_("Afslut"),
        match=found,
    )


@access(SIGNED_IN)
@require_POST
def note(request: Request, pk: UUID) -> HttpResponse:
    """Write on the timeline."""
    found = seen_match(request, pk)
    office = service.is_office(request.user, found)
    form = NoteForm(request.POST, prefix="note") if office else FirmNoteForm(request.POST, prefix="note")

    def do() -> None:
        private = office and not form.cleaned_data.get("shared")
        service.write_note(found, form.cleaned_data["text"], request.user, private=private)

    if form.is_valid():
        return act(request, found, form, do, _("Noten er gemt."))
    heading = _("Skriv en note")
    context = {"form": form, "back": match_url(found), "heading": heading, "crumbs": crumbs(found, heading)}
    return render(request, "market/match_form.html", context)


@access(STAFF)
def follow_up(request: Request, pk: UUID) -> HttpResponse:
    """Set, move or clear the next follow-up."""
    found = office_match(request, pk)
    initial = {"on": found.follow_up_on, "about": found.follow_up_about, "opened_version": found.version}
    form = FollowUpForm(request.POST or None, initial=initial, prefix="naeste")
    heading = _("Næste opfølgning")
    return form_page(
        request,
        form,
        lambda: service.plan_follow_up(
            found, form.cleaned_data["on"], form.cleaned_data["about"], request.user, form.expected_version
        ),
        template="market/match_form.html",
        back=match_url(found),
        done=_("Opfølgningen er gemt."),
        heading=heading,
        crumbs=crumbs(found, heading),
    )


@access(STAFF)
@require_POST
def take_over(request: Request, pk: UUID) -> HttpResponse:
    """The person becomes the match's consultant."""
    found = office_match(request, pk)
    form = OpenedForm(request.POST)
    return act(
        request,
        found,
        form,
        lambda: service.take_over(found, request.user, form.expected_version),
        _("Matchet er dit nu."),
    )


@access(STAFF)
def owner_agreed(request: Request, pk: UUID, side: str) -> HttpResponse:
    """Note that the owner of a confidential listing agreed to be shown to the other party."""
    found = office_match(request, pk)
    if side not in service.sides_to_ask(found):
        messages.info(request, _("Den side er ikke fortrolig, eller ejeren har allerede sagt ja."))
        return redirect(match_url(found))
    owner = found.giver if side == "have" else found.taker
    other = found.taker if side == "have" else found.giver
    form = OwnerAgreedForm(request.POST or None, initial={"opened_version": found.version})
    heading = _("%(owner)s har sagt ja") % {"owner": owner}
    return form_page(
        request,
        form,
        lambda: service.owner_agreed(
            found, side, form.cleaned_data["who"], request.user, form.expected_version
        ),
        template="market/match_form.html",
        back=match_url(found),
        done=_("Noteret. Nu kan du skrive introduktionen."),
        heading=heading,
        crumbs=crumbs(found, heading),
        lead=_("%(owner)s bliver vist for %(other)s, når introduktionen sendes. Spørg altid først.")
        % {"owner": owner, "other": other},
        yes=_("Ejeren har sagt ja"),
    )
