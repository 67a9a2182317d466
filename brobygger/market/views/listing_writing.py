# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Writing a listing: one sentence, then the fields we read out of it, each correctable; and changing it later."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from brobygger.accounts.access import SIGNED_IN, access
from brobygger.accounts.http import Request
from brobygger.base.errors import UserError
from brobygger.base.form_pages import opened_anew, tell
from brobygger.base.versions import EditedMeanwhile
from brobygger.market.forms.listings import ListingForm, SentenceForm
from brobygger.market.forms.who import WhoForm, may_write
from brobygger.market.models import Listing
from brobygger.market.queries import listings as queries
from brobygger.market.reading import Read, read
from brobygger.market.services import listings as services
from brobygger.market.services.listing_rules import GOODS, PLACES
from brobygger.market.wording import FOOD_BYPRODUCT, HAZARDOUS
from brobygger.register.models import Organisation

MOST_READ = 4000
"""Characters looked at while somebody types; the form itself tells when a text is too long."""


@access(SIGNED_IN)
def new_listing(request: Request) -> HttpResponse:
    """From one sentence to a stored listing, in two steps."""
    action = request.POST.get("action", "")
    if request.method != "POST" or action == "again":
        return _sentence_page(request)
    who = WhoForm(request.POST, user=request.user, operator=request.operator)
    if action == "read" or not who.is_valid():
        return _read_sentence(request, who)
    organisation = who.cleaned_data["chosen"]
    if action == "find_type":
        return _fields_page(request, _typed_so_far(request, organisation), organisation)
    form = ListingForm(request.POST, request.FILES, organisation=organisation, user=request.user)
    if not form.is_valid():
        return _fields_page(request, form, organisation)
    try:
        again = form.cleaned_data["again"]
        made = services.create_listing(organisation=organisation, by=request.user, again=again, **form.values)
    except (services.BadListing, services.WrittenAlready) as error:
        tell(form, error)
        return _fields_page(request, form, organisation)
    except UserError as error:
        form.add_error(None, str(error))
        return _fields_page(request, form, organisation)
    if made.is_current:
        messages.success(request, _("Gemt. Herunder ser du, hvem den passer sammen med."))
    else:
        messages.warning(request, _("Gemt, men den sidste dag er gået. Ret datoen, hvis det stadig gælder."))
    return redirect(made)


def _sentence_page(
    request: Request, sentence: SentenceForm | None = None, who: WhoForm | None = None
) -> HttpResponse:
    side, writes = _side(request), may_write(request.user, request.operator)
    if not writes:
        headings, neither = {}, _("Har og mangler")
    elif request.user.is_staff_of(request.operator.pk):
        headings = {"have": _("Hvad har virksomheden?"), "need": _("Hvad mangler virksomheden?")}
        neither = _("Hvad har eller mangler virksomheden?")
    else:
        headings = {"have": _("Hvad har I?"), "need": _("Hvad mangler I?")}
        neither = _("Hvad har eller mangler I?")
    asked = request.POST.get("organisation") or request.GET.get("virksomhed", "")
    context = {
        "heading": headings.get(side, neither),
        "crumbs": [(_("Har og mangler"), reverse("market:listings")), (_("Ny"), None)],
        "side": side,
        "sentence": sentence or SentenceForm(initial={"text": request.POST.get("text", "")}),
        "who": who or WhoForm(user=request.user, operator=request.operator, given=asked),
        "may_write": writes,
    }
    return render(request, "market/listing_sentence.html", context)


def _side(request: Request) -> str:
    """Have or need, when the person came by a button that says which."""
    asked = request.POST.get("retning") or request.GET.get("retning", "")
    return asked if asked in Listing.Side.values else ""


def _read_sentence(request: Request, who: WhoForm) -> HttpResponse:
    sentence = SentenceForm(request.POST)
    if not (sentence.is_valid() and who.is_valid()):
        return _sentence_page(request, sentence, who)
    organisation: Organisation = who.cleaned_data["chosen"]
    found = read(sentence.cleaned_data["text"], _side(request))
    form = ListingForm(
        initial=found.values, proposed=found.types, organisation=organisation, user=request.user
    )
    return _fields_page(request, form, organisation, found)


