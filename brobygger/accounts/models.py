# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Who may do what: business offices, the people who work for or with them, invitations, and the audit trail."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from datetime import timedelta
from functools import cached_property
from typing import Any, ClassVar

from django.conf import settings
from django.contrib.auth.models import AbstractUser, BaseUserManager
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from brobygger.base.danish import join
from brobygger.base.models import Versioned
from brobygger.base.prepared import prepared


class Operator(Versioned):
    """A business office (erhvervskontor): serves one or more municipalities. Every record belongs to one."""

    class Kind(models.TextChoices):
        MUNICIPALITY = "municipality", _("Kommune")
        COUNCIL = "council", _("Erhvervsråd")
        ASSOCIATION = "association", _("Forening")
        CLUSTER = "cluster", _("Klynge")

    name = models.CharField(_("navn"), max_length=120, unique=True)
    slug = models.SlugField(_("kort navn"), unique=True)
    kind = models.CharField(_("art"), max_length=20, choices=Kind.choices, default=Kind.MUNICIPALITY)
    email = models.EmailField(_("e-mail"), blank=True)
    phone = models.CharField(_("telefon"), max_length=20, blank=True)
    portal_open = models.BooleanField(_("offentlig side tændt"), default=True)
    history = HistoricalRecords(excluded_fields=["version"])

    class Meta:
        ordering = ["name"]
        verbose_name = _("operatør")
        verbose_name_plural = _("operatører")

    def __str__(self) -> str:
        return self.name

    @cached_property
    def municipality_codes(self) -> list[str]:
        return list(self.municipalities.values_list("code", flat=True))


class ServedMunicipality(models.Model):
    """A municipality (four-digit code) that an operator serves."""

    operator = models.ForeignKey(Operator, on_delete=models.CASCADE, related_name="municipalities")
    code = models.CharField(_("kommunekode"), max_length=4)

    class Meta:
        ordering = ["code"]
        constraints = [
            models.UniqueConstraint(fields=["operator", "code"], name="accounts_one_service_per_municipality")
        ]

    def __str__(self) -> str:
        return self.code


class Role(models.TextChoices):
    """What a person is to an operator."""

    CONSULTANT = "consultant", _("Erhvervskonsulent")
    HEAD = "head", _("Erhvervschef")
    FIRM = "firm", _("Virksomhed")
    PARTNER = "partner", _("Partner")
    ADMIN = "admin", _("Administrator")


STAFF = frozenset({Role.CONSULTANT, Role.HEAD})
"""The operator's own people who work with firms, and the only ones who see broker-only listings."""


class UserManager(BaseUserManager["User"]):
    """Users are known by e-mail address."""

    use_in_migrations = True

    def create_user(self, email: str, password: str | None = None, **extra: Any) -> User:
        user = self.model(email=self.normalize_email(email).lower(), **extra)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(email__iexact=username)


class User(AbstractUser):
    """A person who can sign in."""

    username = None  # type: ignore[assignment]
    first_name = None  # type: ignore[assignment]
    last_name = None  # type: ignore[assignment]
    name = models.CharField(_("navn"), max_length=120)
    email = models.EmailField(_("e-mail"), unique=True)
    language = models.CharField(_("sprog"), max_length=10, blank=True)
    """That the person last chose on screen; letters are written in it. Empty: Danish."""
    digest = models.BooleanField(_("dagens overblik på mail"), default=False)
    digest_sent_on = models.DateField(null=True, blank=True, editable=False)
    calendar_token = models.CharField(max_length=64, null=True, blank=True, unique=True, editable=False)
    """In the address of the person's own calendar; empty while they have none."""

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = ["name"]
    objects = UserManager()  # type: ignore[misc,assignment]

    class Meta:
        ordering = ["name"]
        verbose_name = _("bruger")
        verbose_name_plural = _("brugere")

    def __str__(self) -> str:
        return self.name or self.email

    def get_full_name(self) -> str:
        return self.name

    def get_short_name(self) -> str:
        return self.name.split()[0] if self.name else self.email

    @cached_property
    def roles(self) -> dict[int, frozenset[str]]:
        """Operator id → this person's roles there. Empty for a person who was switched off."""
        if not self.is_active:
            return {}
        found: dict[int, set[str]] = {}
        for operator_id, role in _roles_of(self.pk):
            found.setdefault(operator_id, set()).add(role)
        return {operator_id: frozenset(roles) for operator_id, roles in found.items()}

    def operators_as(self, roles: Iterable[str]) -> list[int]:
        """Ids of the operators where this person has one of the roles."""
        wanted = set(roles)
        return [operator_id for operator_id, held in self.roles.items() if held & wanted]

    def is_staff_of(self, operator_id: int | None) -> bool:
        """Consultant or head at that operator."""
        return operator_id is not None and bool(self.roles.get(operator_id, frozenset()) & STAFF)


