# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""How allauth is held to our rules: accounts are made by invitation only."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.http import HttpRequest

from brobygger.accounts.models import User


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Nobody signs up by themselves."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Wrong passwords are counted by django-axes: by allauth they would be counted for the address alone, and anybody
        could lock anybody out from anywhere."""


class SocialAccountAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]
    """A sign-in from the organisation's own log-in connects to the user with that verified address, and only that."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        if sociallogin.is_existing:
            return
        verified = [address.email for address in sociallogin.email_addresses if address.verified]
        user = User.objects.filter(
            email__in=[address.lower() for address in verified], is_active=True
        ).first()
        if user is not None:
            sociallogin.connect(request, user)
