# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Pages of new firms and the letters to them."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.core.files.storage import default_storage
from django.http import FileResponse, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from brobygger.accounts import audit
from brobygger.accounts.access import STAFF, access
from brobygger.accounts.exporting import as_workbook
from brobygger.accounts.http import Request
from brobygger.accounts.models import Operator, Role
from brobygger.base.errors import UserError
from brobygger.blueprints import services as blueprints
from brobygger.knowledge.industries import industry_title
from brobygger.outreach.blueprints import LETTER
from brobygger.outreach.lacking import Lack, at_firms
from brobygger.outreach.letters_pdf import merged
from brobygger.outreach.models import PostFile, WelcomeRound
from brobygger.outreach.quarters import Quarter, quarter_of, read_quarter
from brobygger.outreach.queries import new_firms as queries
from brobygger.outreach.services import post_files
from brobygger.outreach.services import welcome as services
from brobygger.outreach.views.common import crumbs, own_firm, page_of

MOST_ROUNDS = 8
MOST_PREVIEWED = 100
WHY_NOT = {
    services.NO_ADDRESS: gettext_lazy("virksomheden har ingen e-mailadresse"),
    services.DEAD: gettext_lazy("mails til adressen kommer retur"),
    services.PROTECTED: gettext_lazy("den er reklamebeskyttet og har ikke sagt ja"),
    services.WITHDRAWN: gettext_lazy("den har trukket sit samtykke tilbage"),
    services.NO_CONSENT: gettext_lazy("den har ikke sagt ja til mails fra jer"),
}


def _asked(request: Request) -> Quarter:
    """The quarter in the address, else the last whole one."""
    typed = read_quarter(request.GET.get("kvartal", "") or request.POST.get("kvartal", ""))
    return typed or quarter_of(timezone.localdate()).previous


@access(STAFF)
def new_firms(request: Request) -> HttpResponse:
    """The quarter's new firms, and who has got the letter."""
    quarter = _asked(request)
    definition = queries.letter_of(request.operator)
    firms, lack = queries.firms(request.operator, quarter), _lack(request, quarter)
    if lack:
        firms = firms.filter(pk__in=[firm.pk for firm in lack.firms])
    page = page_of(request, queries.as_listed(firms, quarter))
    waiting = queries.without_letter(request.operator, quarter).order_by().values("pk")
    context: dict[str, Any] = {
        "heading": _("Nye virksomheder"),
        "crumbs": crumbs((_("Nye virksomheder"), None)),
        "here": "new_firms",
        "quarter": quarter,
        "is_over": quarter.last_day < timezone.localdate(),
        "definition": definition,
        "may_adopt": bool({Role.HEAD, Role.ADMIN} & request.roles),
        "page": page,
        "lack": lack,
        "lines": [
            {
                "firm": firm,
                "industry": industry_title(firm.industry) if firm.industry else "",
                "moved_in": firm.founded_on is None or firm.founded_on < quarter.first_day,
            }
            for firm in page.object_list
        ],
        "waiting": waiting[: queries.MOST_COUNTED].count(),
        "is_municipality": request.operator.kind == Operator.Kind.MUNICIPALITY,
        "rounds": [(one, Quarter(one.first_day)) for one in queries.rounds(request.operator)[:MOST_ROUNDS]],
    }
    return render(request, "outreach/new_firms.html", context)


@access(STAFF)
def export(request: Request) -> HttpResponse:
    """The quarter's new firms as an Excel workbook. Recorded in the audit trail."""
    quarter = _asked(request)
    rows = queries.as_listed(queries.firms(request.operator, quarter), quarter)
    return as_workbook(
        request, _("Nye virksomheder"), f"nye-virksomheder-{quarter.key}", queries.HEADINGS, queries.export_rows(rows)
    )  # fmt: skip


def _lack(request: Request, quarter: Quarter) -> Lack | None:
    """What the list is narrowed to (`mangler`): the firms without letter that lack it."""
    asked = request.GET.get("mangler", "")
    if not asked or queries.letter_of(request.operator) is None:
        return None
    lacks = services.lacks(request.operator, quarter, user=request.user)
    return at_firms(lacks, asked)


@access(STAFF)
@require_POST
def adopt_letter(request: Request) -> HttpResponse:
    """Take the delivered welcome letter into use."""
    try:
        blueprints.adopt_shipped(request.operator, LETTER, queries.SERIES, user=request.user)
    except UserError as error:
        messages.error(request, str(error))
    else:
        messages.success(
            request, _("Brevet er taget i brug. Læs det igennem, og skriv jeres egne navne under.")
        )
    return redirect("outreach:new_firms")