@prepared
def _roles_of(user: Any) -> models.QuerySet[Any]:
    return Membership.objects.filter(user=user).values_list("operator_id", "role")


class Membership(models.Model):
    """A person's role at an operator."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    operator = models.ForeignKey(Operator, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(_("rolle"), max_length=20, choices=Role.choices)
    since = models.DateTimeField(_("siden"), default=timezone.now)
    history = HistoricalRecords()

    class Meta:
        ordering = ["operator__name", "role"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "operator", "role"], name="accounts_one_membership_per_role"
            )
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.get_role_display()}, {self.operator}"


def _token() -> str:
    return secrets.token_urlsafe(32)


def _in_two_weeks() -> Any:
    return timezone.now() + timedelta(days=14)


class Invitation(models.Model):
    """A link by e-mail that lets somebody make their own account with one role at one operator."""

    operator = models.ForeignKey(Operator, on_delete=models.CASCADE, related_name="invitations")
    email = models.EmailField(_("e-mail"))
    name = models.CharField(_("navn"), max_length=120, blank=True)
    role = models.CharField(_("rolle"), max_length=20, choices=Role.choices)
    organisation_id = models.BigIntegerField(_("virksomhed"), null=True, blank=True)
    """The organisation that a firm user will act for. The register connects them when the invitation is accepted."""
    token = models.CharField(max_length=64, unique=True, default=_token, editable=False)
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    created_at = models.DateTimeField(_("sendt"), default=timezone.now)
    expires_at = models.DateTimeField(_("gælder til"), default=_in_two_weeks)
    accepted_at = models.DateTimeField(_("taget imod"), null=True)
    withdrawn_at = models.DateTimeField(_("trukket tilbage"), null=True)

    class Meta:
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return f"{self.email} ({self.get_role_display()})"

    @property
    def is_open(self) -> bool:
        return self.accepted_at is None and self.withdrawn_at is None and self.expires_at > timezone.now()

    def together(self) -> list[Invitation]:
        """This one first, then the person's other open invitations to a role at the office: one link takes them all."""
        others = Invitation.objects.filter(
            operator_id=self.operator_id, email=self.email, organisation_id=None,
            accepted_at=None, withdrawn_at=None, expires_at__gt=timezone.now(),
        )  # fmt: skip
        return [self, *others.exclude(pk=self.pk).order_by("pk")]

    @property
    def roles_in_words(self) -> str:
        """»administrator og erhvervschef«."""
        return join([invitation.get_role_display().lower() for invitation in self.together()], str(_("og")))


