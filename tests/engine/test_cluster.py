# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""`suggest --cluster`: the same file from several machines, whoever is lost on the way."""

from __future__ import annotations

import os
import pickle
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.listings_invented import listings as invented
from brobygger import knowledge
from brobygger.engine.cli import main
from brobygger.engine.cli_listings import FRAME, read_side
from brobygger.engine.cli_listings import Listings as Read
from brobygger.engine.cluster import plan, run, work
from brobygger.engine.columns import Vocabulary
from brobygger.engine.match_tables import tables
from brobygger.engine.matches import match
from tests.engine.test_suggest_reference import KNOWLEDGE, listings

ROOT = Path(__file__).parents[2]


class AtOnce:
    """Stands for Dask's client: does the work when it is submitted."""

    def submit(self, function, *arguments, **_):
        return function(*arguments)

    def gather(self, futures):
        return futures


def frame(rows) -> pl.DataFrame:
    cells = {name: [getattr(row, name, None) for row in rows] for name in FRAME if name != "broker_only"}
    cells["broker_only"] = [row.visibility == "broker_only" for row in rows]
    return pl.DataFrame(cells, schema=FRAME)


@settings(max_examples=60, deadline=None)
@given(
    listings("h"),
    listings("n"),
    st.integers(1, 4),
    st.integers(1, 9),
    st.booleans(),
    st.sampled_from([None, {("feed", "yeast"): 0.6, ("mask", "mask"): 1.0, ("unheard-of", "oil"): 0.3}]),
)
def test_the_parts_put_together_are_what_one_machine_gives(
    tmp_path_factory, haves, needs, top, workers, both, compat
):
    folder = tmp_path_factory.mktemp("shared")
    (folder / work.KNOWLEDGE).write_bytes(pickle.dumps(KNOWLEDGE))
    words, sides = Vocabulary(), (frame(haves), frame(needs))
    read = [read_side(Read(None, side), KNOWLEDGE, words) for side in sides]
    expected = pl.concat(tables(match(*read, KNOWLEDGE, compat=compat, top=top, both=both)))
    options = {"compat": compat, "top": top, "both": both}
    found = pl.concat(run.in_parts(AtOnce(), workers, str(folder), *sides, KNOWLEDGE, **options))
    assert found.equals(expected)
    assert found.schema == expected.schema


PATTERNS = st.lists(
    st.lists(st.sampled_from("abcde"), max_size=2, unique=True).map(tuple), unique=True, max_size=8
)


@st.composite
def piles(draw):
    out, first = [], 0
    for pattern in draw(PATTERNS):
        textless, texted = (
            (0, draw(st.integers(1, 400)))
            if not pattern
            else draw(st.sampled_from([(3, 0), (40, 60), (500, 1), (7, 7)]))
        )
        out.append(plan.Pile(pattern, first, first + textless, first + textless + texted))
        first = out[-1].last
    return out


@given(
    piles(),
    piles(),
    st.dictionaries(st.sampled_from("abcde"), st.sets(st.sampled_from("abcde"))),
    st.integers(1, 20),
)
def test_everybody_is_searched_for_once_among_all_whom_they_could_meet(needs, haves, serves, workers):
    made = plan.parts(needs, haves, lambda need: serves.get(need, ()), workers, True)
    for backward, mine, theirs in ((False, needs, haves), (True, haves, needs)):
        homes = {}
        for part in (part for part in made if part.backward == backward):
            for place in places(part.mine):
                assert place not in homes
                homes[place] = set(places(part.theirs))
        for pile in mine:
            for other in theirs:
                need, have = (other, pile) if backward else (pile, other)
                if any(h in serves.get(n, ()) for n in need.pattern for h in have.pattern):
                    met = range(other.first, other.last)
                elif not need.pattern or not have.pattern:
                    met = range(other.texted, other.last) if not pile.pattern or not other.pattern else ()
                else:
                    continue
                for place in range(pile.first, pile.last):
                    assert homes[place].issuperset(met)


def places(spans):
    return (place for first, last in spans for place in range(first, last))


