# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Pages of definitions: all of them, one of them with its versions, taking one into use, writing one's own."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from brobygger.accounts.access import STAFF, access
from brobygger.accounts.exporting import as_workbook
from brobygger.accounts.http import Request
from brobygger.accounts.models import Role
from brobygger.base.asking import ask
from brobygger.base.errors import UserError
from brobygger.blueprints import kinds, queries, services
from brobygger.blueprints.comparing import compare
from brobygger.blueprints.errors import AdoptedMeanwhile, BadDefinition, Fault
from brobygger.blueprints.forms import WritingForm
from brobygger.blueprints.kinds import Kind
from brobygger.blueprints.models import Definition
from brobygger.blueprints.queries import Known
from brobygger.blueprints.reading import read
from brobygger.blueprints.showing import shown

OFFICE = STAFF | {Role.ADMIN}
DELIVERED = "fulgte-med"
"""The delivered file where a version is asked for."""


@access(OFFICE)
def definitions(request: Request) -> HttpResponse:
    """Every definition that is delivered or in use, kind by kind."""
    groups = [(kind, queries.known(request.operator, kind.key)) for kind in kinds.every()]
    return render(
        request,
        "blueprints/definitions.html",
        {"heading": _("Opskrifter"), "crumbs": _crumbs(), "groups": groups, "may_change": _may(request)},
    )


@access(OFFICE)
def export(request: Request) -> HttpResponse:
    """The same list as an Excel workbook. Recorded in the audit trail."""
    rows = [
        queries.as_row(kind, found)
        for kind in kinds.every()
        for found in queries.known(request.operator, kind.key)
    ]
    return as_workbook(request, _("Opskrifter"), "opskrifter", queries.HEADINGS, rows)


@access(OFFICE)
def definition(request: Request, kind: str, key: str) -> HttpResponse:
    """One definition to read, with where it comes from, its versions and its text."""
    found = _known(request, kind, key)
    version, text, content = _wanted(request, found)
    versions = Definition.objects.visible_to(request.user).filter(
        operator=request.operator, kind=kind, key=key
    )
    context = {
        "heading": found.title,
        "crumbs": _crumbs((found.title, None)),
        "found": found,
        "kind": kinds.get(kind),
        "version": version,
        "delivered": DELIVERED,
        "text": text,
        "content": content,
        "lines": shown(content) if content else [],
        "versions": versions.select_related("adopted_by").defer("text", "body").order_by("-version"),
        "may_change": _may(request),
    }
    return render(request, "blueprints/definition.html", context)


