# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""The score of `suggest` without texts as one DuckDB query: type, quantity, time, distance, the limits, the same ten best."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import duckdb
import polars as pl

from brobygger.engine.compatibility import Compatibility
from brobygger.engine.facts import Knowledge

SCORED = """
WITH pairs AS (
    SELECT n.id AS need, h.id AS have, l.fit, n.quantity AS wanted, h.quantity AS there,
        sqrt((n.x - h.x) * (n.x - h.x) + (n.y - h.y) * (n.y - h.y)) AS metres,
        least(n.max_distance, h.max_distance) AS reach, n.start AS n_start, n.end AS n_end, h.start AS h_start, h.end AS h_end
    FROM needs n JOIN links l ON l.need_type = n.type JOIN haves h ON h.type = l.have_type
    WHERE n.organisation <> h.organisation AND NOT l.hazardous
        AND (n.start IS NULL OR h.end IS NULL OR n.start <= h.end)
        AND (h.start IS NULL OR n.end IS NULL OR h.start <= n.end)
), reached AS (
    SELECT * FROM pairs WHERE metres IS NULL OR metres <= reach
), scored AS (
    SELECT need, have, metres, round_even(round_even(fit * 1000000, 0) / 1000000 * (
        0.35::DOUBLE * coalesce(1 / (1 + metres / 25000), 0.5::DOUBLE)
        + 0.25::DOUBLE * CASE WHEN wanted = 0 THEN 1 WHEN there / wanted IS NULL THEN 0.5 ELSE least(there / wanted, 1) END
        + 0.15::DOUBLE * CASE WHEN n_start IS NULL OR h_start IS NULL THEN 0.5::DOUBLE ELSE greatest(
            date_diff('day', greatest(n_start, h_start), least(n_end, h_end)) + 1, 1)::DOUBLE
            / (date_diff('day', n_start, n_end) + 1) END
        + 0.15::DOUBLE * 0.75::DOUBLE + 0.1::DOUBLE) * 1000000, 0) AS score
    FROM reached
)
SELECT need, have, row_number() OVER (PARTITION BY need ORDER BY score DESC, metres NULLS LAST, have) AS rank, score::INTEGER AS score FROM scored WHERE score > 0
QUALIFY rank <= {top}
"""


def best_by_sql(
    database: duckdb.DuckDBPyConnection,
    haves: pl.DataFrame,
    needs: pl.DataFrame,
    knowledge: Knowledge,
    folder: Path,
    top: int,
) -> Callable[[], Callable[[], pl.DataFrame]]:
    """The query over tables that are already loaded; calling what it returns fetches the answer. `folder`: for exchange."""
    compatibility, types = Compatibility(knowledge), knowledge.types
    links = [
        (need, have, link.fit, have in types and types[have].hazardous)
        for need in types
        for have, link in compatibility.accepts(need).items()
    ]
    columns = ["need_type", "have_type", "fit", "hazardous"]
    tables = {"haves": haves, "needs": needs, "links": pl.DataFrame(links, schema=columns, orient="row")}
    for name, frame in tables.items():
        frame.write_parquet(folder / f"{name}.parquet")
        database.execute(f"CREATE TABLE {name} AS SELECT * FROM '{folder / name}.parquet'")

    def answer() -> pl.DataFrame:
        path = folder / "answer.parquet"
        database.execute(f"COPY (SELECT * FROM best ORDER BY need, rank) TO '{path}' (FORMAT parquet)")
        return pl.read_parquet(path).cast({"need": pl.String, "have": pl.String})

    def query() -> Callable[[], pl.DataFrame]:
        database.execute("CREATE TABLE best AS " + SCORED.format(top=top))
        return answer

    return query
