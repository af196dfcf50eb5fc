"""The simulator's feeds: the same bytes again, true to contract, referring to what exists."""

from __future__ import annotations

import hashlib
import json
import re
from datetime import date, datetime, timedelta
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest
import yaml

from sources.simulator.simulation import simulate
from sources.simulator.world.sizes import WorldSize
from sources.simulator.world.world import SimulationRefused

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.simulator

TINY = WorldSize(
    vendors=12, customers=300, categories=4, products=80, leads=40, orders_per_piece=60
)
END = date(2026, 6, 30)
FEEDS = tuple(
    sorted(
        entry.name.removesuffix(".yml")
        for entry in files("sources.contracts").iterdir()
        # what Kontor decided or did itself is no feed of a shop
        if entry.name.endswith(".yml") and "\nsystem: operations\n" not in entry.read_text("utf-8")
    )
)


def read(out: Path, feed: str) -> pl.DataFrame:
    """A feed as written, every value as text except what its format types."""
    folder = out / "feeds"
    if (folder / f"{feed}.csv").exists():
        return pl.read_csv(folder / f"{feed}.csv", infer_schema=False)
    if (folder / f"{feed}.parquet").exists():
        return pl.read_parquet(folder / f"{feed}.parquet").select(pl.all().cast(pl.String))
    readers = {"csv": lambda p: pl.read_csv(p, infer_schema=False), "parquet": pl.read_parquet}
    readers["gz"] = lambda p: pl.read_ndjson(p, infer_schema_length=None)
    paths = sorted((folder / feed).iterdir())
    frames = [readers[path.suffix[1:]](path) for path in paths]
    return pl.concat([f.select(pl.all().cast(pl.String, strict=False)) for f in frames])


def digests(out: Path) -> dict[str, str]:
    paths = sorted(path for path in out.rglob("*") if path.is_file())
    return {str(p.relative_to(out)): hashlib.sha256(p.read_bytes()).hexdigest() for p in paths}


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("tiny") / "world"
    simulate(TINY, 200, 7, out, END)
    return out


def test_the_same_seed_writes_the_same_bytes(tiny: Path, tmp_path: Path) -> None:
    simulate(TINY, 200, 7, tmp_path / "again", END)

    assert digests(tmp_path / "again") == digests(tiny)


def test_another_seed_writes_another_world(tiny: Path, tmp_path: Path) -> None:
    simulate(TINY, 200, 8, tmp_path / "other", END)

    here, there = digests(tiny), digests(tmp_path / "other")
    different = {name for name, digest in there.items() if here.get(name) != digest}
    assert "feeds/orders/orders-2026-03.csv" in different
    assert "feeds/vendors.csv" in different


def contract(feed: str) -> dict[str, Any]:
    text = (files("sources.contracts") / f"{feed}.yml").read_text("utf-8")
    return dict(yaml.safe_load(text))


PATTERNS = {
    "integer": r"-?\d+",
    "decimal": r"-?\d+(\.\d{1,6})?",
    "timestamp": r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.000)?",
    "date": r"\d{4}-\d\d-\d\d",
    "boolean": r"true|false",
    "text": r"(?s).+",
}


@pytest.mark.parametrize("feed", FEEDS)
def test_every_feed_has_its_contracts_columns_types_and_values(tiny: Path, feed: str) -> None:
    rules = contract(feed)

    rows = read(tiny, feed)

    assert rows.columns == list(rules["columns"])
    assert rows.height > 0
    assert rows.select(rules["key"]).is_duplicated().sum() == 0
    for name, column in rules["columns"].items():
        values = rows[name].drop_nulls()
        pattern = PATTERNS[column["type"].partition("(")[0]]
        assert all(re.fullmatch(pattern, value) for value in values.unique()), name
        if column.get("required"):
            assert values.len() == rows.height, name
        if "allowed" in column:
            assert set(values) <= set(column["allowed"]), name
        if "pattern" in column:
            assert values.str.contains(f"^(?:{column['pattern']})$").all(), name
        if "minimum" in column:
            assert (values.cast(pl.Float64) >= column["minimum"]).all(), name


@pytest.mark.parametrize("feed", FEEDS)
def test_every_reference_finds_its_row(tiny: Path, feed: str) -> None:
    for name, column in contract(feed)["columns"].items():
        if "references" in column:
            target, key = column["references"].split(".")
            missing = set(read(tiny, feed)[name].drop_nulls()) - set(read(tiny, target)[key])
            assert not missing, f"{feed}.{name}"


def test_every_order_refers_to_a_record_of_its_customer(tiny: Path) -> None:
    keys = ["customer_record_id", "customer_id"]

    strangers = read(tiny, "orders").join(read(tiny, "customers"), on=keys, how="anti")

    assert strangers.height == 0


