# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Pages about access: the office, invitations, one's own profile, the audit trail."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from brobygger.accounts import forms, services
from brobygger.accounts.access import PUBLIC, SIGNED_IN, access, roles_to_give
from brobygger.accounts.http import Request
from brobygger.accounts.middleware import SESSION_KEY
from brobygger.accounts.models import STAFF, AuditEntry, Invitation, Membership, Role, User
from brobygger.base import calendar, panels
from brobygger.base.asking import ask
from brobygger.base.errors import UserError
from brobygger.base.form_pages import TEMPLATE, form_page

OFFICE = STAFF | {Role.ADMIN}
PAGE = 25


@access(OFFICE)
def office(request: Request) -> HttpResponse:
    """Who has access to the office's records, and who is invited."""
    operator = request.operator
    members = (
        Membership.objects.filter(operator=operator).select_related("user").order_by("role", "user__name")
    )
    waiting = Invitation.objects.filter(
        operator=operator, accepted_at=None, withdrawn_at=None
    ).select_related("invited_by")
    context = {
        "heading": _("Kontoret"),
        "members": Paginator(members, PAGE).get_page(request.GET.get("side")),
        "invitations": waiting[:50],
        "roles_to_give": roles_to_give(request.roles),
        "panels": panels.render("accounts.office", request, operator),
    }
    return render(request, "accounts/office.html", context)


@access(OFFICE)
def invite(request: Request) -> HttpResponse:
    """Invite somebody. Administrators may give any role, consultants those of firms and partners."""
    form = forms.InviteForm(request.POST or None, roles=request.roles)
    if request.method == "POST" and form.is_valid():
        try:
            services.invite(
                request.operator,
                form.cleaned_data["email"],
                form.cleaned_data["role"],
                request.user,
                form.cleaned_data["name"],
            )
        except UserError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Invitationen er på vej til %(email)s.") % form.cleaned_data)
            return redirect("accounts:office")
    context = {
        "heading": _("Inviter en person"),
        "crumbs": [(_("Kontoret"), reverse("accounts:office")), (_("Inviter"), None)],
        "lead": _("Personen får en mail med et link, der gælder i to uger."),
        "form": form,
        "yes": _("Send invitation"),
        "back": reverse("accounts:office"),
    }
    return render(request, TEMPLATE, context)


@access(OFFICE)
def withdraw(request: Request, pk: int) -> HttpResponse:
    """Ask, then take an invitation back. Only to a role that one may invite to."""
    invitation = get_object_or_404(
        Invitation,
        pk=pk,
        operator=request.operator,
        accepted_at=None,
        withdrawn_at=None,
        role__in=roles_to_give(request.roles),
    )
    return ask(
        request,
        lambda: services.withdraw(invitation, request.user),
        heading=_("Træk invitationen til %s tilbage?") % invitation.email,
        question="",
        consequence=_("Linket i brevet holder op med at virke."),
        yes=_("Træk invitationen tilbage"),
        back=reverse("accounts:office"),
        done=_("Invitationen er trukket tilbage."),
    )


@access({Role.ADMIN})
def end_membership(request: Request, pk: int) -> HttpResponse:
    """Ask, then take a role from a person."""
    membership = get_object_or_404(Membership, pk=pk, operator=request.operator)
    role = membership.get_role_display().lower()
    return ask(
        request,
        lambda: services.end_membership(membership, request.user),
        heading=_("Luk adgangen for %(person)s som %(role)s?") % {"person": membership.user, "role": role},
        question="",
        consequence=_("Det, personen har registreret, bliver stående."),
        yes=_("Ja, luk adgangen"),
        back=reverse("accounts:office"),
        done=_("Adgangen er lukket."),
    )


@access({Role.ADMIN})
def change_office(request: Request) -> HttpResponse:
    """The office's own details."""
    form = forms.OfficeForm(request.POST or None, instance=request.operator)

    def save() -> None:
        data = form.cleaned_data
        services.change_office(
            request.operator, request.user, name=data["name"], email=data["email"], phone=data["phone"],
            portal_open=data["portal_open"], municipalities=data["municipality_codes"], expected=form.expected_version,
        )  # fmt: skip

    return form_page(
        request, form, save, back=reverse("accounts:office"), done=_("Gemt."),
        heading=_("Kontorets oplysninger"), record=request.operator,
        crumbs=[(_("Kontoret"), reverse("accounts:office")), (_("Oplysninger"), None)],
    )  # fmt: skip


@access({Role.ADMIN, Role.HEAD})
def audit_trail(request: Request) -> HttpResponse:
    """Who did what about access and personal data."""
    entries = AuditEntry.objects.filter(operator=request.operator).select_related("user")
    action = request.GET.get("handling", "")
    if action:
        entries = entries.filter(action=action)
    context = {
        "heading": _("Revisionsspor"),
        "page": Paginator(entries, PAGE).get_page(request.GET.get("side")),
        "actions": sorted(AuditEntry.WORDS.items(), key=lambda item: str(item[1])),
        "action": action,
        "crumbs": [(_("Kontoret"), reverse("accounts:office")), (_("Revisionsspor"), None)],
    }
    return render(request, "accounts/audit.html", context)


