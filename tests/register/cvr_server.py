# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""A small server that answers as the live CVR service does, and fails in the ways it can be told to."""

from __future__ import annotations

import base64
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from tests.register.cvr_documents import page

USER, PASSWORD = "prøve", "hemmeligt"


class CvrServer:
    """`documents`: what each index holds; `elsewhere`: companies that are found by their number only. `failures`: what goes wrong with the next answers, one taken each time."""

    def __init__(self) -> None:
        self.documents: dict[str, list[Any]] = {"virksomhed": [], "produktionsenhed": []}
        self.failures: list[str] = []
        self.asked: list[tuple[str, Any]] = []
        self.closed = 0
        self.url = ""
        self._scrolls: dict[str, tuple[str, int, int]] = {}

    def answer(self, path: str, question: dict[str, Any]) -> tuple[int, bytes]:
        """Status and body; an empty body hangs up."""
        self.asked.append((path, question))
        failure = self.failures.pop(0) if self.failures else ""
        if failure.isdigit():
            return int(failure), b'{"error": "proeve"}'
        found = self._page(path, question)
        if found is None:
            return 404, b'{"error": {"type": "search_context_missing_exception"}}'
        body = json.dumps(found).encode()
        if failure == "half":
            return 200, body[: len(body) // 2]
        if failure == "broken":
            return 200, b"<html>vi er lukket</html>"
        if failure == "expired":
            self._scrolls.clear()
        if failure == "hang up":
            return 200, b""
        return 200, body

    def _page(self, path: str, question: dict[str, Any]) -> dict[str, Any] | None:
        if path == "/_search/scroll":
            kept = self._scrolls.get(question["scroll_id"])
            if kept is None:
                return None
            index, place, size = kept
            key = question["scroll_id"]
        else:
            index, place, size = path.split("/")[2], 0, question["size"]
            key = f"{index}-{len(self.asked)}"
        everything = self._matching(index, question) if place == 0 else self.documents[index]
        self._scrolls[key] = (index, place + size, size)
        answer = page(*everything[place : place + size], scroll=key, total=len(everything))
        for number, hit in enumerate(answer["hits"]["hits"]):
            hit["_id"] = f"{index}-{place + number}"
        return answer

    def _matching(self, index: str, question: dict[str, Any]) -> list[Any]:
        """All of the index, or those with the numbers asked for."""
        for condition in question.get("query", {}).get("bool", {}).get("filter", []):
            numbers = condition.get("terms", {}).get("Vrvirksomhed.cvrNummer")
            if numbers:
                every = [*self.documents[index], *self.documents.get("elsewhere", [])]
                return [one for one in every if one["Vrvirksomhed"]["cvrNummer"] in numbers]
        return self.documents[index]


@contextmanager
def running() -> Iterator[CvrServer]:
    """The server on a free port of this machine."""
    served = CvrServer()
    expected = "Basic " + base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            length = int(self.headers.get("Content-Length", 0))
            question = json.loads(self.rfile.read(length) or b"{}")
            if self.headers.get("Authorization") != expected:
                self._send(401, b"{}")
                return
            status, body = served.answer(self.path.split("?")[0], question)
            if body:
                self._send(status, body)

        def do_DELETE(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length", 0)))
            served.closed += 1
            self._send(200, b"{}")

        def _send(self, status: int, body: bytes) -> None:
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args: Any) -> None:
            """Silent."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    served.url = f"http://127.0.0.1:{server.server_port}/cvr-permanent"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield served
    finally:
        server.shutdown()
        server.server_close()
