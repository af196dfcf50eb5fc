"""Distinct rows in, distinct rows out, or publication held back; and every row is accounted for."""

import shutil
import tempfile
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipelines.loading.checks import account_of
from sources.parsing.client import Parser
from tests.unit.loading_desk import a_desk

pytestmark = pytest.mark.warehouse

HEADER = "order_line_id,order_id,vendor_id,quantity,unit_price,kind,updated_at\n"
COLUMNS = {name: name for name in HEADER.strip().split(",") if name != "kind"}

# Line, order, vendor, quantity, kind and version; an empty quantity breaks a rule of the contract.
rows = st.lists(
    st.tuples(
        st.sampled_from(["1", "2", "1.5E+10"]),
        st.sampled_from(["N1", "N2"]),
        st.sampled_from(["V1", "V2"]),
        st.sampled_from(["1", "2", ""]),
        st.sampled_from(["item", "item", "tax"]),
        st.sampled_from(["", "2026-06-01 10:00:00", "2026-06-02 10:00:00"]),
    ),
    min_size=1,
    max_size=8,
)


@settings(
    max_examples=15,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(rows=rows)
def test_no_row_takes_the_place_of_another_unseen(
    parser: Parser, rows: list[tuple[str, ...]]
) -> None:
    folder = Path(tempfile.mkdtemp())
    spec = {"files": "lines.csv", "columns": COLUMNS, "drop_when": {"kind": "tax"}}
    try:
        desk = a_desk(folder, parser, {"order_lines": [spec]})
        texts = [f"{n},{o},{v},{q},7.00,{k},{u}\n" for n, o, v, q, k, u in rows]
        desk.put("lines.csv", HEADER + "".join(texts))

        [outcome] = desk.ingest("order_lines").outcomes

        with desk.loader() as loader:
            account = account_of(loader.connection, "order_lines")
        columns = ("order_line_id", "order_id", "vendor_id", "quantity")
        current = Counter(desk.current("order_lines", *columns))
    finally:
        shutil.rmtree(folder)

    loaded = outcome.applied + outcome.unchanged - outcome.replaced
    parts = loaded + outcome.replaced + outcome.duplicate + outcome.quarantined + outcome.dropped
    assert outcome.received == parts == len(rows)
    assert account.unbalanced == ()
    assert outcome.dropped == sum(row[4] == "tax" for row in rows)
    assert loaded == sum(current.values())
    # A second implementation: what differs, whose key no version tells apart or two vendors claim.
    sound = {
        (*row[:4], row[5]) for row in rows if row[4] == "item" and row[3] and "E" not in row[0]
    }
    is_held = False
    for key in {row[:2] for row in sound}:
        same = [row for row in sound if row[:2] == key]
        # An empty version says less than a row that is the same but for it.
        same = [r for r in same if r[4] or not any(o[:4] == r[:4] and o[4] for o in same)]
        is_held |= len({row[4] for row in same}) < len(same) or len({row[2] for row in same}) > 1
    assert bool(account.contradictions) == is_held
    if not is_held:
        newest = {row[:2]: row[:4] for row in sorted(sound, key=lambda row: row[4])}
        assert current == Counter((*row[:3], int(row[3])) for row in newest.values())
