# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Pages on which a person gives the account another e-mail address."""

from __future__ import annotations

from allauth.account.decorators import reauthentication_required
from allauth.core import ratelimit
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from brobygger.accounts import forms
from brobygger.accounts import services_address as services
from brobygger.accounts.access import SIGNED_IN, access
from brobygger.accounts.http import Request
from brobygger.base.asking import ask
from brobygger.base.errors import UserError
from brobygger.base.form_pages import TEMPLATE
from brobygger.base.secret_links import by_secret_link


@access(SIGNED_IN)
@reauthentication_required  # type: ignore[untyped-decorator]
def change_address(request: Request) -> HttpResponse:
    """Which address, asked of somebody who has just shown again who they are. So many letters an hour, whoever they go to."""
    form = forms.AddressForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        email = form.cleaned_data["email"]
        too_many: HttpResponse | None = ratelimit.consume_or_429(
            request, action="manage_email", user=request.user
        )
        if too_many:
            return too_many
        try:
            services.ask_for_address(request.user, email)
        except UserError as error:
            form.add_error("email", str(error))
        else:
            told = _(
                "Vi har skrevet til %(email)s. Den nye adresse gælder, når du har fulgt linket i brevet."
            )
            messages.success(request, told % {"email": email})
            return redirect("accounts:profile")
    back = reverse("accounts:profile")
    context = {
        "heading": _("Skift e-mailadresse"),
        "crumbs": [(_("Min profil"), back), (_("E-mailadresse"), None)],
        "lead": _("Du logger ind med %(email)s, og der skriver vi til dig.") % {"email": request.user.email},
        "form": form,
        "yes": _("Send et link til adressen"),
        "back": back,
    }
    return render(request, TEMPLATE, context)


@access(SIGNED_IN)
@by_secret_link
def confirm_address(request: Request, token: str) -> HttpResponse:
    """The page behind the link in the letter: asks before the address is taken into use."""
    try:
        email = services.new_address(token, request.user)
    except services.LinkClosed as error:
        gone = {"heading": _("Linket gælder ikke"), "message": str(error)}
        return render(request, "accounts/closed.html", gone, status=410)
    return ask(
        request,
        lambda: services.confirm_address(token, request.user),
        heading=_("Brug %(email)s som din adresse?") % {"email": email},
        question="",
        consequence=_("Du logger ind med den fra nu af, og ikke længere med %(old)s.")
        % {"old": request.user.email},
        yes=_("Brug adressen"),
        back=reverse("accounts:profile"),
        done=_("Din adresse er nu %(email)s.") % {"email": email},
        harmless=True,
    )
