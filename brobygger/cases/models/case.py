# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""A case. Where it stands is worked out from its events (`services.derive`), never typed."""

from __future__ import annotations

from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from brobygger.accounts.models import STAFF, Operator
from brobygger.base.addresses import address_of
from brobygger.base.models import Versioned
from brobygger.base.prepared import one_of
from brobygger.blueprints.models import Definition
from brobygger.cases.clock import State
from brobygger.cases.definition import CaseType, FieldKind, Stage
from brobygger.cases.definition.gates import Ending
from brobygger.register.models import Affiliation, Organisation

if TYPE_CHECKING:
    from brobygger.cases.models.event import CaseEvent
    from brobygger.cases.timeline import Granted

OUTCOMES = {
    Ending.GRANTED: _("Bevilget"),
    Ending.REFUSED: _("Afslag"),
    Ending.WITHDRAWN: _("Trukket tilbage"),
    Ending.CLOSED: _("Afsluttet"),
}
CLOCK_WORDS = {
    State.NOT_STARTED: _("Ikke begyndt"),
    State.RUNNING: _("Løber"),
    State.STANDING: _("Står stille"),
    State.ENDED: _("Slut"),
}


def is_open(wanted: bool) -> Q:
    """Open or closed. Asked as a list: SQLite uses an index for `IN (1)`, not for the bare column that Django writes for `= True`."""
    return Q(is_open__in=(wanted,))


class CaseQuerySet(models.QuerySet["Case"]):
    """Reads that respect scope and conflicts of interest."""

    def visible_to(self, user: Any) -> CaseQuerySet:
        """The office's side of cases: those of the operators where the person is consultant or head, and those where the
        person is a party that decides or advises; never one where the person, or their organisation, has an interest."""
        if not getattr(user, "is_authenticated", False):
            return self.none()
        from brobygger.cases.models.parts import CaseParty

        offices = user.operators_as(STAFF)
        taking_part = Q(pk__in=CaseParty.objects.cases_to_decide(user))
        rows = (
            self.filter(one_of("operator_id", offices) | taking_part) if offices else self.filter(taking_part)
        )
        return rows.without_conflict(user)

    def without_conflict(self, user: Any) -> CaseQuerySet:
        """Leaves out what the person may not handle (forvaltningsloven § 3)."""
        from brobygger.cases.models.parts import CaseParty

        return self.exclude(pk__in=CaseParty.objects.cases_of_interest(user))

    def open(self) -> CaseQuerySet:
        """Not closed."""
        return self.filter(is_open(True))

    def own_of(self, user: Any) -> CaseQuerySet:
        """The applicant's side: cases of the organisations that the person acts for."""
        if not getattr(user, "is_authenticated", False):
            return self.none()
        own = Affiliation.objects.filter(person__user=user, ended_on=None, may_act=True)
        return self.filter(organisation_id__in=own.values("organisation_id"))

    def late(self) -> CaseQuerySet:
        """Past what they should have kept."""
        return self.filter(is_open(True), due_on__lt=timezone.localdate())


