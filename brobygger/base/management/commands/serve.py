# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""`brobygger serve`: the web server, ready for use behind a proxy or on its own."""

from __future__ import annotations

import os
import sys
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandParser


class Command(BaseCommand):
    """A connection is closed after each answer, as gunicorn does it behind a proxy: one that is kept stays with its worker, and
    four that came to the same one would wait for each other while the other worker is idle. `KEEP_ALIVE` (seconds) keeps it.
    For the same reason a worker takes no more connections than it has threads (`WEB_THREADS`): the next is for who is free."""

    help = "Start webserveren (gunicorn)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--port", default=os.environ.get("PORT") or "8000")
        parser.add_argument("--bind", default=os.environ.get("BIND") or "127.0.0.1")
        parser.add_argument("--workers", type=int, default=int(os.environ.get("WEB_WORKERS") or "2"))

    def handle(self, *args: Any, **options: Any) -> None:
        call_command("collectstatic", interactive=False, verbosity=0)
        threads = os.environ.get("WEB_THREADS") or "2"
        arguments = [
            sys.executable, "-m", "gunicorn", "brobygger.config.wsgi:application",
            "--bind", f"{options['bind']}:{options['port']}",
            "--workers", str(options["workers"]),
            "--threads", threads,
            "--worker-connections", threads,
            "--keep-alive", os.environ.get("KEEP_ALIVE") or "0",
            "--preload",
            "--access-logfile", os.environ.get("ACCESS_LOG") or "/dev/null",
        ]  # fmt: skip
        os.execv(sys.executable, arguments)  # noqa: S606
