# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Taking a scheme into use: typed, as a file, or one that is delivered; changing it, and taking it out of use."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from brobygger.accounts.access import STAFF, access
from brobygger.accounts.http import Request
from brobygger.accounts.models import Role
from brobygger.base.asking import ask
from brobygger.base.errors import UserError
from brobygger.blueprints import queries as blueprints
from brobygger.blueprints import services
from brobygger.blueprints.errors import BadDefinition
from brobygger.blueprints.models import Definition
from brobygger.guidance.blueprints import KIND
from brobygger.guidance.forms.scheme_editing import FileForm, SchemeForm, can_be_typed
from brobygger.guidance.queries import schemes as queries
from brobygger.guidance.views.common import crumbs, own_scheme

HEADS = {Role.HEAD}


@access(HEADS)
def new(request: Request) -> HttpResponse:
    """Type a new scheme."""
    return _typed(request, SchemeForm(request.POST or None), None)


@access(HEADS)
def edit(request: Request, pk: int) -> HttpResponse:
    """Change a scheme: a new version of it, while what refers to the old one keeps that."""
    found = own_scheme(request, pk)
    if not can_be_typed(found.content):
        return redirect(f"{reverse('guidance:scheme_file')}?ordning={found.pk}")
    return _typed(request, SchemeForm(request.POST or None, content=found.content), found)


def _typed(request: Request, form: SchemeForm, found: Definition | None) -> HttpResponse:
    if request.method == "POST" and form.is_valid():
        try:
            if found is None:
                _key_is_free(request, form)
            adopted = services.adopt(request.operator, KIND, form.text, user=request.user)
        except BadDefinition as error:
            form.tell(error)
        except UserError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Ordningen er taget i brug. Her er dem, den passer til."))
            return redirect("guidance:scheme", adopted.pk)
    context = {
        "heading": _("Ret %(scheme)s") % {"scheme": found.title} if found else _("Ny ordning"),
        "crumbs": crumbs(
            (_("Ordninger"), reverse("guidance:schemes")), (_("Ret") if found else _("Ny"), None)
        ),
        "form": form,
        "back": reverse("guidance:scheme", args=[found.pk]) if found else reverse("guidance:schemes"),
        "yes": _("Tag i brug"),
        "lead": _(
            "Udfyld det, I ved. Lad resten stå tomt: det, der ikke er kendt, bliver der ikke gættet på."
        ),
    }
    return render(request, "register/form.html", context)


def _key_is_free(request: Request, form: SchemeForm) -> None:
    """A new scheme never becomes a version of another by having a like name."""
    if queries.scheme_versions(request.operator).filter(key=form.key).exists():
        raise UserError(_("Der er allerede en ordning med det navn. Ret den i stedet."))


@access(HEADS)
def from_file(request: Request) -> HttpResponse:
    """Take a scheme into use as a file, such as a neighbour's; every fault is told with its line."""
    asked = request.GET.get("ordning", "")
    found = own_scheme(request, int(asked)) if asked.isdecimal() and len(asked) < 15 else None
    form = FileForm(request.POST or None, initial={"text": found.text} if found else None)
    if request.method == "POST" and form.is_valid():
        try:
            adopted = services.adopt(
                request.operator, KIND, form.cleaned_data["text"], user=request.user, file=_("Filen")
            )
        except BadDefinition as error:
            for fault in error.faults:
                form.add_error(
                    "text", _("Linje %(line)s: %(what)s") % {"line": fault.line, "what": fault.what}
                )
        except UserError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Ordningen er taget i brug. Her er dem, den passer til."))
            return redirect("guidance:scheme", adopted.pk)
    context = {
        "heading": _("Ordning som fil"),
        "crumbs": crumbs((_("Ordninger"), reverse("guidance:schemes")), (_("Fil"), None)),
        "form": form,
        "back": reverse("guidance:schemes"),
        "yes": _("Tag i brug"),
        "lead": _(
            "Har et andet kontor sendt jer en ordning, så sæt filens tekst ind her. »Hent filen« på en ordning under "
            "Opskrifter giver sådan en fil."
        ),
    }
    return render(request, "register/form.html", context)


@access(STAFF)
def delivered(request: Request) -> HttpResponse:
    """Schemes that follow with Brobygger; a head takes one into use with one press."""
    if request.method == "POST":
        if Role.HEAD not in request.roles:
            raise PermissionDenied
        try:
            adopted = services.adopt_shipped(
                request.operator, KIND, request.POST.get("key", "")[:60], user=request.user
            )
        except UserError as error:
            messages.error(request, str(error))
            return redirect("guidance:delivered_schemes")
        messages.success(request, _("%(scheme)s er taget i brug.") % {"scheme": adopted.title})
        return redirect("guidance:delivered_schemes")
    used = {row.key: row.pk for row in queries.current_schemes(request.operator)}
    rows: list[tuple[Any, int | None]] = [
        (one.content, used.get(one.content.key))
        for one in blueprints.shipped(KIND)
        if not one.is_invented or one.content.key in used
    ]
    context = {
        "heading": _("Ordninger, der følger med"),
        "crumbs": crumbs((_("Ordninger"), reverse("guidance:schemes")), (_("Følger med"), None)),
        "rows": rows,
        "may_change": Role.HEAD in request.roles,
    }
    return render(request, "guidance/delivered.html", context)


@access(HEADS)
def retire(request: Request, pk: int) -> HttpResponse:
    """Take a scheme out of use, after asking."""
    found = own_scheme(request, pk)
    back = reverse("guidance:scheme", args=[pk])
    return ask(
        request,
        lambda: services.retire(found, user=request.user),
        heading=_("Skal ordningen tages ud af brug?"),
        crumbs=crumbs(
            (_("Ordninger"), reverse("guidance:schemes")), (found.title, back), (_("Tag ud"), None)
        ),
        question=found.title,
        consequence=_(
            "Så foreslås den ikke længere. Det, der allerede er tilbudt, henvist og givet, bliver stående."
        ),
        yes=_("Ja, tag den ud af brug"),
        back=back,
        done=_("Ordningen er taget ud af brug."),
        after=reverse("guidance:schemes"),
    )
