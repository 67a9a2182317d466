# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Pages of boards and the seats on them."""

from __future__ import annotations

from django.conf import settings
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from brobygger.accounts.access import STAFF, access
from brobygger.accounts.exporting import as_workbook
from brobygger.accounts.http import Request
from brobygger.base import calendar
from brobygger.base.asking import ask
from brobygger.boards.calendar_feed import entry
from brobygger.boards.forms.boards import BoardForm, NewSeatForm, SeatForm
from brobygger.boards.models import Board, Recommendation, Seat
from brobygger.boards.queries import pages
from brobygger.boards.services import boards as services
from brobygger.boards.views.common import MEMBERS, crumbs, form_page, is_office, one_board, one_seat


@access(MEMBERS)
def boards(request: Request) -> HttpResponse:
    """The boards that the person may see, with what waits in each."""
    context = {
        "heading": _("Råd"),
        "boards": pages.boards_of(request.user, request.operator),
        "office": request.user.is_staff_of(request.operator.pk),
        "late": pages.recommendations_of(request.user, request.operator, only_open=True)[:10],
        "today": timezone.localdate(),
    }
    return render(request, "boards/boards.html", context)


@access(MEMBERS)
def recommendations(request: Request) -> HttpResponse:
    """Every recommendation, or those that still wait; of one board (`raad`), or of all."""
    only_open, rows = _asked(request)
    page = Paginator(rows, settings.PAGE_SIZE).get_page(request.GET.get("side"))
    context = {
        "heading": _("Anbefalinger"),
        "crumbs": crumbs(None, (_("Anbefalinger"), None)),
        "page": page,
        "only_open": only_open,
        "boards": pages.boards_of(request.user, request.operator),
        "chosen": request.GET.get("raad", ""),
        "office": request.user.is_staff_of(request.operator.pk),
    }
    return render(request, "boards/recommendations.html", context)


def _asked(request: Request) -> tuple[bool, QuerySet[Recommendation]]:
    only_open, board = request.GET.get("vis") != "alle", request.GET.get("raad", "")
    key = int(board) if board.isdecimal() and len(board) < 15 else None
    return only_open, pages.recommendations_of(request.user, request.operator, only_open=only_open, board=key)


@access(STAFF)
def export_recommendations(request: Request) -> HttpResponse:
    """The same list as an Excel workbook, with the latest answer. Recorded in the audit trail."""
    _only_open, rows = _asked(request)
    return as_workbook(request, _("Anbefalinger"), "anbefalinger", pages.HEADINGS, pages.export_rows(rows))


@access(STAFF)
def new(request: Request) -> HttpResponse:
    """Set up a board."""
    form = BoardForm(request.POST or None)
    return form_page(
        request,
        form,
        lambda: services.found(request.operator, user=request.user, **form.values),
        heading=_("Nyt råd"),
        path=crumbs(None, (_("Nyt"), None)),
        back=reverse("boards:boards"),
        done=_("Rådet er oprettet. Sæt medlemmer på."),
    )


@access(MEMBERS)
def board(request: Request, pk: int) -> HttpResponse:
    """One board: members and terms, meetings, recommendations."""
    found = one_board(request, pk)
    context = {
        "heading": found.name,
        "crumbs": crumbs(found),
        "board": found,
        "page": pages.board_page(found),
        "office": is_office(request, found),
    }
    return render(request, "boards/board.html", context)


@access(MEMBERS)
def meetings(request: Request, pk: int) -> HttpResponse:
    """Every meeting of a board, the latest first."""
    found = one_board(request, pk)
    context = {
        "heading": _("Alle møder"),
        "crumbs": crumbs(found, (_("Alle møder"), None)),
        "board": found,
        "page": Paginator(pages.meetings_of(found), settings.PAGE_SIZE).get_page(request.GET.get("side")),
    }
    return render(request, "boards/meetings.html", context)


