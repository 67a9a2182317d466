# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""`brobygger worker`: does the work that waits, sends letters, and takes up what a dead worker left.

One or many may run. A thread gives signs of life every few seconds; a worker that falls silent for a minute is
taken to be dead and its work is queued again (see `brobygger.base.jobs`).
"""

from __future__ import annotations

import threading
from typing import Any

import structlog
from django.core.management.base import BaseCommand, CommandParser
from django.db import close_old_connections, connection
from django.utils import timezone
from django.utils.crypto import get_random_string
from django.utils.module_loading import autodiscover_modules
from django_tasks_db.management.commands.db_worker import Worker as QueueWorker

from brobygger.base import jobs, mail, schedule

log = structlog.get_logger("brobygger.worker")
BEAT = 10.0  # seconds


class Chores(threading.Thread):
    """Signs of life, abandoned work, letters whose pause is over, and what is due by the clock."""

    def __init__(self, worker_id: str) -> None:
        super().__init__(daemon=True, name="chores")
        self.worker_id = worker_id
        self.stopping = threading.Event()

    def run(self) -> None:
        while True:
            try:
                close_old_connections()
                self.once()
            except Exception:
                log.exception("chores failed")
            finally:
                connection.close()
            if self.stopping.wait(BEAT):
                return

    def once(self) -> None:
        jobs.heartbeat(self.worker_id)
        jobs.take_up_abandoned()
        mail.send_due()
        schedule.enqueue_due(timezone.localtime())


class Command(BaseCommand):
    help = "Udfør arbejde i baggrunden."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--batch", action="store_true", help="stop, når der ikke er mere at lave")
        parser.add_argument("--interval", type=float, default=1.0, help="sekunder mellem to blikke i køen")

    def handle(self, *args: Any, **options: Any) -> None:
        autodiscover_modules("tasks")
        worker_id = get_random_string(24)
        chores = Chores(worker_id)
        jobs.heartbeat(worker_id)
        chores.once()
        chores.start()
        worker = QueueWorker(
            queue_names=["default"],
            interval=options["interval"],
            batch=options["batch"],
            backend_name="default",
            startup_delay=False,
            max_tasks=None,
            worker_id=worker_id,
            excluded_queue_names=[],
        )
        worker.configure_signals()
        try:
            worker.run()
        finally:
            chores.stopping.set()
