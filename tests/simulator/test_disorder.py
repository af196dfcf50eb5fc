"""Disorder is what the truth says it is, and heals when every file is loaded by key and version."""

from __future__ import annotations

import hashlib
from datetime import date
from typing import TYPE_CHECKING

import polars as pl
import pytest

from sources.contract import all_contracts, own_feeds
from sources.simulator.disorder.presets import BREAKAGES, PRESETS, Disorder
from sources.simulator.simulation import simulate
from tests.simulator.simulated_feeds import TINY, as_text, files_of, truth

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.simulator

END = date(2026, 6, 30)
DAYS = 120
HEAVY = Disorder(
    late_rate=0.05,
    duplicate_rate=0.05,
    corrected_rate=0.05,
    outrun_rate=0.05,
    deleted_rate=0.04,
    is_shuffled=True,
    skewed_days=3,
    gap_days=2,
    adds_column=True,
    drops_column=True,
)


@pytest.fixture(scope="module")
def worlds(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("disorder")
    for name, disorder in (
        ("clean", Disorder()),
        ("heavy", HEAVY),
        ("broken", PRESETS["broken_day"]),
    ):
        simulate(TINY, DAYS, 3, folder / name, END, disorder=disorder)
    return folder


def final_state(out: Path, feed: str) -> pl.DataFrame:
    """What stands after every file: the highest version of a key, without what was deleted."""
    contract = all_contracts()[feed]
    frames = [
        as_text(path).with_columns(pl.lit(number).alias("_load"))
        for number, path in enumerate(files_of(out, feed))
    ]
    whole = pl.concat(frames, how="diagonal").select(*contract.columns, "_load")
    order = [contract.version] if contract.version else []
    newest = whole.sort([*order, "is_deleted", "_load"], nulls_last=False, maintain_order=True)
    kept = newest.unique(list(contract.key), keep="last", maintain_order=True)
    return kept.filter(pl.col("is_deleted") != "true").drop("_load").sort(contract.key)


def digests(out: Path) -> dict[str, str]:
    files = sorted((out / "feeds").rglob("*.*"))
    return {
        path.relative_to(out).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in files
    }


def test_a_clean_world_has_no_disorder(worlds: Path) -> None:
    assert truth(worlds / "clean", "disorder").height == 0


@pytest.mark.parametrize("feed", sorted(set(all_contracts()) - set(own_feeds())))
def test_disorder_ends_in_the_clean_state_once_every_file_is_loaded(
    worlds: Path, feed: str
) -> None:
    clean, disturbed = final_state(worlds / "clean", feed), final_state(worlds / "heavy", feed)

    assert disturbed.equals(clean)


def test_every_kind_of_disorder_is_planted_and_listed(worlds: Path) -> None:
    planted = truth(worlds / "heavy", "disorder")

    assert set(planted["kind"]) == {
        "late", "duplicate", "corrected", "older_version_after_newer", "deleted",
        "deleted_before_it_came", "clock_skew", "gap", "column_added", "column_dropped",
    }  # fmt: skip
    assert planted["heals"].all()
    assert planted.filter(pl.col("kind") == "late").group_by("feed").len().height > 8


def test_the_listed_rows_are_as_the_truth_says(worlds: Path) -> None:
    planted = truth(worlds / "heavy", "disorder").filter(pl.col("feed") == "orders")
    keys = {kind: set(frame["key"]) for (kind,), frame in planted.group_by("kind")}
    paths = files_of(worlds / "heavy", "orders")
    at_first = pl.concat(
        [as_text(path) for path in paths if "later" not in path.name], how="diagonal"
    )
    later = pl.concat([as_text(path) for path in paths if "later" in path.name])
    clean = final_state(worlds / "clean", "orders")

    assert keys["late"].isdisjoint(at_first["order_id"])
    assert keys["late"] <= set(later["order_id"])
    assert keys["corrected"] <= set(later["order_id"])
    # What was to be corrected may lie in the gap.
    assert keys["corrected"] - keys["gap"] <= set(at_first["order_id"])
    ghosts = keys["deleted"] | keys["deleted_before_it_came"]
    assert ghosts
    assert ghosts.isdisjoint(clean["order_id"])
    twice = pl.concat([at_first, later], how="diagonal")
    counted = (
        twice.filter(pl.col("order_id").is_in(list(keys["duplicate"]))).group_by("order_id").len()
    )
    assert (counted["len"] == 2).all()
    both = at_first.join(clean, on="order_id", suffix="_right")
    wrong = both.filter(pl.col("status") != pl.col("status_right"))
    # An older version may happen to say the same, but nothing else may differ.
    assert set(wrong["order_id"]) <= keys["corrected"]


def test_without_later_files_what_is_late_is_missing_and_said_to_be(tmp_path: Path) -> None:
    disorder = Disorder(late_rate=0.1, gap_days=2, delivers_late=False)
    simulate(TINY, 60, 3, tmp_path / "world", END, disorder=disorder)
    simulate(TINY, 60, 3, tmp_path / "clean", END)

    planted = truth(tmp_path / "world", "disorder").filter(pl.col("feed") == "orders")
    here = final_state(tmp_path / "world", "orders")
    whole = final_state(tmp_path / "clean", "orders")

    missing = set(whole["order_id"]) - set(here["order_id"])
    assert missing == set(planted["key"])
    assert not planted["heals"].any()


def test_a_broken_day_breaks_one_file_each_and_nothing_else(worlds: Path) -> None:
    planted = truth(worlds / "broken", "disorder")
    clean, broken = digests(worlds / "clean"), digests(worlds / "broken")
    folder = worlds / "broken"

    assert set(planted["kind"]) == {*BREAKAGES, "column_renamed"}
    added = set(broken) - set(clean)
    files = {row["kind"]: row["file"] for row in planted.iter_rows(named=True)}
    assert added == {files[kind] for kind in BREAKAGES}
    touched = {name for name in clean if broken.get(name) != clean[name]}
    assert {name.split("/")[1].split(".")[0] for name in touched} == {
        "order_lines", "customers", "reviews", "shipments", "invoices",
    }  # fmt: skip
    with pytest.raises(UnicodeDecodeError):
        (folder / files["garbled_encoding"]).read_text("utf-8")
    assert not (folder / files["half_written"]).read_bytes().endswith(b"\n")
    assert (folder / files["open_quote"]).read_bytes().count(b'"') % 2 == 1
    assert (folder / files["wrong_delimiter"]).read_bytes().count(b",") == 0
    negative = pl.read_csv(folder / files["negative_amounts"], infer_schema=False)
    assert negative["net_amount"].str.starts_with("-").all()


def test_disorder_is_the_same_for_the_same_seed(worlds: Path, tmp_path: Path) -> None:
    simulate(TINY, DAYS, 3, tmp_path / "again", END, disorder=HEAVY)

    assert digests(tmp_path / "again") == digests(worlds / "heavy")


def test_a_breakage_that_does_not_exist_is_refused() -> None:
    with pytest.raises(ValueError, match="half_written"):
        Disorder(breakages=("everything",))


def test_a_preset_of_mild_disorder_touches_few_rows(tmp_path: Path) -> None:
    simulate(TINY, 60, 3, tmp_path / "world", END, disorder=PRESETS["realistic"])

    planted = truth(tmp_path / "world", "disorder").filter(pl.col("key") != "")
    orders = planted.filter(pl.col("feed") == "order_lines")["key"].n_unique()

    assert 0 < orders < 0.1 * final_state(tmp_path / "world", "order_lines").height
