# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""A firm or an entrepreneur sent on to somebody who can help, with consent, and what came of it."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from brobygger.accounts.models import Operator
from brobygger.base.models import Letter, Versioned
from brobygger.blueprints.models import Definition
from brobygger.dialogue.models import FollowUp
from brobygger.guidance.models.common import OfficeQuerySet
from brobygger.guidance.models.partner import Partner
from brobygger.register.models import Organisation, Person


class Referral(Versioned):
    """One office's record of a referral, out or in.

    Between two operators there are two: what the receiver has is a record of its own that holds the snapshot and nothing
    else, so that no question about it can reach the sender's. `counterpart` only carries answers across.
    """

    class Direction(models.TextChoices):
        OUT = "out", _("Ud")
        IN = "in", _("Ind")

    class State(models.TextChoices):
        SENT = "sent", _("Sendt")
        RECEIVED = "received", _("Modtaget")
        IN_PROGRESS = "in_progress", _("I gang")
        RESULT = "result", _("Der kom noget ud af det")
        NOT_RELEVANT = "not_relevant", _("Ikke relevant")
        WITHDRAWN = "withdrawn", _("Samtykke trukket tilbage")

    class How(models.TextChoices):
        SPOKEN = "spoken", _("Mundtligt")
        MAIL = "mail", _("På e-mail")
        WRITTEN = "written", _("Skriftligt")
        FORM = "form", _("I en formular")
        TOLD = "told", _("Oplyst af den, der henviser")

    operator = models.ForeignKey(Operator, on_delete=models.PROTECT, related_name="referrals")
    direction = models.CharField(_("retning"), max_length=3, choices=Direction.choices)
    partner = models.ForeignKey(
        Partner,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="referrals",
        verbose_name=_("partner"),
    )
    scheme = models.ForeignKey(
        Definition,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="referrals",
        verbose_name=_("ordning"),
    )
    organisation = models.ForeignKey(
        Organisation,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="referrals",
        verbose_name=_("virksomhed"),
    )
    person = models.ForeignKey(
        Person,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="referrals",
        verbose_name=_("person"),
    )
    """The contact whose details were shared."""
    who = models.CharField(_("hvem"), max_length=200)
    """The firm's name, or the entrepreneur's."""
    email = models.EmailField(_("e-mail"), blank=True)
    phone = models.CharField(_("telefon"), max_length=20, blank=True)
    about = models.TextField(_("hvad det handler om"), max_length=4000)
    shared = models.JSONField(_("delt"), default=list)
    """[[what it is, text], …]: exactly what the receiver got, as it was then."""
    consent_by = models.CharField(_("samtykke fra"), max_length=120)
    consent_on = models.DateField(_("samtykke den"))
    consent_how = models.CharField(_("samtykke hvordan"), max_length=8, choices=How.choices)
    state = models.CharField(_("hvor langt"), max_length=12, choices=State.choices, default=State.SENT)
    sent_on = models.DateField(_("sendt den"), default=timezone.localdate)
    state_at = models.DateTimeField(default=timezone.now, editable=False)
    answered_on = models.DateField(_("besvaret den"), null=True, blank=True)
    result = models.TextField(_("hvad kom der ud af det"), blank=True, max_length=4000)
    result_dkk = models.DecimalField(_("beløb"), max_digits=14, decimal_places=2, null=True, blank=True)
    result_jobs = models.PositiveIntegerField(_("arbejdspladser"), null=True, blank=True)
    why = models.CharField(_("hvorfor ikke"), max_length=300, blank=True)
    note = models.TextField(_("intern note"), blank=True, max_length=4000)
    """The office's own; never shared."""
    consultant = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("konsulent"),
    )
    letter = models.ForeignKey(Letter, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    copy_letter = models.ForeignKey(
        Letter, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", editable=False
    )
    """The same to whom it is about."""
    follow_up = models.ForeignKey(
        FollowUp, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    counterpart = models.OneToOneField(
        "self", on_delete=models.SET_NULL, null=True, blank=True, related_name="+", editable=False
    )
    answer_key = models.CharField(max_length=64, blank=True, editable=False)
    """Of the link by which a receiver without sign-in answers. Empty: there is no such link (any more)."""
    answered_by_link_at = models.DateTimeField(_("svarede selv"), null=True, blank=True, editable=False)
    entry_key = models.UUIDField(null=True, blank=True, unique=True, editable=False)
    """Of the form it was written on: a second press of the button finds the first."""
    invented = models.BooleanField(_("opdigtet"), default=False, editable=False)
    created_at = models.DateTimeField(_("oprettet"), default=timezone.now, editable=False)
    history = HistoricalRecords(
        excluded_fields=[
            "version",
            "who",
            "shared",
            "about",
            "email",
            "phone",
            "entry_key",
            "answer_key",
            "counterpart",
            "state_at",
        ]
    )
    """Without what was shared: when it is taken back, no copy stays behind."""

    objects = OfficeQuerySet.as_manager()

    class Meta:
        ordering = ["-sent_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(consent_by="") & ~Q(consent_how=""), name="guidance_no_referral_without_consent"
            ),
            models.CheckConstraint(
                condition=Q(partner__isnull=False, scheme=None) | Q(partner=None, scheme__isnull=False),
                name="guidance_referral_to_one",
            ),
            models.UniqueConstraint(
                fields=["answer_key"], condition=~Q(answer_key=""), name="guidance_one_referral_per_key"
            ),
            models.CheckConstraint(
                condition=~Q(state="not_relevant") | ~Q(why=""), name="guidance_declined_says_why"
            ),
            models.CheckConstraint(
                condition=~Q(state="result") | ~Q(result=""), name="guidance_result_says_what"
            ),
        ]
        indexes = [
            models.Index(fields=["operator", "direction", "-sent_on", "-id"]),
            models.Index(
                fields=["operator", "direction", "state", "-sent_on", "-id"], name="guidance_ref_by_state"
            ),
            models.Index(fields=["partner", "direction"]),
            models.Index(fields=["organisation", "-sent_on"]),
        ]
        verbose_name = _("henvisning")
        verbose_name_plural = _("henvisninger")

    def __str__(self) -> str:
        return f"{self.who} → {self.target}" if self.is_out else f"{self.target} → {self.who}"

    def get_absolute_url(self) -> str:
        from django.urls import reverse

        return reverse("guidance:referral", args=[self.pk])

    @property
    def is_out(self) -> bool:
        return self.direction == self.Direction.OUT

    @property
    def target(self) -> str:
        """The other side: the partner or the scheme."""
        return str(self.partner or self.scheme)

    @property
    def receiver_address(self) -> str:
        """Where the partner, or the scheme's contact, is written to; empty when they have no address."""
        if self.partner:
            return self.partner.email
        return str(self.scheme.content.contact.email) if self.scheme else ""


OPEN = (Referral.State.SENT, Referral.State.RECEIVED, Referral.State.IN_PROGRESS)
UNANSWERED = (Referral.State.SENT, Referral.State.RECEIVED)
ANSWER_WITHIN = timedelta(days=14)
"""After so long without an answer somebody asks."""
ANSWER_LINK_FOR = timedelta(days=90)
"""So long the link in the letter works; the office can send a new one."""