@access(STAFF)
def edit(request: Request, pk: int) -> HttpResponse:
    """Correct a board, or close it."""
    found = one_board(request, pk, office=True)
    form = BoardForm(request.POST or None, instance=found)
    name = Board.objects.get(pk=pk)
    return form_page(
        request,
        form,
        lambda: services.change(found, user=request.user, expected=form.expected_version, **form.values),
        heading=_("Ret rådet"),
        path=crumbs(name, (_("Ret"), None)),
        back=found.get_absolute_url(),
        done=_("Ændringerne er gemt."),
    )


@access(STAFF)
def delete(request: Request, pk: int) -> HttpResponse:
    """Delete a board that nothing has happened in."""
    found = one_board(request, pk, office=True)
    return ask(
        request, lambda: services.delete(found, user=request.user),
        heading=_("Slet rådet?"), crumbs=crumbs(found, (_("Slet"), None)), question=found.name,
        consequence=_("Et råd, der har holdt møder, kan ikke slettes: sæt en dato for, hvornår det er nedlagt."),
        yes=_("Ja, slet rådet"), back=found.get_absolute_url(), done=_("Rådet er slettet."), after=reverse("boards:boards"),
    )  # fmt: skip


@access(STAFF)
def new_seat(request: Request, pk: int) -> HttpResponse:
    """Give somebody a seat."""
    found = one_board(request, pk, office=True)
    first = {"starts_on": timezone.localdate()}
    form = NewSeatForm(request.POST or None, board=found, operator=found.operator, initial=first)
    return form_page(
        request,
        form,
        lambda: services.seat_somebody(
            found, known=form.chosen, name=form.cleaned_data["name"], email=form.cleaned_data["email"],
            user=request.user, **form.values,
        ),
        heading=_("Nyt medlem"),
        path=crumbs(found, (_("Nyt medlem"), None)),
        back=found.get_absolute_url(),
        done=_("Medlemmet er sat på."),
    )  # fmt: skip


@access(STAFF)
def seat(request: Request, pk: int) -> HttpResponse:
    """Correct a seat, or let its term end."""
    found = one_seat(request, pk)
    form = SeatForm(request.POST or None, instance=found, board=found.board, person=found.person)
    back = found.board.get_absolute_url()
    return form_page(
        request,
        form,
        lambda: _saved(
            services.change_seat(found, user=request.user, expected=form.expected_version, **form.values)
        ),
        heading=found.person.name,
        path=crumbs(found.board, (found.person.name, None)),
        back=back,
        done=_("Ændringerne er gemt."),
        lead=_("Skal pladsen slutte, så skriv den sidste dag i »til og med«."),
    )


def _saved(seat: Seat) -> Board:
    return seat.board


@access(STAFF)
def remove_seat(request: Request, pk: int) -> HttpResponse:
    """Take back a seat that was entered by mistake."""
    found = one_seat(request, pk)
    back = found.board.get_absolute_url()
    return ask(
        request, lambda: services.remove_seat(found, user=request.user),
        heading=_("Fjern pladsen?"), crumbs=crumbs(found.board, (_("Fjern"), None)), question=str(found),
        consequence=_("Har personen siddet i rådet, så sæt en slutdato i stedet: så kan det ses, hvem der sad hvornår."),
        yes=_("Ja, fjern den"), back=back, done=_("Pladsen er fjernet.")
    )  # fmt: skip


@access(MEMBERS)
def board_calendar(request: Request, pk: int) -> HttpResponse:
    """The board's meetings as a calendar file."""
    found = one_board(request, pk)
    meetings = found.meetings.select_related("board").order_by("starts_at")[: calendar.MOST]
    content = calendar.written(found.name, [entry(one) for one in meetings], host=request.get_host())
    response = HttpResponse(content, content_type=calendar.CONTENT_TYPE)
    response["Content-Disposition"] = f'attachment; filename="raad-{found.pk}.ics"'
    return response
