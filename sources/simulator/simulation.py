"""A whole marketplace on disk: its feeds in the canonical contracts, its truth beside them."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from sources.simulator.disorder.disordered_feeds import apply_disorder
from sources.simulator.disorder.presets import Disorder
from sources.simulator.entity_feeds import write_entities
from sources.simulator.feed_files import write_truth
from sources.simulator.foreign.samples import write_foreign
from sources.simulator.monthly_feeds import write_orders
from sources.simulator.orders.differences import DifferenceBook
from sources.simulator.truth.tables import truth_tables
from sources.simulator.world.laws import BUSINESS_TIME_ZONE, CURRENCY_CODE, parameters
from sources.simulator.world.sizes import DEFAULT_END, WorldSize
from sources.simulator.world.world import SimulationRefused, build_world, size_named

if TYPE_CHECKING:
    from datetime import date

Progress = Callable[[str, float], None]


@dataclass(frozen=True, slots=True)
class SimulationSummary:
    """What was written where."""

    out: Path
    seed: int
    days: int
    end: date
    known_until: date
    rows: dict[str, int]


def simulate(  # noqa: PLR0913 - what makes a world is named one by one
    size: str | WorldSize,
    days: int | None = None,
    seed: int = 1,
    out: Path = Path("marketplace"),
    end: date = DEFAULT_END,
    progress: Progress | None = None,
    *,
    known_until: date | None = None,
    disorder: Disorder | None = None,
    foreign_days: int = 0,
) -> SimulationSummary:
    """A marketplace of the days that end with `end`, written to `out`, and how many rows it has.

    It lasts as many days as its size usually does, unless they are given. The same arguments
    write the same bytes. Nothing after `known_until` (by default `end`) is known: an earlier one
    gives the same marketplace as its feeds looked on that evening. `foreign_days` of the
    clickstream, and the shop's tables, are written in other systems' forms.
    """
    size = size_named(size)
    days = size.days if days is None else days
    world = build_world(size, days, seed, end, known_until or end)
    report = progress or (lambda _message, _done: None)
    # A run that stops half-way leaves nothing under the name asked for.
    draft = out.with_name(f"{out.name}.draft")
    check_target(out)
    shutil.rmtree(draft, ignore_errors=True)
    book = DifferenceBook()
    rows, payouts = write_orders(world, draft, book, report)
    report("customers, vendors and products", 0.95)
    rows |= write_entities(world, payouts, book, draft / "feeds")
    write_truth(draft / "truth", truth_tables(world, book))
    if foreign_days:
        report("foreign formats", 0.98)
        write_foreign(draft, foreign_days)
    apply_disorder(draft, disorder or Disorder(), seed)
    summary = SimulationSummary(out, seed, days, end, known_until or end, rows)
    write_manifest(summary, world.size, disorder or Disorder(), draft / "truth" / "manifest.json")
    if out.exists():
        shutil.rmtree(out)
    draft.rename(out)
    report("done", 1.0)
    return summary


def check_target(out: Path) -> None:
    """Refuses to replace anything that is not an earlier simulation."""
    if out.exists() and not (out / "truth" / "manifest.json").exists() and any(out.iterdir()):
        raise SimulationRefused(f"{out} contains something other than a simulated marketplace")


def write_manifest(
    summary: SimulationSummary, size: WorldSize, disorder: Disorder, path: Path
) -> None:
    """Writes what made the world; it comes last, so that a folder that has it is whole."""
    manifest = {
        "seed": summary.seed,
        "days": summary.days,
        "end": summary.end.isoformat(),
        "known_until": summary.known_until.isoformat(),
        "size": asdict(size),
        "business_time_zone": BUSINESS_TIME_ZONE,
        "currency_code": CURRENCY_CODE,
        "parameters": parameters(),
        "disorder": asdict(disorder),
        "rows": summary.rows,
    }
    path.write_text(json.dumps(manifest, indent=2, sort_keys=True) + "\n", "utf-8")
