# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Pages of meetings: plan, agenda, papers, attendance, minutes, PDF and calendar."""

from __future__ import annotations

from django.contrib import messages
from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from brobygger.accounts.access import STAFF, access
from brobygger.accounts.http import Request
from brobygger.base import calendar, pdf
from brobygger.base.asking import ask
from brobygger.base.danish import join
from brobygger.base.errors import UserError
from brobygger.base.form_pages import tell
from brobygger.base.versions import EditedMeanwhile
from brobygger.boards import documents, telling
from brobygger.boards.calendar_feed import entry
from brobygger.boards.errors import BadValues
from brobygger.boards.forms.meetings import (
    ItemForm,
    MeetingForm,
    PaperForm,
    RestoreForm,
    SummonForm,
    attendance_in,
)
from brobygger.boards.models import Meeting
from brobygger.boards.queries import pages
from brobygger.boards.services import meetings as services
from brobygger.boards.services import summons
from brobygger.boards.views.common import (
    MEMBERS,
    SHOWN_AS,
    crumbs,
    do,
    form_page,
    is_office,
    one_board,
    one_item,
    one_meeting,
    one_paper,
    opened_version,
)
from brobygger.dialogue.attachments import checked_attachment


@access(STAFF)
def new(request: Request, pk: int) -> HttpResponse:
    """Plan a meeting of a board."""
    board = one_board(request, pk, office=True)
    form = MeetingForm(request.POST or None)
    return form_page(
        request,
        form,
        lambda: services.plan(board, user=request.user, **form.values),
        heading=_("Nyt møde"),
        path=crumbs(board, (_("Nyt møde"), None)),
        back=board.get_absolute_url(),
        done=_("Mødet er planlagt. Skriv dagsordenen."),
    )


@access(MEMBERS)
def meeting(request: Request, pk: int) -> HttpResponse:
    """One meeting: agenda, papers, who came, minutes."""
    return _page(request, one_meeting(request, pk), None, None)


def _page(
    request: Request, found: Meeting, item_form: ItemForm | None, paper_form: PaperForm | None
) -> HttpResponse:
    context = {
        "heading": found.title or _("Møde i %(board)s") % {"board": found.board.name},
        "crumbs": crumbs(found.board, (str(_("Møde")), None)),
        "meeting": found,
        "page": pages.meeting_page(found),
        "summoned": pages.summoned(found),
        "may_summon": found.state == Meeting.State.PLANNED and found.ends_at > timezone.now(),
        "office": is_office(request, found.board),
        "item_form": item_form or ItemForm(prefix="punkt"),
        "paper_form": paper_form or PaperForm(meeting=found, prefix="bilag"),
    }
    return render(request, "boards/meeting.html", context)


@access(STAFF)
def edit(request: Request, pk: int) -> HttpResponse:
    """Move or rename a meeting."""
    found = one_meeting(request, pk, office=True)
    form = MeetingForm(request.POST or None, instance=found)
    return form_page(
        request,
        form,
        lambda: services.change(found, user=request.user, expected=form.expected_version, **form.values),
        heading=_("Ret mødet"),
        path=crumbs(found.board, (_("Møde"), found.get_absolute_url()), (_("Ret"), None)),
        back=found.get_absolute_url(),
        done=_("Ændringerne er gemt."),
        lead=_("De, der er indkaldt, får besked om et nyt tidspunkt eller sted.")
        if found.summons.exists()
        else "",
    )


@access(STAFF)
def summon(request: Request, pk: int) -> HttpResponse:
    """Who is summoned and with what, and then send it."""
    found = one_meeting(request, pk, office=True)
    form = SummonForm(request.POST or None, meeting=found)
    if request.method == "POST" and form.is_valid():
        try:
            sent = summons.send(found, user=request.user, **form.values)
        except BadValues as error:
            tell(form, error, SHOWN_AS)
        except EditedMeanwhile:
            messages.error(request, _("Mødet er ændret eller indkaldt imens. Se det igennem igen."))
            return redirect(found)
        except UserError as error:
            form.add_error(None, str(error))
        else:
            told = _("Indkaldelsen er sendt til %(who)s.") % {
                "who": join([one.seat.person.name for one in sent])
            }
            messages.success(request, told)
            return redirect(found)
    before = {row.seat_id: row for row in found.summons.all()}
    with_it, left = telling.papers_with(found)
    context = {
        "heading": _("Send indkaldelse"),
        "crumbs": crumbs(found.board, (_("Møde"), found.get_absolute_url()), (_("Indkaldelse"), None)),
        "meeting": found,
        "form": form,
        "receivers": [(one, before.get(one.seat.pk)) for one in telling.receivers(found)],
        "items": found.items.count(),
        "with_it": with_it,
        "left": left,
    }
    return render(request, "boards/summon.html", context)


