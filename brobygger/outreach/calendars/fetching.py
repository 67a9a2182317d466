# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Fetching a calendar by the address a consultant typed in: only from the open internet, only so much, only so long.

An address is looked up once, every answer of the look-up must be a public one, and the connection goes to the very
address that was checked: a name that answers otherwise the second time leads nowhere else.
"""

from __future__ import annotations

import ipaddress
import socket
import time
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

import httpx
from django.conf import settings
from django.utils.translation import gettext as _

from brobygger.base.errors import UserError

LARGEST = 5 * 1024 * 1024  # bytes
LONGEST = 15.0  # seconds, for all of it
MOST_TURNS = 3
"""Redirections that are followed, each checked like the first."""
PORTS = {"http": 80, "https": 443}
TRANSLATED = tuple(map(ipaddress.ip_network, ("64:ff9b::/96", "64:ff9b:1::/48")))
"""IPv6 addresses that a gateway turns into IPv4 ones (RFC 6052): what they lead to cannot be seen from here."""


class CalendarUnavailable(UserError):
    """The calendar cannot be fetched; the message says why."""


@dataclass(frozen=True, slots=True)
class Target:
    """A checked address: where the connection goes, and what the server is called."""

    url: httpx.URL
    host: str
    ip: str


def fetch(url: str) -> bytes:
    """The calendar's bytes. Raises CalendarUnavailable."""
    until = time.monotonic() + LONGEST
    with httpx.Client(trust_env=False, follow_redirects=False, timeout=5.0) as client:
        for _turn in range(MOST_TURNS + 1):
            target = checked(url)
            try:
                content, turned_to = _asked(client, target, until)
            except (httpx.HTTPError, OSError) as error:
                raise CalendarUnavailable(_("Kalenderen svarer ikke. Prøv igen senere.")) from error
            if turned_to is None:
                return content
            url = urljoin(url, turned_to)
    raise CalendarUnavailable(_("Adressen sender videre for mange gange."))


def checked(url: str) -> Target:
    """Where a connection may go. Raises CalendarUnavailable on anything but a public http(s) address."""
    parts = urlsplit(url.replace("webcal://", "https://", 1))
    if parts.scheme not in PORTS or not parts.hostname or parts.username or parts.password:
        raise CalendarUnavailable(
            _("Adressen skal begynde med https:// og være uden brugernavn og adgangskode.")
        )
    try:
        port = parts.port or PORTS[parts.scheme]
        found = socket.getaddrinfo(parts.hostname, port, type=socket.SOCK_STREAM)
    except (OSError, ValueError, UnicodeError) as error:
        raise CalendarUnavailable(_("Vi kan ikke finde adressen. Er den skrevet rigtigt?")) from error
    addresses = [str(entry[4][0]) for entry in found]
    if not addresses or not all(_is_public(address) for address in addresses):
        raise CalendarUnavailable(_("Adressen ligger på et lukket netværk og kan ikke hentes."))
    shown = f"[{addresses[0]}]" if ":" in addresses[0] else addresses[0]
    query = f"?{parts.query}" if parts.query else ""
    return Target(
        httpx.URL(f"{parts.scheme}://{shown}:{port}{parts.path or '/'}{query}"), parts.hostname, addresses[0]
    )


def _is_public(address: str) -> bool:
    if settings.CALENDAR_PRIVATE_ADDRESSES:
        return True
    try:
        ip = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if any(ip in network for network in TRANSLATED):
        return False
    inner = getattr(ip, "ipv4_mapped", None) or getattr(ip, "sixtofour", None)
    return ip.is_global and not ip.is_multicast and (inner is None or inner.is_global)


def _asked(client: httpx.Client, target: Target, until: float) -> tuple[bytes, str | None]:
    """(content, where it turned us to)."""
    port = target.url.port
    host = target.host if port in (None, *PORTS.values()) else f"{target.host}:{port}"
    request = client.build_request(
        "GET",
        target.url,
        headers={"Host": host, "User-Agent": "Brobygger", "Accept": "text/calendar, */*;q=0.1"},
        extensions={"sni_hostname": target.host},
    )
    response = client.send(request, stream=True)
    try:
        if response.is_redirect:
            return b"", response.headers.get("Location", "")
        if response.status_code != httpx.codes.OK:
            raise CalendarUnavailable(
                _("Kalenderen svarer med fejl %(code)s.") % {"code": response.status_code}
            )
        return _read(response, until), None
    finally:
        response.close()


def _read(response: httpx.Response, until: float) -> bytes:
    held = bytearray()
    for piece in response.iter_bytes():
        held += piece
        if len(held) > LARGEST:
            raise CalendarUnavailable(_("Kalenderen er for stor."))
        if time.monotonic() > until:
            raise CalendarUnavailable(_("Kalenderen svarer for langsomt."))
    return bytes(held)
