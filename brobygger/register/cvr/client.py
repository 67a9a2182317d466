# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""The live service of the CVR distribution (Elasticsearch over HTTP, user and password from Erhvervsstyrelsen).

`CVR_URL` is the index, such as `http://distribution.virk.dk/cvr-permanent`; the scroll goes to `_search/scroll` beside
it. A page of a scroll is given out once: when one is lost on the way the search is begun again, and what was already
received is passed by. People (`deltagerRelation`) are not even asked for.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import Any

import httpx
import structlog
from django.conf import settings
from django.utils.translation import gettext as _

from brobygger.base.errors import UserError
from brobygger.register.cvr.reading import COMPANY, SITE, Document, document_of

log = structlog.get_logger("brobygger.cvr")
PAGE = 500
KEEP = "5m"
ATTEMPTS = 5
FIRST_PAUSE = 1.0  # seconds; doubled for each further attempt
TIMEOUT = httpx.Timeout(60.0, connect=10.0)
_PATHS = {COMPANY: "virksomhed", SITE: "produktionsenhed"}
_EXCLUDED = ("deltagerRelation", "attributter", "fusioner", "spaltninger", "regNummer", "obligatoriskEmail")


class CvrUnavailable(UserError):
    """The service did not answer properly, also after several attempts."""

    def __init__(self) -> None:
        super().__init__(
            _("CVR svarer ikke, som det skal. Vi prøver igen i nat. Der er ikke ændret noget forkert.")
        )


class CvrRefused(UserError):
    """The service does not accept our user or password, or our question."""

    def __init__(self, status: int) -> None:
        super().__init__(
            _("CVR afviste os (%(status)s). Se efter, om CVR_URL, CVR_USER og CVR_PASSWORD er rigtige.")
            % {"status": status}
        )


class _Lost(Exception):
    """A page did not come through; the search must be begun again."""


class CvrClient:
    """Asks the service. `pause` waits between attempts (seconds)."""

    def __init__(
        self,
        url: str,
        user: str,
        password: str,
        *,
        page: int = PAGE,
        pause: Callable[[float], None] = time.sleep,
    ) -> None:
        self.url = url.rstrip("/")
        self.page, self.pause = page, pause
        auth = httpx.BasicAuth(user, password) if user else None
        self.http = httpx.Client(auth=auth, timeout=TIMEOUT)

    def changed_since(self, moment: datetime | None, municipalities: Sequence[str]) -> Iterator[Document]:
        """Companies, then establishments, that are or were in the municipalities and changed since then (None: ever).

        Raises CvrRefused, CvrUnavailable.
        """
        for kind in (COMPANY, SITE):
            codes = [int(code) for code in municipalities]
            here = {"terms": {f"{kind}.beliggenhedsadresse.kommune.kommuneKode": codes}}
            yield from self._search(kind, [here, *_since(kind, moment)])

    def companies(self, numbers: Sequence[str], moment: datetime | None = None) -> Iterator[Document]:
        """The companies with these CVR numbers, or those that changed since a moment. Raises CvrRefused, CvrUnavailable."""
        for start in range(0, len(numbers), self.page):
            some = [int(number) for number in numbers[start : start + self.page]]
            yield from self._search(
                COMPANY, [{"terms": {f"{COMPANY}.cvrNummer": some}}, *_since(COMPANY, moment)]
            )

    def _search(self, kind: str, conditions: list[dict[str, Any]]) -> Iterator[Document]:
        question = {
            "query": {"bool": {"filter": conditions}},
            "_source": {"excludes": [f"{kind}.{name}" for name in _EXCLUDED]},
            "size": self.page,
            "sort": ["_doc"],
        }
        received: set[str] = set()
        for attempt in range(ATTEMPTS):
            if attempt:
                self.pause(FIRST_PAUSE * 2 ** (attempt - 1))
            try:
                yield from self._scroll(kind, question, received)
            except _Lost as lost:
                log.warning("cvr page lost", kind=kind, attempt=attempt + 1, why=str(lost))
            else:
                return
        raise CvrUnavailable

    def _scroll(self, kind: str, question: dict[str, Any], received: set[str]) -> Iterator[Document]:
        """Every hit of one search that was not received before. Raises _Lost, CvrRefused."""
        answer = self._ask(f"{self.url}/{_PATHS[kind]}/_search?scroll={KEEP}", question)
        total, seen = _total(answer), 0
        while hits := _hits(answer):
            for hit in hits:
                seen += 1
                key = str(hit.get("_id") or f"{kind} {seen}")
                if key not in received:
                    received.add(key)
                    yield document_of(0, hit)
            scroll_id = answer.get("_scroll_id")
            if not scroll_id or seen >= total:
                break
            answer = self._ask(self._scroll_url, {"scroll": KEEP, "scroll_id": scroll_id})
        self._let_go(answer.get("_scroll_id"))
        if seen < total:
            raise _Lost(f"{seen} of {total}")

    @property
    def _scroll_url(self) -> str:
        """`_search/scroll` at the server's root, outside the index."""
        return str(httpx.URL(self.url).copy_with(path="/_search/scroll"))

    def _ask(self, url: str, question: dict[str, Any]) -> dict[str, Any]:
        """One answer. Raises _Lost where it may come by asking again, CvrRefused where not."""
        try:
            response = self.http.post(url, json=question)
        except httpx.HTTPError as error:
            raise _Lost(type(error).__name__) from error
        status = response.status_code
        if status in {400, 401, 403} or (status == 404 and url != self._scroll_url):
            raise CvrRefused(status)
        if status != 200:
            raise _Lost(str(status))
        try:
            answer = response.json()
        except ValueError as error:
            raise _Lost("not JSON") from error
        if (
            not isinstance(answer, dict)
            or answer.get("timed_out")
            or not isinstance(answer.get("hits"), dict)
        ):
            raise _Lost("not a page")
        if (answer.get("_shards") or {}).get("failed"):
            raise _Lost("a shard failed")
        return answer

    def _let_go(self, scroll_id: Any) -> None:
        """Tell the service that the scroll is no longer needed; it forgets by itself otherwise."""
        if scroll_id:
            try:
                self.http.request("DELETE", self._scroll_url, json={"scroll_id": [scroll_id]})
            except httpx.HTTPError:
                log.info("cvr scroll not closed")


def _since(kind: str, moment: datetime | None) -> list[dict[str, Any]]:
    """The condition that a document changed since then; none for ever."""
    return [{"range": {f"{kind}.sidstOpdateret": {"gte": moment.isoformat()}}}] if moment else []


def _hits(answer: dict[str, Any]) -> list[dict[str, Any]]:
    hits = answer["hits"].get("hits")
    if not isinstance(hits, list):
        raise _Lost("no hits")
    return [hit for hit in hits if isinstance(hit, dict)]


def _total(answer: dict[str, Any]) -> int:
    """How many hits there are: a number, or since Elasticsearch 7 an object with one."""
    total = answer["hits"].get("total")
    value = total.get("value") if isinstance(total, dict) else total
    return value if isinstance(value, int) else 0


def configured_client() -> CvrClient | None:
    """The client of the settings; None where no CVR_URL is set."""
    if not settings.CVR_URL:
        return None
    return CvrClient(settings.CVR_URL, settings.CVR_USER, settings.CVR_PASSWORD)
