# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""One function per verb of the command line: read the files, run the verb, write the file, say what came out.

A verb names the argument and the row that it could not use; here that becomes the file and the line.
"""

from __future__ import annotations

import argparse
import gc
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import polars as pl

import brobygger.engine as engine
from brobygger.engine.cli_listings import read_listings, read_places, read_residuals, read_side
from brobygger.engine.cohort_file import position, read_rules
from brobygger.engine.errors import InputError, shown
from brobygger.engine.facts import Knowledge
from brobygger.engine.tables import (
    LARGEST,
    Column,
    Table,
    Written,
    read_table,
    writable,
    write_frames,
    write_table,
    write_tables,
)

LoadKnowledge = Callable[[], Knowledge]


class NoResult(ValueError):
    """Sound input without a result to write."""


@contextmanager
def _located(**tables: Table) -> Iterator[None]:
    """Turn an error in row n of an argument into one in the line of the file it came from."""
    try:
        yield
    except InputError as error:
        if error.file in tables and error.line:
            raise tables[error.file].error(error.line - 1, error.column, error.expected) from error
        raise


def suggest(arguments: argparse.Namespace, load_knowledge: LoadKnowledge) -> str:
    """need,have,rank,score, the parts, the reason; with --both also have_rank."""
    from brobygger.engine.columns import Vocabulary
    from brobygger.engine.match_tables import tables
    from brobygger.engine.matches import match

    out = writable(arguments.out)
    places, compat = read_places(arguments.organisations), _compat(arguments.compat)
    if arguments.cluster:
        return _suggest_on_cluster(arguments, places, compat, load_knowledge())
    knowledge, vocabulary = load_knowledge(), Vocabulary()
    haves = read_side(read_listings(arguments.haves, places), knowledge, vocabulary)
    needs = read_side(read_listings(arguments.needs, places), knowledge, vocabulary)
    found = match(haves, needs, knowledge, compat=compat, top=arguments.top, both=arguments.both)
    write_frames(out, tables(found))
    return f"suggestions={len(found)} needs={len(needs)} haves={len(haves)}"


def _suggest_on_cluster(
    arguments: argparse.Namespace,
    places: pl.DataFrame | None,
    compat: dict[tuple[str, str], float] | None,
    knowledge: Knowledge,
) -> str:
    from brobygger.engine.cluster.run import ClusterError, suggesting

    haves, needs = read_listings(arguments.haves, places), read_listings(arguments.needs, places)
    rows = 0

    def counted(frames: Iterator[pl.DataFrame]) -> Iterator[pl.DataFrame]:
        nonlocal rows
        for frame in frames:
            rows += frame.height
            yield frame

    shared = (arguments.shared or arguments.out.parent).resolve()
    options = {"compat": compat, "top": arguments.top, "both": arguments.both, "shared": shared}
    try:
        with suggesting(arguments.cluster, (haves, needs), knowledge, **options) as frames:
            write_frames(arguments.out, counted(frames))
    except ClusterError as error:
        raise NoResult(f"--cluster {arguments.cluster}: {error}") from error
    return f"suggestions={rows} needs={len(needs)} haves={len(haves)}"


def _compat(path: Path | None) -> dict[tuple[str, str], float] | None:
    if path is None:
        return None
    table = read_table(
        path, [Column("need_type", "id"), Column("have_type", "id"), Column("fit", "number", least=0, most=1)]
    )
    fits: dict[tuple[str, str], float] = {}
    columns = (table.values("need_type"), table.values("have_type"), table.values("fit"))
    for row, (need, have, fit) in enumerate(zip(*columns, strict=True)):
        if (need, have) in fits:
            raise table.error(row, "have_type", f"each pair of types once, found {shown(have)} again")
        fits[need, have] = fit
    return fits


def takers(arguments: argparse.Namespace, load_knowledge: LoadKnowledge) -> str:
    """id,rank,nace,score,precedent"""
    out = writable(arguments.out)
    residuals = read_residuals(getattr(arguments, "in"))
    knowledge = load_knowledge()
    gc.freeze()  # the knowledge stays to the end: looking through it for garbage took half of the time
    rows = engine.takers(residuals, knowledge, top=arguments.top)
    schema: dict[str, type] = {"id": str, "rank": int, "nace": str, "score": float, "precedent": str}
    write_table(out, schema, {name: [getattr(row, name) for row in rows] for name in schema})
    return f"residuals={len(residuals)} rows={len(rows)}"


def allocate(arguments: argparse.Namespace, _: LoadKnowledge) -> str:
    """have,need,flow,value, and the proof: value, bound and gap."""
    from brobygger.engine.allocate import Impossible
    from brobygger.engine.cli_networks import Plans

    out = writable(arguments.out)
    curve = writable(arguments.curve) if arguments.curve else None
    both = curve is not None or arguments.co2e_price is not None
    least = [Column(name, "number", optional=True, least=0) for name in ("minimum", "share")]
    nodes = read_table(
        arguments.nodes,
        [
            Column("id", "id"),
            Column("side", choices=("have", "need")),
            Column("amount", "number", least=0),
            *least,
        ],
    )
    limits = [Column(name, "number", optional=True, least=0) for name in ("capacity", "minimum", "lot")]
    edges = read_table(
        arguments.edges,
        [
            Column("have", "id"),
            Column("need", "id"),
            Column("value", "number"),
            *limits,
            *([Column("co2e", "number", least=-LARGEST, most=LARGEST)] if both else []),
        ],
    )
    try:
        with _located(nodes=nodes, edges=edges):
            plans = Plans(nodes, edges)
            columns, proof = plans.best(arguments.co2e_price)
            corners = plans.curve() if curve else {}
    except Impossible as error:
        raise NoResult(f"status=infeasible {arguments.edges}: {error}") from error
    schema: dict[str, type] = {"have": str, "need": str, "flow": float, "value": float}
    schema |= {"co2e": float} if "co2e" in columns else {}
    point: dict[str, type] = {"point": int, "kroner": float, "co2e": float, "price": float, "flows": int}
    write_tables(Written(out, schema, columns), *([Written(curve, point, corners)] if curve else []))
    return proof


def pair(arguments: argparse.Namespace, _: LoadKnowledge) -> str:
    """left,right; and who is left over, with the reason"""
    from brobygger.engine.cli_networks import paired

    out = writable(arguments.out)
    member = [Column("id", "id", unique=True), Column("capacity", "integer", least=0)]
    left, right = read_table(arguments.left, member), read_table(arguments.right, member)
    ranks = [Column(name, "integer", optional=True, least=0) for name in ("left_rank", "right_rank")]
    wishes = read_table(
        arguments.wishes,
        [
            Column("left", "id"),
            Column("right", "id"),
            *ranks,
            Column("score", "number", optional=True, least=-LARGEST, most=LARGEST),
        ],
    )
    with _located(left=left, right=right, wishes=wishes):
        columns, summary = paired(left, right, wishes, arguments.method, arguments.best_for)
    write_table(out, {"left": str, "right": str}, columns)
    return summary


def compose(arguments: argparse.Namespace, _: LoadKnowledge) -> str:
    """group,id, and objective, bound and status."""
    from brobygger.engine.compose import Applicant, Impossible, Undecided

    out = writable(arguments.out)
    applicants = read_table(arguments.applicants, [Column("id", "id", unique=True)], keep_rest=True)
    attributes = [name for name in applicants.names if name != "id"]
    cells = zip(*(applicants.values(name) for name in attributes), strict=True) if attributes else ()
    described = [dict(zip(attributes, row, strict=True)) for row in cells] or [
        {} for _ in range(len(applicants))
    ]
    rules, text = read_rules(arguments.rules)
    people = [Applicant(id_, has) for id_, has in zip(applicants.values("id"), described, strict=True)]
    try:
        found = engine.compose(people, rules, seconds=arguments.seconds)
    except InputError as error:
        if error.file != "rules":
            raise
        line = position(text, error.column)
        raise InputError(str(arguments.rules), line, error.column, error.expected) from error
    except Impossible as error:
        raise NoResult(f"status=infeasible {arguments.rules}: {error}") from error
    except Undecided as error:
        raise NoResult(f"status=unknown {arguments.rules}: {error}") from error
    schema: dict[str, type] = {"group": int, "id": str}
    write_table(out, schema, _columns(schema, found.places))
    wildcards = ",".join(found.wildcards) or "-"
    gap = found.bound - found.objective
    return f"status={found.status} objective={found.objective} bound={found.bound} gap={gap} wildcards={wildcards}"


def loops(arguments: argparse.Namespace, _: LoadKnowledge) -> str:
    """rank,length,nodes,value,flow (nodes as a>b>c, closed back to the first)"""
    from brobygger.engine.cli_networks import looped, looped_together

    out = writable(arguments.out)
    number = [
        Column("value", "number", least=-LARGEST, most=LARGEST),
        Column("capacity", "number", least=0, most=LARGEST),
    ]
    edges = read_table(arguments.edges, [Column("from", "id"), Column("to", "id"), *number])
    with _located(edges=edges):
        if arguments.together:
            columns, said = looped_together(edges, arguments.max_length)
        else:
            columns = looped(edges, arguments.max_length, arguments.top)
            said = f"loops={len(columns['rank'])}"
    schema: dict[str, type] = {"rank": int, "length": int, "nodes": str, "value": float, "flow": float}
    write_table(out, schema, columns)
    return said


def _columns(schema: Mapping[str, type], rows: Sequence[tuple[Any, ...]]) -> dict[str, list[Any]]:
    """Rows as columns; empty columns where there are no rows."""
    columns = [list(column) for column in zip(*rows, strict=True)] or [[] for _ in schema]
    return dict(zip(schema, columns, strict=True))
