# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Work on the command line that is stopped leaves nothing behind."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest

from tests.engine.desk import VERBS, Desk


def test_work_that_is_stopped_leaves_no_file(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def stopped(*_: object, **__: object) -> None:
        signal.raise_signal(signal.SIGTERM)

    monkeypatch.setattr(pl.DataFrame, "write_csv", stopped)
    before = sorted(desk.folder.iterdir())
    for verb in VERBS:
        status, said, complaint = desk.run(verb)
        assert (status, said, complaint.count("\n")) == (130, "", 1)
        assert sorted(desk.folder.iterdir()) == before


def test_a_library_that_is_interrupted_and_complains_is_told_as_a_stop(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def complains(*_: object) -> str:
        try:
            signal.raise_signal(signal.SIGTERM)
        except KeyboardInterrupt:
            raise SystemError("returned a result with an exception set") from None
        return ""

    monkeypatch.setattr("brobygger.engine.cli_verbs.loops", complains)
    status, said, complaint = desk.run("loops")
    assert (status, said, complaint.count("\n")) == (130, "", 1)


def test_work_that_does_not_hear_the_signal_is_ended_and_cleared_away(tmp_path: Path) -> None:
    half = tmp_path / "half.part"
    half.write_text("half")
    code = f"""
import os, signal, time
from pathlib import Path
from brobygger.engine import cli, cli_verbs, tables
cli.PATIENCE = 0.1
def deaf(*_):
    tables._UNFINISHED.add(Path({str(half)!r}))
    while True:
        try:
            os.kill(os.getpid(), signal.SIGTERM)
            time.sleep(60)
        except KeyboardInterrupt:
            signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGTERM])
            time.sleep(60)
cli_verbs.loops = deaf
cli.main(["loops", "--edges", "e", "--out", "o"], None)
"""
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=30)
    assert (ended.returncode, ended.stdout, ended.stderr.count("\n")) == (130, "", 1)
    assert not half.exists()
