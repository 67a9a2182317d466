# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""The engine on the command line: `brobygger engine VERB …`, files in, files out, no database.

Exit status 0 when the output is written; 2 with one line on stderr when the input or the command is wrong, or
the rules of `compose` cannot all hold; 130 when it was stopped. Then no output file is written.
"""

from __future__ import annotations

import argparse
import os
import signal
import socket
import sys
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import NoReturn

from brobygger.engine.errors import InputError
from brobygger.engine.facts import Knowledge

LoadKnowledge = Callable[[], Knowledge]
STOPPED = 130
"""Exit status where somebody stopped the work."""
STOPPED_WORDS = "stopped before the output was complete; nothing is written"
ENDING = (signal.SIGINT, signal.SIGTERM)
PATIENCE = 2.0
"""Seconds that the work has to end by itself."""


class UsageError(ValueError):
    """The command itself is wrong: an option is missing, unknown or out of range."""


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise UsageError(f"{self.prog}: {message}")


def main(argv: Sequence[str], load_knowledge: LoadKnowledge) -> int:
    """Run one verb; `load_knowledge` is called only where the verb needs it. Returns the exit status."""
    from brobygger.engine import cli_verbs

    stopped = threading.Event()
    try:
        arguments = _parser().parse_args(list(argv))
        _apart(arguments)
        verb: Callable[[argparse.Namespace, LoadKnowledge], str] = getattr(cli_verbs, arguments.verb)
        with _tidy_when_stopped(stopped):
            print(verb(arguments, load_knowledge))
    except SystemExit as done:  # --help
        return int(done.code or 0)
    except (InputError, UsageError, cli_verbs.NoResult) as error:
        print(" ".join(str(error).split()), file=sys.stderr)
        return 2
    except MemoryError:
        print(
            "not enough memory on this machine for tables of this size and so many results", file=sys.stderr
        )
        return 2
    except KeyboardInterrupt:
        print(STOPPED_WORDS, file=sys.stderr)
        return STOPPED
    except Exception:
        if not stopped.is_set():
            raise
        print(STOPPED_WORDS, file=sys.stderr)  # a library that was interrupted, and says so in its own way
        return STOPPED
    return 0


WRITTEN = ("out", "curve")
"""Options whose files are written; the other files are read."""


def _apart(arguments: argparse.Namespace) -> None:
    """Raises UsageError where a file is to be written that is also read, or written twice."""
    files = {name: path for name, path in vars(arguments).items() if isinstance(path, Path)}
    for written in WRITTEN:
        for other, path in files.items():
            if written in files and written != other and _same(files[written], path):
                raise UsageError(f"--{written} {path}: expected another file than that of --{other}")


def _same(a: Path, b: Path) -> bool:
    try:
        return os.path.realpath(a) == os.path.realpath(b) or os.path.samefile(a, b)
    except OSError:  # one of them is not there
        return False


@contextmanager
def _tidy_when_stopped(stopped: threading.Event) -> Iterator[None]:
    """A process that is asked to end (SIGTERM, Ctrl-C) clears its half-written file away, also in the midst of a long search.

    The interpreter learns of a signal only between two of its own steps, and compiled code may take long; so a thread
    is told too (`set_wakeup_fd`), and ends the process where the work has not ended by itself soon.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def stop(number: int, frame: FrameType | None) -> NoReturn:
        stopped.set()
        signal.default_int_handler(number, frame)

    heard, told = socket.socketpair()
    told.setblocking(False)
    before = {number: signal.signal(number, stop) for number in ENDING}
    fd_before = signal.set_wakeup_fd(told.fileno(), warn_on_full_buffer=False)
    done = threading.Event()
    watcher = threading.Thread(target=_end_if_told, args=(heard, done), daemon=True)
    watcher.start()
    try:
        yield
    finally:
        signal.set_wakeup_fd(fd_before)
        for number, handler in before.items():
            signal.signal(number, handler or signal.SIG_DFL)
        done.set()
        told.close()
        watcher.join()


def _end_if_told(heard: socket.socket, done: threading.Event) -> None:
    """Waits for a signal that ends the process, and ends it where the work has not been left some seconds later."""
    with heard:
        while number := heard.recv(1):
            if number[0] in ENDING and not done.wait(PATIENCE):
                from brobygger.engine.tables import clear_unfinished

                clear_unfinished()
                print(STOPPED_WORDS, file=sys.stderr, flush=True)
                os._exit(STOPPED)


