"""The experiments and experiment assignments feeds."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from sources.simulator.arrays import NEVER, Ints
from sources.simulator.cells import before, latest, repeated, taken
from sources.simulator.tracking.variants import takes_part
from sources.simulator.tracking.visitors import visitor_ids, visitor_pools
from sources.simulator.world.buyers import customer_ids
from sources.simulator.world.experiments import (
    CART_BUTTON,
    CONTROL,
    LAWS,
    NO_MAIL,
    SAME_AGAIN,
    SUBJECT_LINE,
    Experiments,
    variant_of,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sources.simulator.tracking.visits import Visits
    from sources.simulator.world.world import World


def experiment_rows(experiments: Experiments, cutoff: int) -> pl.DataFrame:
    """The experiments feed as known before the cutoff."""
    started, ended = experiments.started_at, experiments.ended_at
    decided = ended + 7 * 86_400
    stage = np.where(decided < cutoff, 2, np.where(ended < cutoff, 1, 0))
    return pl.DataFrame(
        {
            "experiment_id": [law.experiment_id for law in LAWS],
            "name": [law.name for law in LAWS],
            "kind": [law.kind for law in LAWS],
            "planned_share": [f"{law.share:.4f}" for law in LAWS],
            "unit": [law.unit for law in LAWS],
            "primary_metric": [law.metric for law in LAWS],
            "control_variant": [law.variants[CONTROL] for law in LAWS],
            "status": taken(pl.Series(("running", "stopped", "decided")), stage),
            "started_at": started,
            "ended_at": before(ended, cutoff),
            "updated_at": latest(cutoff, started, ended, decided),
        }
    ).filter(pl.Series(started < cutoff))


def assignment_rows(which: int, ids: pl.Series, unit: Ints, at: Ints, cutoff: int) -> pl.DataFrame:
    """The experiment assignments feed for units seen for the first time."""
    return pl.DataFrame(
        {
            "experiment_id": repeated(LAWS[which].experiment_id, unit.size),
            "unit_id": ids,
            "variant": taken(pl.Series(LAWS[which].variants), variant_of(which, unit)),
            "assigned_at": at,
        }
    ).filter(pl.Series((at < cutoff) & (at < NEVER)))


def customer_assignments(world: World) -> pl.DataFrame:
    """Who is in the experiments on mail: from their start, or from the first order on."""
    frames = []
    for which in (SUBJECT_LINE, NO_MAIL):
        at = np.maximum(world.profiles.first_at, world.experiments.started_at[which])
        who = np.flatnonzero(at < world.experiments.ended_at[which])
        frames.append(assignment_rows(which, customer_ids(who), who, at[who], world.cutoff))
    return pl.concat(frames)


def visit_assignments(world: World, visits: Visits) -> Iterator[pl.DataFrame]:
    """Browsers are assigned at the first visit while an experiment runs."""
    for which in (CART_BUTTON, SAME_AGAIN):
        mine = np.flatnonzero(takes_part(world, which, visits.kind, visits.visitor, visits.at))
        mine = mine[np.argsort(visits.at[mine], kind="stable")]
        unit = visits.visitor[mine]
        fresh = world.experiments.first_seen(which, unit, visitor_pools(world)[2])
        ids, at = visitor_ids(unit[fresh]), visits.at[mine][fresh]
        yield assignment_rows(which, ids, unit[fresh], at, world.cutoff)