def test_what_is_paid_at_once_is_the_total_of_the_order_to_the_cent(tiny: Path) -> None:
    money = pl.Decimal(18, 2)
    payments = read(tiny, "payments").with_columns(pl.col("amount").cast(money))
    charges = payments.filter((pl.col("kind") == "charge") & pl.col("invoice_id").is_null())
    paid = charges.group_by("order_id", "currency_code").agg(pl.col("amount").sum(), pl.len())

    both = paid.join(read(tiny, "orders"), on=["order_id", "currency_code"])

    assert both.height == paid.height > 200
    assert (both["amount"] == both["total_amount"].cast(money)).all()
    assert (both["len"] > 1).any()  # by voucher and card
    assert set(both["currency_code"]) == {"EUR", "CHF", "PLN"}


def test_nothing_after_the_end_is_known_and_recent_orders_are_still_on_their_way(
    tiny: Path,
) -> None:
    midnight = "2026-06-30 22:00:00"  # 1 July in Berlin, summer time, in UTC

    for feed in FEEDS:
        written = read(tiny, feed)
        for name, column in contract(feed)["columns"].items():
            # A plan may lie in the future.
            if column["type"] == "timestamp" and not column.get("deadline"):
                assert (written[name].drop_nulls() < midnight).all(), f"{feed}.{name}"
    recent = read(tiny, "orders").filter(pl.col("ordered_at") > "2026-06-28")
    old = read(tiny, "orders").filter(pl.col("ordered_at") < "2026-05-01")
    done = {"delivered", "cancelled", "unavailable"}
    assert not set(recent["status"]) <= done
    assert old["status"].is_in(list(done)).all()  # what a carrier loses is given up by then


def test_versions_only_move_forward_when_more_becomes_known(tiny: Path, tmp_path: Path) -> None:
    simulate(TINY, 200, 7, tmp_path / "before", END, known_until=END - timedelta(days=3))

    for feed in FEEDS:
        key = contract(feed)["key"]
        earlier, later = read(tmp_path / "before", feed), read(tiny, feed)
        assert earlier.join(later, on=key, how="anti").height == 0, feed
        both = earlier.join(later, on=key, suffix="_later")
        same = both
        if "updated_at" in earlier.columns:
            assert (both["updated_at_later"] >= both["updated_at"]).all(), feed
            same = both.filter(pl.col("updated_at") == pl.col("updated_at_later"))
        for name in set(earlier.columns) - {*key, "updated_at"}:
            assert same[name].equals(same[f"{name}_later"].alias(name)), f"{feed}.{name}"


def test_instants_of_a_line_follow_each_other(tiny: Path) -> None:
    shipments = read(tiny, "shipments").join(
        read(tiny, "orders").select("order_id", "ordered_at"), on="order_id"
    )

    assert (shipments["ship_by_at"] > shipments["ordered_at"]).all()
    sent = shipments.drop_nulls("shipped_at")
    assert (sent["shipped_at"] > sent["ordered_at"]).all()
    arrived = sent.drop_nulls("delivered_at")
    assert (arrived["delivered_at"] > arrived["shipped_at"]).all()


def test_nobody_real_can_be_reached(tiny: Path) -> None:
    for feed in ("vendors", "customers", "leads"):
        rows = read(tiny, feed)
        assert rows["email"].str.contains(r"^[a-z0-9.]+@example\.(com|org)$").all()
        # The Bundesnetzagentur's numbers for films: five areas, the last three digits free.
        reserved = r"^\+49(3023125|6990009|4066969|2214710|8999998)\d{3}$"
        assert rows["phone"].str.contains(reserved).all()


def test_a_folder_that_is_not_a_simulation_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.txt").write_text("years of work")

    with pytest.raises(SimulationRefused, match="something other than a simulated marketplace"):
        simulate(TINY, 30, 1, tmp_path / "mine", END)

    assert (tmp_path / "mine" / "thesis.txt").read_text() == "years of work"


def test_a_new_simulation_replaces_an_old_one_whole(tmp_path: Path) -> None:
    out = tmp_path / "world"
    simulate(TINY, 60, 1, out, END)
    simulate(TINY, 20, 1, out, END)

    months = [path.name for path in sorted((out / "feeds" / "orders").iterdir())]
    assert months == ["orders-2026-06.csv"]
    manifest = json.loads((out / "truth" / "manifest.json").read_text())
    assert (manifest["days"], manifest["seed"]) == (20, 1)
    assert [path.name for path in tmp_path.iterdir()] == ["world"]


@pytest.mark.parametrize(("size", "days", "seed"), [("huge", 10, 1), (TINY, 0, 1), (TINY, 10, -1)])
def test_a_world_that_cannot_be_is_refused(
    tmp_path: Path, size: str | WorldSize, days: int, seed: int
) -> None:
    with pytest.raises(SimulationRefused):
        simulate(size, days, seed, tmp_path / "world", END)

    assert not list(tmp_path.iterdir())


def test_a_single_day_is_a_world_too(tmp_path: Path) -> None:
    summary = simulate(TINY, 1, 1, tmp_path / "world", END)

    ordered = read(tmp_path / "world", "orders")["ordered_at"].str.to_datetime()
    assert summary.rows["orders"] == ordered.len() > 0
    assert ordered.min() >= datetime(2026, 6, 29, 22)  # type: ignore[operator]  # noqa: DTZ001
