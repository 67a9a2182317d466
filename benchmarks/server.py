# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""A real web server on this machine, and a few clients that ask it for pages, one after the other."""

from __future__ import annotations

import http.client
import itertools
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import urlencode

WORKERS = 2
CLIENTS = 4
PATIENCE = 180  # seconds to start, and to answer
NAIVE = "benchmarks.naive_settings"
TOKEN = "b" * 32
"""What a browser would have been given against forged forms."""


@dataclass(frozen=True)
class Answers:
    """What the clients saw. Milliseconds for each request, in the order they ended."""

    milliseconds: tuple[float, ...]
    first: str
    """The first page as it was sent."""
    per_second: float = 0.0
    """Requests answered a second, by all clients together."""

    def percentile(self, share: float) -> float:
        """The time that `share` (0..1) of the requests were answered within."""
        times = sorted(self.milliseconds)
        return times[min(len(times) - 1, round(share * len(times)))]


@contextmanager
def serving(environment: Mapping[str, str], *, naive: bool = False) -> Iterator[int]:
    """`brobygger serve` with two workers (or the same server with the naive pages); gives the port."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    if naive:
        environment = {**environment, "DJANGO_SETTINGS_MODULE": NAIVE}
        command = ["-m", "gunicorn", "django.core.wsgi:get_wsgi_application()", "--bind", f"127.0.0.1:{port}"]
        command += ["--workers", str(WORKERS), "--threads", "4"]
    else:
        command = ["-m", "brobygger.config.command", "serve", "--port", str(port), "--workers", str(WORKERS)]
    server = subprocess.Popen([sys.executable, *command], env=dict(environment))
    try:
        _wait_for(port, server)
        yield port
    finally:
        server.terminate()
        server.wait(timeout=PATIENCE)


def _wait_for(port: int, server: subprocess.Popen[bytes]) -> None:
    began = time.monotonic()
    while time.monotonic() - began < PATIENCE and server.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise RuntimeError("the server did not start")


def ask(port: int, addresses: Sequence[str], session: str, requests: int) -> Answers:
    """`CLIENTS` clients ask for the addresses in turn until there were so many requests. Raises on any but 200."""
    return _in_turn(port, [(address, None) for address in addresses], session, requests, http.HTTPStatus.OK)


def send(port: int, address: str, forms: Sequence[Mapping[str, str]], session: str) -> Answers:
    """`CLIENTS` clients send the forms, each once, as a browser does. Raises on any answer but a redirect."""
    posts = [(address, {**form, "csrfmiddlewaretoken": TOKEN}) for form in forms]
    return _in_turn(port, posts, session, len(posts), http.HTTPStatus.FOUND)


Question = tuple[str, "Mapping[str, str] | None"]
"""An address, and the form that is sent there; None asks for the page."""


def _in_turn(port: int, questions: Sequence[Question], session: str, requests: int, wanted: int) -> Answers:
    turn = itertools.islice(itertools.cycle(questions), requests)
    lock = threading.Lock()
    times: list[float] = []
    bodies: dict[str, str] = {}
    faults: list[str] = []

    def client() -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
        while not faults:
            with lock:
                question = next(turn, None)
            if question is None:
                return
            address, form = question
            headers = {"Cookie": f"sessionid={session}; csrftoken={TOKEN}"}
            began = time.perf_counter()
            if form is None:
                connection.request("GET", address, headers=headers)
            else:
                headers["Content-Type"] = "application/x-www-form-urlencoded"
                connection.request("POST", address, body=urlencode(form), headers=headers)
            answer = connection.getresponse()
            body = answer.read()
            took = (time.perf_counter() - began) * 1000
            with lock:
                times.append(took)
                bodies.setdefault(address, body.decode())
                if answer.status != wanted:
                    faults.append(f"{address} answered {answer.status}")

    threads = [threading.Thread(target=client) for _ in range(CLIENTS)]
    started = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if faults:
        raise RuntimeError(faults[0])
    return Answers(tuple(times), bodies[questions[0][0]], len(times) / (time.perf_counter() - started))
