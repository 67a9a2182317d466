# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Segments and mailings as they are typed."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from brobygger.base.forms import VersionedForm
from brobygger.market.forms.matches import TypedText
from brobygger.outreach.models import Mailing, Purpose, Segment


class SegmentForm(VersionedForm):
    """The segment's name; its filters stand beside it."""

    class Meta:
        model = Segment
        fields = ("name", "note")


class MailingForm(VersionedForm):
    """A mailing's text and receivers."""

    body = TypedText(
        label=_("Tekst"),
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 16}),
        help_text=_(
            "Felter i krøllede parenteser udfyldes for hver modtager. Linket til at afmelde sættes selv på til sidst."
        ),
    )

    class Meta:
        model = Mailing
        fields = ("purpose", "segment", "subject", "body")

    def __init__(self, *args: Any, operator: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["purpose"].queryset = Purpose.objects.filter(operator=operator, active=True)
        fields["segment"].queryset = Segment.objects.filter(operator=operator)
        fields["segment"].required = False
        fields["segment"].empty_label = _("Vælg senere")

    def _post_clean(self) -> None:
        """The service checks and stores; a half-filled instance is nothing to check here."""