def _typed_so_far(
    request: Request, organisation: Organisation, instance: Listing | None = None
) -> ListingForm:
    """The form as it was typed, not yet judged: the person only asked for other types to choose from."""
    typed: dict[str, Any] = {
        name: value for name, value in request.POST.items() if name != "csrfmiddlewaretoken"
    }
    for box in ("food_grade", "hazardous", "remove_photo"):
        typed[box] = box in request.POST
    instance = instance or Listing(organisation=organisation)
    return ListingForm(initial=typed, instance=instance, organisation=organisation, user=request.user)


def _fields_page(
    request: Request, form: ListingForm, organisation: Organisation, found: Read | None = None
) -> HttpResponse:
    context = {
        "heading": _("Passer det?"),
        "crumbs": [(_("Har og mangler"), reverse("market:listings")), (_("Ny"), None)],
        "form": form,
        "organisation": organisation,
        "read": found,
        **_form_context(request, form),
    }
    return render(request, "market/listing_form.html", context)


def _form_context(request: Request, form: ListingForm) -> dict[str, Any]:
    """What the form's template needs on both pages: which folded parts concern this kind, and the law."""
    kind = str(form["kind"].value() or "")
    return {
        "asked_for_types": request.POST.get("action") == "find_type",
        "parts": {
            "loads": any(form[name].value() or form[name].errors for name in ("lot", "least_share")),
            "goods": kind in GOODS or any(name in form.errors for name in form.goods),
            "premises": kind in PLACES or any(name in form.errors for name in form.premises),
        },
        "byproduct_note": FOOD_BYPRODUCT,
        "hazard_note": HAZARDOUS,
    }


@access(SIGNED_IN)
def change_listing(request: Request, pk: UUID) -> HttpResponse:
    """Correct a listing. When somebody else saved meanwhile, both versions are shown and nothing is lost."""
    found = get_object_or_404(queries.one(request.user, pk))
    if not services.may_act_for(request.user, found.organisation):
        raise Http404
    organisation = found.organisation
    if request.method != "POST":
        return _change_page(
            request, found, ListingForm(instance=found, organisation=organisation, user=request.user)
        )
    if request.POST.get("action") == "find_type":
        return _change_page(request, found, _typed_so_far(request, organisation, found))
    form = ListingForm(
        request.POST, request.FILES, instance=found, organisation=organisation, user=request.user
    )
    if not form.is_valid():
        return _change_page(request, found, form)
    try:
        services.change_listing(
            found,
            by=request.user,
            expected_version=form.expected_version,
            remove_photo=bool(form.cleaned_data.get("remove_photo")),
            **form.values,
        )
    except EditedMeanwhile as error:
        conflict = opened_anew(form, error)
        form.ask_for_the_photo_again()
        return _change_page(request, found, form, told=str(error), conflict=conflict)
    except services.BadListing as error:
        tell(form, error)
        return _change_page(request, found, form)
    except UserError as error:
        form.add_error(None, str(error))
        return _change_page(request, found, form)
    messages.success(request, _("Ændringerne er gemt."))
    return redirect("market:listing", pk=pk)


def _change_page(request: Request, found: Listing, form: ListingForm, **meanwhile: Any) -> HttpResponse:
    url = reverse("market:listing", args=[found.pk])
    context = {
        "heading": _("Ret det, der står"),
        "crumbs": [
            (_("Har og mangler"), reverse("market:listings")),
            (found.title, url),
            (_("Ret"), None),
        ],
        "form": form,
        "organisation": found.organisation,
        "listing": found,
        **meanwhile,
        **_form_context(request, form),
    }
    return render(request, "market/listing_form.html", context, status=409 if meanwhile else 200)


@access(SIGNED_IN)
@require_POST
def read_sentence(request: Request) -> HttpResponse:
    """What we read out of the text so far, shown while somebody types. An extra: the page works without."""
    text = request.POST.get("text", "")[:MOST_READ]
    return render(
        request, "market/_read.html", {"read": read(text, _side(request)) if text.strip() else None}
    )
