# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""The page where a referred firm comes into the office's own register."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from brobygger.accounts.access import STAFF, access
from brobygger.accounts.http import Request
from brobygger.base.errors import UserError
from brobygger.base.form_pages import tell
from brobygger.guidance.errors import BadValues
from brobygger.guidance.forms.referral_firm import ReferredFirmForm
from brobygger.guidance.services import adopting
from brobygger.guidance.views.referral_answers import crumbs_of, one
from brobygger.market.forms.matches import OpenedForm
from brobygger.register.models import Organisation


@access(STAFF)
def to_register(request: Request, pk: int) -> HttpResponse:
    """Lay the referral with a firm that is there, or make the firm from what was shared."""
    found = one(request, pk)
    if not adopting.is_offered(found):
        return redirect(found.get_absolute_url())
    making = request.method == "POST" and "laeg" not in request.POST
    form = ReferredFirmForm(request.POST if making else None, referral=found)
    if request.method == "POST":
        opened = OpenedForm(request.POST)
        expected = opened.expected_version if opened.is_valid() else 0
        try:
            if not making:
                ours = Organisation.objects.filter(operator=found.operator)
                key = request.POST["laeg"]
                firm = get_object_or_404(ours, pk=int(key) if key.isdecimal() and len(key) < 15 else 0)
                adopting.lay_with(found, firm, user=request.user, expected=expected)
                messages.success(request, _("Henvisningen ligger nu hos %(firm)s.") % {"firm": firm.name})
                return redirect(found.get_absolute_url())
            if form.is_valid():
                firm = adopting.make(
                    found, form.values, form.contact, user=request.user, expected=form.expected_version
                )
                messages.success(request, _("%(firm)s er i registret.") % {"firm": firm.name})
                return redirect(found.get_absolute_url())
        except BadValues as error:
            tell(form, error)
        except UserError as error:
            form.add_error(None, str(error)) if making else messages.error(request, str(error))
    words = request.GET.get("q", "")[:200].strip()
    known = adopting.told(found)
    context = {
        "heading": _("Tag %(who)s ind i jeres register") % {"who": found.who},
        "crumbs": crumbs_of(found, (_("I registret"), None)),
        "referral": found,
        "form": form,
        "words": words,
        "like": adopting.like(found.operator, words or found.who, known.get("cvr", ""), asked=bool(words)),
    }
    return render(request, "guidance/referral_firm.html", context)