@access(OFFICE)
def file(request: Request, kind: str, key: str) -> HttpResponse:
    """The text of a version as a file."""
    _version, text, _content = _wanted(request, _known(request, kind, key))
    answer = HttpResponse(text, content_type="application/yaml; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{key}.yaml"'
    return answer


@access(OFFICE)
def differences(request: Request, kind: str, key: str) -> HttpResponse:
    """Two versions beside each other: `fra` and `til`, each a version's number or the delivered file."""
    found = _known(request, kind, key)
    asked = request.GET
    before = _text(request, found, asked.get("fra") or _default_before(found))
    after = _text(request, found, asked.get("til") or _default_after(found))
    context = {
        "heading": _("Forskelle i %(title)s") % {"title": found.title},
        "crumbs": _crumbs((found.title, _address(found)), (_("Forskelle"), None)),
        "lines": compare(before[1], after[1]),
        "before": before[0],
        "after": after[0],
        "back": _address(found),
    }
    return render(request, "blueprints/differences.html", context)


@access(services.MAY_ADOPT)
def adopt(request: Request, kind: str, key: str) -> HttpResponse:
    """Ask, then take the delivered definition, or an older version again, into use."""
    found = _known(request, kind, key)
    _version, text, _content = _wanted(request, found, first=DELIVERED)
    if request.method == "POST":
        try:
            adopted = services.adopt(request.operator, kind, text, user=request.user, file=f"{key}.yaml")
        except UserError as error:
            messages.error(request, str(error))
        else:
            told = _("%(title)s er i brug som version %(version)s.")
            messages.success(request, told % {"title": adopted.title, "version": adopted.version})
        return redirect(_address(found))
    context = {
        "heading": _("Tag %(title)s i brug?") % {"title": found.title},
        "crumbs": _crumbs((found.title, _address(found)), (_("Tag i brug"), None)),
        "question": _("Det, der begynder fra nu af, følger denne opskrift."),
        "consequence": _("Det, der allerede er i gang, beholder den version, det begyndte med."),
        "yes": _("Ja, tag den i brug"),
        "harmless": True,
        "back": _address(found),
    }
    return render(request, "base/confirm.html", context)


@access(services.MAY_ADOPT)
def retire(request: Request, kind: str, key: str) -> HttpResponse:
    """Ask, then take the version in use out of use."""
    found = _known(request, kind, key)
    current = found.current
    if current is None:
        raise Http404
    return ask(
        request,
        lambda: services.retire(current, user=request.user),
        heading=_("Tag %(title)s ud af brug?") % {"title": found.title},
        crumbs=_crumbs((found.title, _address(found)), (_("Ud af brug"), None)),
        question=_("Der kan ikke begyndes noget nyt efter den."),
        consequence=_("Det, der er i gang, fortsætter. Du kan altid tage den i brug igen."),
        yes=_("Ja, tag den ud af brug"),
        back=_address(found),
        done=_("%(title)s er taget ud af brug.") % {"title": found.title},
    )


@access(services.MAY_ADOPT)
def change(request: Request, kind: str, key: str) -> HttpResponse:
    """Write the next version of a definition."""
    found = _known(request, kind, key)
    return _writing(request, kinds.get(kind), found, _("Ret %(title)s") % {"title": found.title})


@access(services.MAY_ADOPT)
def new(request: Request, kind: str) -> HttpResponse:
    """Write a definition of one's own, or send it in as a file."""
    known = _kind(kind)
    return _writing(request, known, None, _("Ny opskrift: %(kind)s") % {"kind": known.label})


def _writing(request: Request, kind: Kind, found: Known | None, heading: str) -> HttpResponse:
    newest = found.newest if found else None
    first = _first_text(kind, found)
    form = WritingForm(
        request.POST or None,
        request.FILES or None,
        initial={"text": first, "opened": newest.version if newest else 0},
    )
    faults: list[tuple[Fault, str]] = []
    standing, told = first if found else "", ""
    if request.method == "POST" and form.is_valid() and "preview" not in request.POST:
        try:
            saved = _save(request, kind, found, form)
        except BadDefinition as error:
            faults = _with_lines(error, form.cleaned_data["text"])
        except AdoptedMeanwhile as error:
            standing, told = error.current.text, str(error)
            form.retype("opened", str(error.current.version))
        except UserError as error:
            form.add_error("text", str(error))
        else:
            words = _("%(title)s er i brug som version %(version)s.")
            messages.success(request, words % {"title": saved.title, "version": saved.version})
            return redirect("blueprints:definition", saved.kind, saved.key)
    elif request.method == "POST" and form.is_valid():
        faults = _faults_of(kind, form.cleaned_data["text"])
    compared = request.method == "POST" and form.is_valid() and ("preview" in request.POST or bool(told))
    back = _address(found) if found else reverse("blueprints:definitions")
    context = {
        "heading": heading,
        "crumbs": _crumbs(*([(found.title, back)] if found else []), (heading, None)),
        "form": form,
        "faults": faults,
        "told": told,
        "compared": compared,
        "found": found,
        "lines": compare(standing, form.cleaned_data["text"]) if compared and found else [],
        "back": back,
    }
    return render(request, "blueprints/writing.html", context, status=409 if told else 200)


def _save(request: Request, kind: Kind, found: Known | None, form: WritingForm) -> Definition:
    typed = form.cleaned_data
    key, opened = (found.key if found else ""), typed.get("opened") or 0
    return services.write(
        request.operator, kind.key, typed["text"], user=request.user, key=key, opened=opened
    )


def _faults_of(kind: Kind, text: str) -> list[tuple[Fault, str]]:
    try:
        read(text, kind.schema, f"{kind.key}.yaml")
    except BadDefinition as error:
        return _with_lines(error, text)
    return []


def _with_lines(error: BadDefinition, text: str) -> list[tuple[Fault, str]]:
    """Each fault with the line as it was typed."""
    lines = text.splitlines()
    return [(fault, lines[fault.line - 1] if fault.line <= len(lines) else "") for fault in error.faults]


def _first_text(kind: Kind, found: Known | None) -> str:
    """What the text area begins with: the newest version, the delivered file, or (for a new one) a delivered example."""
    if found:
        return found.newest.text if found.newest else found.delivered.text if found.delivered else ""
    examples = queries.shipped(kind.key)
    return examples[0].text if examples else "key: \ntitle: \ndescription: \n"


def _kind(key: str) -> Kind:
    try:
        return kinds.get(key)
    except KeyError:
        raise Http404 from None


def _known(request: Request, kind: str, key: str) -> Known:
    found = queries.known_one(request.operator, _kind(kind).key, key)
    if found is None:
        raise Http404
    return found


def _wanted(request: Request, found: Known, *, first: str = "") -> tuple[Definition | None, str, Any]:
    """(version or None for the delivered file, text, content) that the address asks for; else the newest there is."""
    asked = request.GET.get("version", "") or first
    if asked and asked != DELIVERED:
        return _read(_version(request, found, asked))
    if found.delivered and (asked or not found.newest):
        return None, found.delivered.text, found.delivered.content
    if found.newest is None:
        raise Http404
    return _read(found.newest)


def _read(version: Definition) -> tuple[Definition, str, Any]:
    return version, version.text, version.readable


def _version(request: Request, found: Known, asked: str) -> Definition:
    rows = Definition.objects.visible_to(request.user).filter(
        operator=request.operator, kind=found.kind, key=found.key
    )
    version = rows.filter(version=int(asked)).first() if asked.isdecimal() and len(asked) < 9 else None
    if version is None:
        raise Http404
    return version


def _text(request: Request, found: Known, asked: str) -> tuple[str, str]:
    """(what it is called, its text)."""
    if asked == DELIVERED:
        if found.delivered is None:
            raise Http404
        return _("Den, der fulgte med"), found.delivered.text
    version = _version(request, found, asked)
    return _("Version %(version)s") % {"version": version.version}, version.text


def _default_before(found: Known) -> str:
    return str(found.newest.version) if found.newest else DELIVERED


def _default_after(found: Known) -> str:
    return DELIVERED if found.delivered else _default_before(found)


def _may(request: Request) -> bool:
    return bool(request.roles & services.MAY_ADOPT)


def _address(found: Known) -> str:
    return reverse("blueprints:definition", args=[found.kind, found.key])


def _crumbs(*more: tuple[str, str | None]) -> list[tuple[str, str | None]]:
    first = reverse("blueprints:definitions") if more else None
    return [(_("Kontoret"), reverse("accounts:office")), (_("Opskrifter"), first), *more]
