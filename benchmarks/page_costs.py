# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""What each page costs in itself: processor time and questions to the database, one page at a time.

Run: ``python -m benchmarks.page_costs [--quick]``. For finding what is slow, also on a machine that is busy with other things:
processor time does not grow while others work. On PostgreSQL the server's own processor time is not in it. Nothing is
compared and nothing is kept in results.jsonl; `benchmarks.pages` measures what a person waits.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import time
from pathlib import Path

from benchmarks.databases import filled
from benchmarks.pages import PAGES

TIMES = 10


def measure(folder: str) -> None:
    """In a process that is connected to a filled database: open each page, and print a line about it."""
    from brobygger.config import wsgi  # as in the web server: warm, and with its way of collecting garbage

    assert wsgi.application
    from django.core.management import call_command
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    call_command("collectstatic", interactive=False, verbosity=0)
    facts = json.loads((Path(folder) / "load.json").read_text())
    client = Client(SERVER_NAME="127.0.0.1")
    client.cookies["sessionid"] = facts["session"]
    print(f"{'page':42} {'median ms':>10} {'most ms':>10} {'queries':>8} {'kB':>6}")
    for page in PAGES:
        addresses = page.addresses(facts)
        client.get(addresses[-1])
        costs, size = [], 0
        for address in (addresses * TIMES)[:TIMES]:
            began = time.process_time()
            answer = client.get(address)
            costs.append((time.process_time() - began) * 1000)
            assert answer.status_code == 200, f"{address} answered {answer.status_code}"
            size = len(answer.content)
        with CaptureQueriesContext(connection) as asked:
            client.get(addresses[0])
        costs.sort()
        middle, most = costs[TIMES // 2], costs[-1]
        print(f"{page.name:42} {middle:>10.1f} {most:>10.1f} {len(asked):>8} {size // 1024:>6}", flush=True)


def main() -> int:
    """Measure in every filled database, each in a process of its own."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--quick", action="store_true", help="5,000 firms, SQLite only")
    parser.add_argument("--inside", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.inside:
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "brobygger.config.settings")
        measure(asked.inside)
        return 0
    for database in filled(quick=asked.quick):
        command = [
            sys.executable,
            "-m",
            "benchmarks.page_costs",
            "--inside",
            database.environment["BROBYGGER_DATA"],
        ]
        subprocess.run(command, env=database.environment, check=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
