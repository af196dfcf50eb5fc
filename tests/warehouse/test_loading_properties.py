"""Whatever the order, the cutting and the repetition of deliveries, the tables end the same."""

import shutil
import tempfile
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sources.parsing.client import Parser
from tests.unit.loading_desk import a_desk

pytestmark = pytest.mark.warehouse

START = datetime(2026, 6, 1, 10)  # noqa: DTZ001 - the warehouse's timestamps have no zone
HEADER = "vendor_id,name,updated_at,is_deleted\n"
LOOSE = settings(
    max_examples=25,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)

versioned_rows = st.lists(
    st.tuples(
        st.sampled_from(["v1", "v2", "v3", "v4"]),
        st.sampled_from(["a", "b", ""]),
        st.integers(0, 4),
        st.sampled_from(["", "", "true"]),
    ),
    min_size=1,
    max_size=12,
)


def as_line(row: tuple[str, str, int, str]) -> str:
    vendor, name, version, deleted = row
    return f"{vendor},{name},{START + timedelta(days=version)},{deleted}\n"


def expected_state(rows: list[tuple[str, str, int, str]]) -> list[tuple[Any, ...]]:
    """A second implementation: the highest version, then a deletion, wins. Ties of content stay."""
    winners: dict[str, list[tuple[str, str, int, str]]] = {}
    for row in rows:
        rank = (row[2], row[3] == "true")
        best = winners.setdefault(row[0], [row])
        best_rank = (best[0][2], best[0][3] == "true")
        if rank > best_rank:
            winners[row[0]] = [row]
        elif rank == best_rank:
            best.append(row)
    return sorted(
        (vendor, {row[1] or None for row in best})
        for vendor, best in winners.items()
        if best[0][3] != "true"
    )


def loaded(parser: Parser, deliveries: list[list[str]]) -> list[tuple[Any, ...]]:
    folder = Path(tempfile.mkdtemp())
    try:
        desk = a_desk(folder, parser)
        for number, lines in enumerate(deliveries):
            desk.put(f"vendors-{number}.csv", HEADER + "".join(lines))
            desk.ingest("vendors")
        [(received, accounted)] = desk.query(
            "select sum(received), sum(applied + unchanged + duplicate + quarantined) "
            "from raw.loads"
        )
        assert received == accounted
        return desk.current("vendors", "vendor_id", "name", "updated_at")
    finally:
        shutil.rmtree(folder)


@LOOSE
@given(rows=versioned_rows, cuts=st.lists(st.integers(0, 12), max_size=3), data=st.data())
def test_order_cutting_and_repetition_do_not_matter(
    parser: Parser,
    rows: list[tuple[str, str, int, str]],
    cuts: list[int],
    data: st.DataObject,
) -> None:
    lines = [as_line(row) for row in rows]
    shuffled = data.draw(st.permutations(lines))
    bounds = sorted({0, *(min(cut, len(lines)) for cut in cuts), len(lines)})
    parts = [shuffled[a:b] for a, b in pairwise(bounds)]
    repeated = [*parts, data.draw(st.sampled_from(parts))] if parts else [shuffled]

    whole = loaded(parser, [lines])

    assert loaded(parser, repeated) == whole
    assert loaded(parser, repeated[::-1]) == whole
    for (vendor, name, _), (expected_vendor, names) in zip(
        whole, expected_state(rows), strict=True
    ):
        assert vendor == expected_vendor
        assert name in names


@LOOSE
@given(
    good=st.lists(st.sampled_from(["v1,a", "v2,b", "v3,c"]), max_size=6),
    bad=st.lists(
        st.sampled_from(
            ['"open', "too,many,values,here", "lonely", ",no key", 'v9,"x"y', "v9,\x00", "\xff"]
        ),
        max_size=4,
    ),
    data=st.data(),
)
def test_bad_rows_never_cost_a_good_neighbour(
    parser: Parser, good: list[str], bad: list[str], data: st.DataObject
) -> None:
    lines = data.draw(st.permutations([*good, *bad]))
    folder = Path(tempfile.mkdtemp())
    try:
        desk = a_desk(folder, parser)
        content = "vendor_id,name\n" + "\n".join(lines)
        desk.put("vendors.csv", content.encode("latin-1"))
        [outcome] = desk.ingest("vendors").outcomes

        current = set(desk.current("vendors", "vendor_id", "name"))

        assert {tuple(row.split(",")) for row in good} <= current
        assert outcome.received == len(lines)
        parts = outcome.applied + outcome.unchanged + outcome.duplicate + outcome.quarantined
        assert parts == outcome.received
    finally:
        shutil.rmtree(folder)
