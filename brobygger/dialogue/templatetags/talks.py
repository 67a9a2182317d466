# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""One talk in a list, written in one go: a list shows a hundred, and a template of its own for each is half of the page's time."""

from __future__ import annotations

from django import template
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from brobygger.base import moments
from brobygger.base.danish import number
from brobygger.dialogue.models import Interaction, PlannedVisit

register = template.Library()
LONGEST = 220
"""Letters of the text that a list shows."""
KINDS = dict(Interaction.Kind.choices)


@register.simple_tag
def talk_line(talk: Interaction, *, show_firms: bool = False) -> SafeString:
    """Kind and day as the way to the talk, the firms, who it was, what there is with it, and how it begins."""
    link = format_html(
        '<a href="{}"><strong>{}</strong> <time class="bb-day" datetime="{}">{}</time></a>',
        talk.get_absolute_url(),
        KINDS[talk.kind],
        talk.on.isoformat(),
        date_format(talk.on, "j. N Y"),
    )
    firms = (
        format_html_join(
            ", ", '<a href="{}">{}</a>', ((f.get_absolute_url(), f.name) for f in talk.organisations.all())
        )
        if show_firms
        else ""
    )
    return format_html(
        "{}{}{}{}{}{}<br>{}",
        link,
        format_html(" · {}", firms) if show_firms else "",
        format_html(' <span class="bb-muted">· {}</span>', talk.by) if talk.by else "",
        "" if talk.private else _badge(_("Delt med virksomheden"), "badge badge-info"),
        _badge(_attached(talk.files), "badge") if getattr(talk, "files", 0) else "",  # type: ignore[attr-defined]
        _badge(_("Opdigtet"), "badge") if talk.invented else "",
        Truncator(talk.text).chars(LONGEST),
    )


def _badge(text: str, look: str) -> SafeString:
    return format_html(' <span class="{}">{}</span>', look, text)


def _attached(files: int) -> str:
    return ngettext("%(count)s bilag", "%(count)s bilag", files) % {"count": number(files)}


@register.simple_tag
def visit_time(visit: PlannedVisit) -> str:
    """`onsdag den 4. marts kl. 9.00–10.00`, or `uge 10` as long as no time is agreed."""
    if visit.starts_at and visit.ends_at:
        return moments.from_to(visit.starts_at, visit.ends_at)
    return _("uge %(number)s") % {"number": visit.week.isocalendar().week}