class AuditEntry(models.Model):
    """The audit trail: sign-ins, changes of access, exports, and who looked at personal data."""

    operator = models.ForeignKey(Operator, on_delete=models.SET_NULL, null=True, related_name="+")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(_("hvornår"), default=timezone.now, db_index=True)
    action = models.CharField(_("handling"), max_length=40)
    about = models.CharField(_("om"), max_length=200, blank=True)
    detail = models.JSONField(_("nærmere"), default=dict, blank=True)

    class Meta:
        ordering = ["-at"]
        indexes = [models.Index(fields=["operator", "-at"])]

    WORDS: ClassVar[dict[str, Any]] = {
        "signed_in": _("Loggede ind"),
        "failed_sign_in": _("Log ind mislykkedes"),
        "invited": _("Inviterede"),
        "accepted": _("Tog imod invitation"),
        "withdrew": _("Trak invitation tilbage"),
        "ended": _("Lukkede adgang"),
        "changed_address": _("Skiftede e-mailadresse"),
        "office_opened": _("Oprettede kontoret"),
        "changed_office": _("Ændrede kontorets oplysninger"),
        "export": _("Hentede et udtræk"),
        # of older entries; now an export like the others
        "listings.exported": _("Hentede et udtræk af har og mangler"),
        "person_set": _("Så personoplysninger"),
        "person_erased": _("Slettede en person"),
        "person_exported": _("Hentede alt om en person"),
        "imported": _("Importerede en fil"),
        "import_taken_back": _("Tog en import tilbage"),
        "letter_sent_again": _("Sendte et brev igen"),
        "letter_marked_sent": _("Markerede et brev som sendt"),
        "letter_template": _("Ændrede en brevskabelon"),
        "letter_template_restored": _("Gik tilbage til standardbrevet"),
        "definition_adopted": _("Tog en opskrift i brug"),
        "definition_retired": _("Tog en opskrift ud af brug"),
        "bids_opened": _("Åbnede bud"),
        "interaction_deleted": _("Slettede en samtale"),
        "attachment_deleted": _("Slettede et bilag"),
        "case_document_deleted": _("Fjernede et dokument fra en sag"),
        "case_exported": _("Hentede en sag som arkiv"),
        "case_archived": _("Afleverede en sag til arkivet"),
        "case_deleted": _("Slettede en sag"),
        "follow_up_deleted": _("Slettede en opfølgning"),
        "organisations_merged": _("Lagde to virksomheder sammen"),
        "merge_undone": _("Fortrød en sammenlægning"),
        "duplicates_apart": _("Afgjorde, at to virksomheder ikke er den samme"),
        "board_deleted": _("Slettede et råd"),
        "board_seat_deleted": _("Fjernede en plads i et råd"),
        "board_meeting_deleted": _("Slettede et møde i et råd"),
        "board_paper_deleted": _("Slettede et mødebilag"),
        "board_minutes_approved": _("Godkendte et mødereferat"),
        "recommendation_deleted": _("Slettede en anbefaling"),
        "calendar_address_made": _("Lavede en hemmelig kalenderadresse"),
        "inbound_address_made": _("Lavede en adresse til indgående mail"),
        "mail_placed": _("Lagde en mail hos en virksomhed"),
        "mail_discarded": _("Kasserede en mail fra indbakken"),
        "assessment_deleted": _("Slettede en vurdering"),
        "action_plan_deleted": _("Slettede en handlingsplan"),
        "portfolio_filled": _("Tog virksomheder ind i porteføljen"),
        "portfolio_left": _("Tog en virksomhed ud af porteføljen"),
        "portfolio_handed_over": _("Overdrog en portefølje"),
        "hand_over_undone": _("Fortrød en overdragelse af en portefølje"),
        "key_accounts_set": _("Valgte nøglekonsulent for virksomheder"),
        "aid_deleted": _("Slettede en registreret støtte"),
        "undertaking_linked": _("Regnede to virksomheder som én"),
        "undertaking_unlinked": _("Skilte en virksomhed ud igen"),
        "partner_deleted": _("Slettede en partner"),
        "partner_agreement_deleted": _("Slettede en aftale om henvisning"),
        "referral_withdrawn": _("Trak en henvisning tilbage"),
        "referral_deleted": _("Slettede en henvisning"),
        "segment_deleted": _("Slettede et segment"),
        "mailing_deleted": _("Slettede en kladde til en udsendelse"),
        "mailing_sent": _("Sendte en udsendelse"),
        "purpose_saved": _("Gemte et formål for samtykker"),
        "interest_deleted": _("Slettede et emne"),
        "welcome_letters_made": _("Lavede velkomstbreve"),
        "booking_rule_deleted": _("Fjernede en samtaletid eller en undtagelse"),
        "address_revived": _("Tog en død mailadresse i brug igen"),
        "listing.agreed_to_be_shown": _("Noterede ejerens ja til at blive vist"),
    }

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.user}: {self.action} {self.about}"

    @property
    def action_word(self) -> str:
        """The action in plain Danish; an unknown one as it was written."""
        return str(self.WORDS.get(self.action, self.action))