@access(STAFF)
def preview(request: Request) -> HttpResponse:
    """One firm's letter as it would be, what is missing in it, who signs, and the button that makes them all."""
    quarter = _asked(request)
    waiting = queries.without_letter(request.operator, quarter).order_by("sort_name", "pk")
    firms = list(waiting.only("pk", "name")[:MOST_PREVIEWED])
    definition = queries.letter_of(request.operator)
    if not firms or definition is None:
        return redirect(f"{reverse('outreach:new_firms')}?kvartal={quarter.key}")
    asked = request.GET.get("virksomhed", "")
    chosen = next((firm for firm in firms if str(firm.pk) == asked), firms[0])
    firm = waiting.select_related("operator").get(pk=chosen.pk)
    before = queries.rounds(request.operator).exclude(signed_by="").first()
    context: dict[str, Any] = {
        "heading": _("Se brevet, før det bliver lavet"),
        "crumbs": crumbs(
            (_("Nye virksomheder"), f"{reverse('outreach:new_firms')}?kvartal={quarter.key}"),
            (_("Se brevet"), None),
        ),
        "here": "new_firms",
        "quarter": quarter,
        "letter": services.preview(firm, user=request.user),
        "firms": firms,
        "definition": definition,
        "waiting": waiting.order_by().values("pk")[: queries.MOST_COUNTED].count(),
        "signatures": "\n".join(before.signatures if before else definition.content.signatures),
        "unnamed": before is None,
        "lacks": services.lacks(request.operator, quarter, user=request.user),
        "entry_key": uuid.uuid4(),
    }
    context["not_mailed"] = WHY_NOT.get(context["letter"].not_mailed, "")
    return render(request, "outreach/welcome_preview.html", context)


@access(STAFF)
@require_POST
def make(request: Request) -> HttpResponse:
    """Make the letters to the quarter's firms that have none. Two presses are one round."""
    key: uuid.UUID | None
    try:
        key = uuid.UUID(request.POST.get("entry_key", ""))
    except ValueError:
        key = None
    quarter = _asked(request)
    try:
        made = services.start(
            request.operator,
            quarter,
            by_mail="by_mail" in request.POST,
            user=request.user,
            entry_key=key,
            signed_by=request.POST.get("signed_by", ""),
        )
    except UserError as error:
        messages.error(request, str(error))
        return redirect(f"{reverse('outreach:preview_welcome')}?kvartal={quarter.key}")
    messages.success(request, _("Brevene bliver lavet nu."))
    return redirect(made)


@access(STAFF)
@require_POST
def skip(request: Request, pk: int) -> HttpResponse:
    """The firm is to have no letter, or (`fortryd`) is to have it after all."""
    firm = own_firm(request, pk)
    try:
        if "fortryd" in request.POST:
            services.unskip(firm, user=request.user)
        else:
            services.skip(firm, user=request.user)
    except UserError as error:
        messages.error(request, str(error))
    return redirect(f"{reverse('outreach:new_firms')}?kvartal={_asked(request).key}")


def _round(request: Request, pk: int) -> WelcomeRound:
    rows = WelcomeRound.objects.visible_to(request.user).select_related(
        "operator", "definition", "made_by", "job"
    )
    return get_object_or_404(rows, pk=pk)


@access(STAFF)
def welcome_round(request: Request, pk: int) -> HttpResponse:
    """The letters of a round, to print, to send by Digital Post, and which were sent as e-mail."""
    found = _round(request, pk)
    letters = queries.letters_of(found)
    file = PostFile.objects.select_related("job").filter(round=found).first()
    context = {
        "heading": _("Velkomstbreve, %(quarter)s") % {"quarter": Quarter(found.first_day)},
        "crumbs": crumbs(
            (_("Nye virksomheder"), reverse("outreach:new_firms")), (str(Quarter(found.first_day)), None)
        ),
        "here": "new_firms",
        "round": found,
        "page": page_of(request, letters),
        "number": letters.count(),
        "mailed": letters.filter(letter__isnull=False).count(),
        "with_cvr": letters.exclude(organisation__cvr=None).count(),
        "file": file,
        "file_until": file.made_at + post_files.KEPT if file and file.made_at else None,
    }
    response = render(request, "outreach/welcome_round.html", context)
    if (found.job and not found.job.is_over) or (file and file.is_on_its_way):
        response["Refresh"] = "3"
    return response


@access(STAFF)
def letters_pdf(request: Request, pk: int) -> HttpResponse:
    """All the letters in one file for the printer. `kun=papir`: those that were not also sent as e-mail."""
    found = _round(request, pk)
    letters = queries.letters_of(found)
    if request.GET.get("kun") == "papir":
        letters = letters.filter(letter=None)
    rows = list(letters)
    if not rows:
        messages.info(request, _("Der er ingen breve at skrive ud."))
        return redirect(found)
    content = merged(found.operator, str(found), rows, found.signatures)
    _recorded(request, found, len(rows), "pdf")
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = (
        f'attachment; filename="velkomstbreve-{Quarter(found.first_day).key}.pdf"'
    )
    return response


@access(STAFF)
def digital_post(request: Request, pk: int) -> HttpResponseBase:
    """The file for the municipality's system for Digital Post: asked for (POST), and fetched when a worker has made it."""
    found = _round(request, pk)
    if request.method == "POST":
        try:
            post_files.ask(found, user=request.user)
        except UserError as error:
            messages.error(request, str(error))
        return redirect(found)
    made = PostFile.objects.filter(round=found).first()
    if made is None or not made.file or not default_storage.exists(str(made.file.name)):
        messages.info(request, _("Filen er ikke lavet endnu, eller den er slettet igen. Lav den her."))
        return redirect(found)
    _recorded(request, found, made.letters, "digital post")
    return FileResponse(
        default_storage.open(str(made.file.name)),
        as_attachment=True,
        filename=f"digital-post-{Quarter(found.first_day).key}.zip",
        content_type="application/zip",
    )


def _recorded(request: Request, found: WelcomeRound, number: int, form: str) -> None:
    audit.record(
        "export", user=request.user, operator=found.operator, about=str(found), rows=number, form=form
    )