@given(piles(), st.integers(1, 20))
def test_no_part_is_much_more_work_than_its_share(needs, workers):
    haves = [plan.Pile((type_,), 100 * n, 100 * n, 100 * n + 100) for n, type_ in enumerate("abcde")]
    made = plan.parts(needs, haves, lambda need: (need,), workers, False)
    told = plan.balance(made, workers)
    loading = plan.LOADING * 500
    assert told["largest"] <= 2 * (told["total"] / (workers * plan.PIECES) + loading) + 2
    assert [part.work for part in made] == sorted((part.work for part in made), reverse=True)


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[tuple[str, list[subprocess.Popen[bytes]]]]:
    """A Dask scheduler and two workers as processes of their own."""
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    begun: list[subprocess.Popen[bytes]] = []

    def begin(*arguments: str) -> None:
        log = (tmp_path / f"dask-{len(begun)}.log").open("wb")
        command = [sys.executable, "-m", "dask", *arguments, "--no-dashboard"]
        begun.append(subprocess.Popen(command, env=environment, stdout=log, stderr=log))

    try:
        begin("scheduler", "--host", "127.0.0.1", "--port", "0")
        address = heard(tmp_path / "dask-0.log", r"Scheduler at:\s+(tcp://127\.0\.0\.1:\d+)")
        for number in (1, 2):
            folder = str(tmp_path / f"worker-{number}")
            begin("worker", address, "--no-nanny", "--nthreads", "1", "--local-directory", folder)
            heard(tmp_path / f"dask-{number}.log", r"(Registered to)")
        yield address, begun[1:]
    finally:
        for process in reversed(begun):
            process.kill()
            process.wait()


def heard(log: Path, said: str) -> str:
    """What a process wrote to its log, waited for."""
    for _ in range(600):
        if found := re.search(said, log.read_text(errors="replace")):
            return found.group(1)
        time.sleep(0.1)
    raise AssertionError(log.read_text(errors="replace"))


@pytest.mark.slow
def test_a_worker_killed_half_way_changes_nothing_in_the_file(tmp_path, capsys, cluster):
    address, (_, lost) = cluster
    for side in ("have", "need"):
        invented(side, 1500, knowledge.load(), texts=True).write_parquet(tmp_path / f"{side}s.parquet")
    files = [f"--{side}={tmp_path / side}.parquet" for side in ("haves", "needs")]
    assert main(["suggest", *files, f"--out={tmp_path / 'alone.csv'}", "--both"], knowledge.load) == 0
    shared = tmp_path / "shared"
    shared.mkdir()
    done_when_killed = []

    def kill() -> None:
        while not done_when_killed:
            time.sleep(0.01)
            if done := list(shared.glob("*/*ward-*.parquet")):
                lost.send_signal(signal.SIGKILL)
                done_when_killed.append(len(done))

    killer = threading.Thread(target=kill, daemon=True)
    killer.start()
    out = tmp_path / "together.csv"
    more = [f"--cluster={address}", f"--shared={shared}", "--both"]
    assert main(["suggest", *files, f"--out={out}", *more], knowledge.load) == 0
    killer.join(10)
    assert done_when_killed
    assert done_when_killed[0] < 10
    assert lost.wait(10) == -signal.SIGKILL
    assert out.read_bytes() == (tmp_path / "alone.csv").read_bytes()
    assert list(shared.iterdir()) == []


def test_a_cluster_that_does_not_answer_is_told_in_one_line(tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(run, "PATIENCE", 1)
    for side in ("haves", "needs"):
        (tmp_path / f"{side}.csv").write_text("id,type\na,mask\n", encoding="utf-8")
    files = [f"--{side}={tmp_path / side}.csv" for side in ("haves", "needs")]
    out = tmp_path / "out.csv"
    assert main(["suggest", *files, f"--out={out}", "--cluster=tcp://127.0.0.1:1"], lambda: KNOWLEDGE) == 2
    said = capsys.readouterr().err
    assert said.startswith("--cluster tcp://127.0.0.1:1: no scheduler answers")
    assert said.count("\n") == 1
    assert not out.exists()