def _count(least: int, most: int | None = None) -> Callable[[str], int]:
    def read(text: str) -> int:
        number = int(text)
        if number < least or (most is not None and number > most):
            raise ValueError
        return number

    read.__name__ = f"whole number from {least}" + (f" to {most}" if most else "")
    return read


def _number(text: str) -> float:
    number = float(text)
    if not 0 <= number <= 1e9:
        raise ValueError
    return number


def _seconds(text: str) -> float:
    seconds = float(text)
    if not 0 < seconds < float("inf"):
        raise ValueError
    return seconds


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="brobygger engine",
        description="Matchmaking on plain tables: CSV in UTF-8 with a header row, or Parquet, by the file's ending.",
        allow_abbrev=False,
    )
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="VERB", parser_class=_Parser)

    def verb(name: str, does: str, files: Mapping[str, str]) -> argparse.ArgumentParser:
        sub = verbs.add_parser(name, help=does, description=does, allow_abbrev=False)
        for option, columns in files.items():
            sub.add_argument(option, required=True, type=Path, metavar="FILE", help=columns)
        return sub

    listing = "id,organisation,type,text,quantity,unit,start,end,x,y,max_distance,visibility; id and type or text needed"
    suggest = verb(
        "suggest",
        "for each need the best haves, each with its score in parts and a reason",
        {"--haves": listing, "--needs": listing, "--out": "need,have,rank,score, the parts, reason"},
    )
    suggest.add_argument(
        "--compat", type=Path, metavar="FILE", help="need_type,have_type,fit; replaces the shipped knowledge"
    )
    suggest.add_argument(
        "--organisations", type=Path, metavar="FILE", help="id,x,y; the place of listings that have none"
    )
    suggest.add_argument("--top", type=_count(1), default=10, help="suggestions for each need (10)")
    suggest.add_argument("--both", action="store_true", help="also rank the needs for each have")
    suggest.add_argument(
        "--cluster",
        metavar="ADDRESS",
        help="a Dask scheduler (tcp://…) whose workers do the search; the same file",
    )
    suggest.add_argument(
        "--shared", type=Path, metavar="FOLDER", help="a folder that all of the cluster sees (that of --out)"
    )
    takers = verb(
        "takers",
        "industries that could take a residue",
        {"--in": "id,text,lang,ewc,giver_nace", "--out": "id,rank,nace,score,precedent"},
    )
    takers.add_argument("--top", type=_count(1), default=50, help="industries for each residue (50)")
    allocate = verb(
        "allocate",
        "the best plan for the whole network, proven",
        {
            "--nodes": "id,side,amount[,minimum][,share]",
            "--edges": "have,need,value[,capacity][,minimum][,lot][,co2e]",
            "--out": "have,need,flow,value",
        },
    )
    allocate.add_argument(
        "--curve",
        type=Path,
        metavar="FILE",
        help="point,kroner,co2e,price,flows: from most value to most CO2e",
    )
    allocate.add_argument(
        "--co2e-price",
        type=_number,
        metavar="PRICE",
        help="count one unit of the edges' CO2e as this much value",
    )
    pair = verb(
        "pair",
        "who goes with whom, within everybody's room",
        {
            "--left": "id,capacity",
            "--right": "id,capacity",
            "--wishes": "left,right,left_rank,right_rank,score",
            "--out": "left,right",
        },
    )
    pair.add_argument(
        "--method", choices=("stable", "best"), default="stable", help="stable, or best total score"
    )
    pair.add_argument(
        "--best-for", choices=("left", "right"), default="left", help="the side stable pairs favour"
    )
    compose = verb(
        "compose",
        "groups that keep the rules and cover most",
        {"--applicants": "id and any attributes", "--rules": "JSON", "--out": "group,id"},
    )
    compose.add_argument(
        "--seconds", type=_seconds, default=60.0, help="stop looking for better groups after (60)"
    )
    loops = verb(
        "loops",
        "the most valuable closed loops",
        {"--edges": "from,to,value,capacity", "--out": "rank,length,nodes,value,flow"},
    )
    loops.add_argument("--max-length", type=_count(2, 12), default=5, help="edges in a loop at most (5)")
    loops.add_argument("--top", type=_count(1, 10_000_000), default=100, help="loops at most (100)")
    loops.add_argument(
        "--together",
        action="store_true",
        help="the set of loops worth most side by side, no tonne used twice; all of it, whatever --top says",
    )
    return parser