class Case(Versioned):
    """Something that goes through gates against a clock, after a definition whose version it keeps."""

    operator = models.ForeignKey(Operator, on_delete=models.PROTECT, related_name="cases")
    definition = models.ForeignKey(Definition, on_delete=models.PROTECT, related_name="cases")
    type_key = models.CharField(_("sagstype"), max_length=60)
    number = models.CharField(_("sagsnummer"), max_length=30)
    title = models.CharField(_("titel"), max_length=200)
    subtype = models.CharField(_("art"), max_length=40, blank=True)
    organisation = models.ForeignKey(
        Organisation,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="cases",
        verbose_name=_("ansøger"),
    )
    officer = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="cases",
        verbose_name=_("sagsbehandler"),
    )
    kle = models.CharField(_("KLE-nummer"), max_length=8, blank=True)
    external_ref = models.CharField(_("journalnummer"), max_length=60, blank=True)
    """The case's name in the municipality's own case system."""
    values = models.JSONField(_("oplysninger"), default=dict, blank=True)
    checks = models.JSONField(_("tjekliste"), default=list, blank=True)
    """Keys of the check points that are ticked off."""

    # Worked out from the events; written by services.derive alone.
    stage = models.CharField(_("trin"), max_length=40)
    stage_at = models.DateTimeField(_("siden"))
    round = models.PositiveIntegerField(default=1)
    """Each stage entered, and each vote that ended without moving the case, begins a new one: old votes do not count."""
    is_open = models.BooleanField(_("åben"), default=True)
    is_paused = models.BooleanField(_("venter"), default=False)
    outcome = models.CharField(_("udfald"), max_length=10, blank=True)
    opened_on = models.DateField(_("modtaget"))
    decided_on = models.DateField(_("afgjort"), null=True, blank=True)
    closed_on = models.DateField(_("lukket"), null=True, blank=True)
    topic = models.CharField(_("emne"), max_length=200, blank=True)
    amount = models.DecimalField(_("beløb"), max_digits=14, decimal_places=2, null=True, blank=True)
    clock_state = models.CharField(_("ur"), max_length=12, default=State.NOT_STARTED)
    clock_started_on = models.DateField(_("uret begyndte"), null=True, blank=True)
    clock_ended_on = models.DateField(_("uret sluttede"), null=True, blank=True)
    goal_days = models.PositiveIntegerField(_("servicemål"), null=True, blank=True)
    days_used = models.PositiveIntegerField(_("dage brugt"), null=True, blank=True)
    """On the first clock when it ended; None while it runs, for it changes by the day."""
    due_on = models.DateField(_("frist"), null=True, blank=True)
    warn_on = models.DateField(_("varsel"), null=True, blank=True)

    warned_on = models.DateField(null=True, blank=True, editable=False)
    news = models.ForeignKey(
        "cases.CaseEvent", on_delete=models.SET_NULL, null=True, blank=True, editable=False, related_name="+"
    )
    """The newest that somebody outside the office did, until the office has read it (`services.news`)."""
    news_told = models.CharField(max_length=254, blank=True, default="", editable=False)
    """The address that was written to about it."""
    asked_round = models.PositiveIntegerField(default=0, editable=False)
    """The round in which somebody whom the case waits for was last written to (`services.telling`)."""
    source_digest = models.CharField(max_length=64, blank=True, editable=False, default="")
    """What an import last said: a re-import changes only what changed."""
    exported_at = models.DateTimeField(_("arkivfil hentet"), null=True, blank=True, editable=False)
    """The archive file holds what was written until then."""
    archived_at = models.DateTimeField(_("arkiveret"), null=True, blank=True, editable=False)
    invented = models.BooleanField(_("opdigtet"), default=False, editable=False)
    entry_key = models.UUIDField(null=True, blank=True, unique=True, editable=False)
    """Of the form it was opened on: a second press of the button finds the first case."""
    created_at = models.DateTimeField(_("oprettet"), default=timezone.now, editable=False)

    unregistered = ""
    """The applicant's name where it stands in no register; filled in for lists by `queries.lists.as_lines`."""
    waits_for = ""
    """What the applicant is told that an open case waits for; filled in for lists by `queries.waiting.as_own`."""

    objects = CaseQuerySet.as_manager()

    class Meta:
        ordering = ["-opened_on", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["operator", "number"], name="cases_one_case_per_number"),
            models.UniqueConstraint(
                fields=["operator", "type_key", "external_ref"],
                condition=~Q(external_ref=""),
                name="cases_one_case_per_reference",
            ),
            models.CheckConstraint(condition=~Q(title=""), name="cases_case_has_a_title"),
        ]
        indexes = [
            models.Index(fields=["operator", "is_open", "due_on", "-opened_on", "-id"], name="cases_by_due"),
            models.Index(fields=["operator", "-opened_on", "-id"], name="cases_newest"),
            models.Index(
                fields=["operator", "type_key", "is_open", "stage", "-opened_on", "-id"],
                name="cases_by_stage",
            ),
            models.Index(fields=["operator", "officer", "is_open", "due_on"], name="cases_by_officer"),
            models.Index(fields=["operator", "type_key", "decided_on", "outcome"], name="cases_by_decision"),
            models.Index(fields=["operator", "type_key", "topic"], name="cases_by_topic"),
            models.Index(fields=["organisation", "-opened_on"], name="cases_of_firm"),
            models.Index(
                fields=["operator", "officer"], condition=Q(news__isnull=False), name="cases_with_news"
            ),
        ]
        verbose_name = _("sag")
        verbose_name_plural = _("sager")

    def __str__(self) -> str:
        return f"{self.number} {self.title}"

    def get_absolute_url(self) -> str:
        return address_of("cases:case", self.pk)

    @property
    def type(self) -> CaseType:
        """The definition that the case runs on."""
        kind: CaseType = self.definition.content
        return kind

    @property
    def at_stage(self) -> Stage:
        return self.type.stage(self.stage)

    def value(self, key: str) -> Any:
        """A field's value as stored; None where it is empty."""
        found = self.values.get(key)
        return None if found == "" else found

    @cached_property
    def timeline(self) -> list[CaseEvent]:
        """What happened, in the order in which it happened, without what was taken back. Load afresh after a write."""
        from brobygger.cases.timeline import effective

        return effective(self.events.select_related("by").order_by("pk"))

    @property
    def granted(self) -> Granted | None:
        """What stands granted, from the decision's event; None where nothing does."""
        from brobygger.cases.timeline import granted

        return granted(self.type, self.timeline, self.values) if self.type.amount_field else None

    @property
    def amount_is_fixed(self) -> bool:
        """The amount was decided on, and no new decision is under way."""
        return self.outcome == Ending.GRANTED and not self.at_stage.decides_anew

    @property
    def paid(self) -> Decimal:
        """Kroner paid so far. One question, or none where the payments were read beforehand."""
        return sum((row.amount for row in self.payments.all()), Decimal(0))

    @property
    def is_late(self) -> bool:
        return self.is_open and self.due_on is not None and self.due_on < timezone.localdate()

    @property
    def is_close(self) -> bool:
        """The warning before the deadline has come."""
        return (
            self.is_open
            and not self.is_late
            and self.warn_on is not None
            and self.warn_on <= timezone.localdate()
        )

    @property
    def applicant_name(self) -> str:
        """Who applies, as lists show it."""
        return self.organisation.name if self.organisation else self.unregistered

    @property
    def news_words(self) -> str:
        """What is new and unread; empty where nothing is."""
        from brobygger.cases.words import news_word

        return news_word(self.type, self.news) if self.news else ""

    @property
    def within_goal(self) -> bool | None:
        """Whether the first clock kept its goal; None where there is none, or it still runs."""
        if self.goal_days is None or self.days_used is None:
            return None
        return self.days_used <= self.goal_days

    @property
    def outcome_word(self) -> str:
        if not self.outcome:
            return ""
        ending = Ending(self.outcome)
        return self.type.outcome_words.get(ending) or str(OUTCOMES[ending])

    @property
    def clock_word(self) -> str:
        return str(CLOCK_WORDS[State(self.clock_state)])

    @property
    def subtype_name(self) -> str:
        sort = self.type.subtype(self.subtype) if self.subtype else None
        return sort.name if sort else ""

    def file_fields(self) -> list[str]:
        return [field.key for field in self.type.fields if field.kind == FieldKind.FILE]


class CaseNumber(models.Model):
    """The last number given, by operator, prefix and year. Locked while the next one is given."""

    operator = models.ForeignKey(Operator, on_delete=models.CASCADE, related_name="+")
    prefix = models.CharField(max_length=6)
    year = models.PositiveIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["operator", "prefix", "year"], name="cases_one_counter_a_year")
        ]

    def __str__(self) -> str:
        return f"{self.prefix}-{self.year}-{self.last}"