@access(SIGNED_IN)
def profile(request: Request) -> HttpResponse:
    """One's own name, sign-in methods and offices."""
    user = request.user
    form = forms.ProfileForm(request.POST or None, initial={"name": user.name, "digest": user.digest})
    if not user.operators_as(STAFF):
        del form.fields["digest"]
    if request.method == "POST" and form.is_valid():
        services.change_profile(
            user, form.cleaned_data["name"], digest=form.cleaned_data.get("digest", user.digest)
        )
        messages.success(request, _("Gemt."))
        return redirect("accounts:profile")
    memberships = user.memberships.select_related("operator")
    return render(
        request,
        "accounts/profile.html",
        {
            "heading": _("Min profil"),
            "form": form,
            "memberships": memberships,
            "calendar_address": calendar_address(user),
        },
    )


def calendar_address(user: User) -> str:
    """The whole address of a person's calendar; empty while there is none."""
    if not user.calendar_token:
        return ""
    site: str = settings.SITE_URL.rstrip("/")
    return site + reverse("accounts:calendar", args=[user.calendar_token])


@access(SIGNED_IN)
@require_POST
def change_calendar(request: Request) -> HttpResponse:
    """Make the calendar's address, make another, or close it."""
    if request.POST.get("luk"):
        services.close_calendar_address(request.user)
        messages.success(request, _("Kalenderen kan ikke længere hentes."))
    else:
        had_one = bool(request.user.calendar_token)
        services.new_calendar_address(request.user)
        messages.success(
            request,
            _("Kalenderen har fået en ny adresse. Den gamle virker ikke mere.")
            if had_one
            else _("Din kalender har fået en adresse. Giv den til dit kalenderprogram."),
        )
    return redirect("accounts:profile")


@access(PUBLIC)
def own_calendar(request: HttpRequest, token: str) -> HttpResponse:
    """A person's own calendar, for whoever knows its address: what the person may see, from a month ago to a year ahead."""
    user = get_object_or_404(User, calendar_token=token, is_active=True)
    if not user.roles:
        raise Http404
    today = timezone.localdate()
    with translation.override(user.language or settings.LANGUAGE_CODE):
        entries = calendar.entries_of(user, today - timedelta(days=31), today + timedelta(days=366))
        content = calendar.written(_("Brobygger"), entries, host=request.get_host())
    response = HttpResponse(content, content_type=calendar.CONTENT_TYPE)
    response["Cache-Control"] = "private, no-store"
    response["X-Robots-Tag"] = "noindex"
    return response


@access(SIGNED_IN)
@require_POST
def switch(request: Request, pk: int) -> HttpResponse:
    """Work for another of one's offices."""
    if pk not in request.user.roles:
        raise PermissionDenied
    request.session[SESSION_KEY] = pk
    return redirect("/")


@access(PUBLIC)
def accept(request: HttpRequest, token: str) -> HttpResponse:
    """The page behind the link of an invitation: a new person makes an account, one with an account signs in first."""
    try:
        invitation = services.open_invitation(token)
    except services.InvitationClosed as error:
        gone = {"heading": _("Invitationen gælder ikke"), "message": str(error)}
        return render(request, "accounts/closed.html", gone, status=410)
    if User.objects.filter(email=invitation.email).exists():
        return _accept_with_account(request, invitation)
    form = forms.AcceptForm(request.POST or None, initial={"name": invitation.name})
    if request.method == "POST" and form.is_valid():
        try:
            user = services.accept_as_new(token, form.cleaned_data["name"], form.cleaned_data["password"])
        except UserError as error:
            form.add_error(None, str(error))
        except ValidationError as error:
            form.add_error("password", error)
        else:
            login(request, user, backend="django.contrib.auth.backends.ModelBackend")
            messages.success(request, _("Velkommen til Brobygger."))
            return redirect("/")
    context = {
        "heading": _("Velkommen til Brobygger"),
        "form": form,
        "invitation": invitation,
        "yes": _("Opret min adgang"),
    }
    return render(request, "accounts/accept.html", context)


def _accept_with_account(request: HttpRequest, invitation: Invitation) -> HttpResponse:
    if request.user.is_authenticated and request.user.email != invitation.email:
        told = _(
            "Den er til %(theirs)s, og du er logget ind som %(own)s. Log af, og åbn linket i brevet igen."
        ) % {"theirs": invitation.email, "own": request.user.email}
        other = {"heading": _("Invitationen er til en anden"), "message": told}
        return render(request, "accounts/closed.html", other, status=403)
    if not request.user.is_authenticated:
        messages.info(
            request, _("Adressen har allerede en konto. Log ind med den, så tager vi imod invitationen.")
        )
        return redirect_to_login(request.get_full_path())
    if request.method == "POST":
        try:
            services.accept_with_account(invitation.token, request.user)
        except UserError as error:
            messages.error(request, str(error))
        else:
            request.session[SESSION_KEY] = invitation.operator_id
            messages.success(request, _("Du har nu adgang hos %s.") % invitation.operator)
        return redirect("/")
    context = {
        "heading": _("Tag imod invitationen"),
        "form": "",
        "invitation": invitation,
        "yes": _("Tag imod"),
    }
    return render(request, "accounts/accept.html", context)