@access(STAFF)
@require_POST
def cancel(request: Request, pk: int) -> HttpResponse:
    """It is called off."""
    found = one_meeting(request, pk, office=True)
    return do(
        request,
        lambda: services.cancel(found, user=request.user, expected=opened_version(request)),
        done=_("Mødet er aflyst. De, der er indkaldt, får besked.")
        if found.summons.exists()
        else _("Mødet er aflyst."),
        then=found.get_absolute_url(),
    )


@access(STAFF)
def restore(request: Request, pk: int) -> HttpResponse:
    """It takes place after all, after asking whoever is busy by now."""
    found = one_meeting(request, pk, office=True)
    if found.state != Meeting.State.CANCELLED:
        return redirect(found)
    form = RestoreForm(request.POST or None, initial={"opened_version": found.version})
    told = found.summons.exists()
    return form_page(
        request,
        form,
        lambda: services.restore(found, user=request.user, **form.values),
        heading=_("Holdes mødet alligevel?"),
        path=crumbs(found.board, (_("Møde"), found.get_absolute_url()), (_("Holdes alligevel"), None)),
        back=found.get_absolute_url(),
        done=_("Mødet holdes alligevel. De, der er indkaldt, får besked.")
        if told
        else _("Mødet holdes alligevel."),
        lead=telling.when_and_where(found),
        yes=_("Ja, mødet holdes"),
    )


@access(STAFF)
def delete(request: Request, pk: int) -> HttpResponse:
    """Delete a meeting that was planned by mistake."""
    found = one_meeting(request, pk, office=True)
    return ask(
        request, lambda: services.delete(found, user=request.user),
        heading=_("Slet mødet?"), crumbs=crumbs(found.board, (_("Møde"), found.get_absolute_url()), (_("Slet"), None)),
        question=str(found), consequence=_("Dagsorden og bilag slettes. Er mødet aflyst, så lad det stå som aflyst."),
        yes=_("Ja, slet mødet"), back=found.get_absolute_url(), done=_("Mødet er slettet."),
        after=found.board.get_absolute_url(),
    )  # fmt: skip


@access(STAFF)
@require_POST
def add_item(request: Request, pk: int) -> HttpResponse:
    """Put an item on the agenda."""
    found = one_meeting(request, pk, office=True)
    form = ItemForm(request.POST, prefix="punkt")
    if form.is_valid():
        try:
            services.add_item(found, user=request.user, **form.values)
        except BadValues as error:
            tell(form, error, SHOWN_AS)
        except UserError as error:
            form.add_error(None, str(error))
        else:
            return redirect(f"{found.get_absolute_url()}#dagsorden")
    return _page(request, found, form, None)


@access(STAFF)
def item(request: Request, pk: int) -> HttpResponse:
    """Correct an item, and write what was said and decided."""
    found = one_item(request, pk)
    form = ItemForm(request.POST or None, instance=found)
    back = found.meeting.get_absolute_url()
    return form_page(
        request,
        form,
        lambda: (
            services.change_item(
                found, user=request.user, expected=form.expected_version, **form.values
            ).meeting
        ),
        heading=_("Punkt %(number)s") % {"number": found.number},
        path=crumbs(found.meeting.board, (_("Møde"), back), (_("Punkt"), None)),
        back=back,
        done=_("Punktet er gemt."),
    )


@access(STAFF)
@require_POST
def move_item(request: Request, pk: int, way: str) -> HttpResponse:
    """Move an item one place up or down."""
    found = one_item(request, pk)
    return do(
        request,
        lambda: services.move_item(found, up=way == "op", user=request.user),
        done="",
        then=f"{found.meeting.get_absolute_url()}#dagsorden",
    )


