# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""How the web server is started: a worker takes in no more than it can answer at once."""

from __future__ import annotations

import pytest
from django.core.management import call_command


@pytest.mark.parametrize(("wanted", "threads"), [(None, "2"), ("6", "6")])
def test_a_worker_takes_no_more_connections_than_it_has_threads(monkeypatch, wanted, threads) -> None:
    started: list[list[str]] = []
    monkeypatch.setattr(
        "brobygger.base.management.commands.serve.call_command", lambda *_args, **_named: None
    )
    monkeypatch.setattr("os.execv", lambda _program, arguments: started.append(arguments))
    monkeypatch.delenv("WEB_THREADS", raising=False)
    if wanted:
        monkeypatch.setenv("WEB_THREADS", wanted)
    call_command("serve")
    (arguments,) = started
    told = dict(zip(arguments, arguments[1:], strict=False))
    assert (told["--threads"], told["--worker-connections"]) == (threads, threads)