@access(STAFF)
def remove_item(request: Request, pk: int) -> HttpResponse:
    """Take an item off the agenda, after asking."""
    found = one_item(request, pk)
    back = found.meeting.get_absolute_url()
    return ask(
        request, lambda: services.remove_item(found, user=request.user),
        heading=_("Fjern punktet?"), crumbs=crumbs(found.meeting.board, (_("Møde"), back), (_("Fjern"), None)),
        question=str(found), consequence=_("Punktets bilag bliver hos mødet."), yes=_("Ja, fjern punktet"), back=back,
        done=_("Punktet er fjernet.")
    )  # fmt: skip


@access(STAFF)
@require_POST
def add_paper(request: Request, pk: int) -> HttpResponse:
    """Attach a file to the meeting or one of its items."""
    found = one_meeting(request, pk, office=True)
    form = PaperForm(request.POST, request.FILES, meeting=found, prefix="bilag")
    if form.is_valid():
        try:
            checked = checked_attachment(form.cleaned_data["file"])
            services.add_paper(found, checked, item=form.cleaned_data["item"], user=request.user)
        except BadValues as error:
            tell(form, error, SHOWN_AS)
        except UserError as error:
            form.add_error("file", str(error))
        else:
            return redirect(found)
    return _page(request, found, None, form)


@access(MEMBERS)
def paper(request: Request, pk: int) -> FileResponse:
    """A paper as a download."""
    found = one_paper(request, pk)
    stored = str(found.file.name)
    if found.is_held_back or not default_storage.exists(stored):
        raise Http404
    return FileResponse(
        default_storage.open(stored), as_attachment=True, filename=found.name, content_type=found.content_type
    )


@access(STAFF)
def remove_paper(request: Request, pk: int) -> HttpResponse:
    """Delete a paper, after asking."""
    found = one_paper(request, pk, office=True)
    back = found.meeting.get_absolute_url()
    return ask(
        request, lambda: services.remove_paper(found, user=request.user),
        heading=_("Slet filen?"), crumbs=crumbs(found.meeting.board, (_("Møde"), back), (_("Slet fil"), None)),
        question=found.name, consequence=_("Filen kan ikke hentes tilbage. At den er slettet, står i revisionssporet."),
        yes=_("Ja, slet filen"), back=back, done=_("Filen er slettet.")
    )  # fmt: skip


@access(STAFF)
@require_POST
def attendance(request: Request, pk: int) -> HttpResponse:
    """Who came."""
    found = one_meeting(request, pk, office=True)
    return do(
        request,
        lambda: services.record_attendance(
            found, attendance_in(request.POST), user=request.user, expected=opened_version(request)
        ),
        done=_("Fremmødet er gemt."),
        then=found.get_absolute_url(),
    )


@access(STAFF)
def approve(request: Request, pk: int) -> HttpResponse:
    """The minutes are approved and no longer change."""
    found = one_meeting(request, pk, office=True)
    context_back = found.get_absolute_url()
    return ask(
        request, lambda: services.approve_minutes(found, user=request.user, expected=found.version),
        heading=_("Godkend referatet?"), crumbs=crumbs(found.board, (_("Møde"), context_back), (_("Godkend"), None)),
        question=str(found), consequence=_("Bagefter kan dagsorden, fremmøde, bilag og referat ikke ændres."),
        yes=_("Ja, referatet er godkendt"), harmless=True, back=context_back, done=_("Referatet er godkendt.")
    )  # fmt: skip


@access(MEMBERS)
def agenda_pdf(request: Request, pk: int) -> HttpResponse:
    """The agenda as a PDF."""
    found = one_meeting(request, pk)
    return _pdf(documents.agenda(found), f"dagsorden-{found.starts_at:%Y-%m-%d}.pdf")


@access(MEMBERS)
def minutes_pdf(request: Request, pk: int) -> HttpResponse:
    """The minutes as a PDF; not found before the meeting is held."""
    found = one_meeting(request, pk)
    if found.state != Meeting.State.HELD:
        raise Http404
    return _pdf(documents.minutes(found), f"referat-{found.starts_at:%Y-%m-%d}.pdf")


def _pdf(content: bytes, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=pdf.CONTENT_TYPE)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@access(MEMBERS)
def meeting_calendar(request: Request, pk: int) -> HttpResponse:
    """The meeting as a calendar file."""
    found = one_meeting(request, pk)
    content = calendar.written(found.board.name, [entry(found)], host=request.get_host())
    response = HttpResponse(content, content_type=calendar.CONTENT_TYPE)
    response["Content-Disposition"] = f'attachment; filename="moede-{found.pk}.ics"'
    return response
