"""Forecasts that add up: parts, their sums by one attribute, by another, and the whole."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.sparse.linalg import splu

from pipelines.analytics.time_series.panels import Floats

# So that a sum whose own forecast says nothing takes what its parts make.
_LEAST: Final = 1e-9
# A covariance is symmetric and needs no pivots: the order may be the one that stays sparse.
_SYMMETRIC: Final[dict[str, Any]] = {
    "permc_spec": "MMD_AT_PLUS_A",
    "diag_pivot_thresh": 0.0,
    "options": {"SymmetricMode": True},
}


@dataclass(frozen=True, slots=True)
class Sums:
    """Which series are sums of which: `parts` [sum, part] of ones and zeros.

    `sum_rows` and `part_rows` are where they stand among the series. A part is in few sums, so the
    matrix is sparse: of thousands of vendors a full one has a hundred times the numbers.
    """

    sum_rows: NDArray[np.int64]
    part_rows: NDArray[np.int64]
    parts: sparse.csr_array


def reconciler(sums: Sums) -> Callable[[Floats, Floats], Floats]:
    """A function of means [series, horizon] and spreads [series] that makes the means add up.

    Trace minimisation with a diagonal of error variances (WLS; Wickramasuriya, Athanasopoulos and
    Hyndman 2019, Optimal forecast reconciliation for hierarchical and grouped time series through
    trace minimization, JASA 114), in its form by constraints, which solves a matrix as large as
    the number of sums and not of parts. Parts below zero are set to zero and summed up again (Di
    Fonzo and Girolimetto 2023, Spatio-temporal reconciliation of solar forecasts, section 3.4).
    A spread of zero keeps a part as it is.
    """

    def reconciled(mean: Floats, spread: Floats) -> Floats:
        known = np.nan_to_num(mean)
        variance = spread**2
        of_sums = variance[sums.sum_rows]
        of_sums = np.maximum(of_sums, _LEAST * max(float(of_sums.max(initial=0.0)), _LEAST))
        of_parts = variance[sums.part_rows]
        above, below = known[sums.sum_rows], known[sums.part_rows]
        gap = above - sums.parts @ below
        alone = _common(of_sums, of_parts, sums)
        weighted = sums.parts @ _diagonal(of_parts * (1 - alone))
        # the constraints' covariance: sums' own variances, and those of the parts in common
        covariance = (weighted @ sums.parts.T + _diagonal(of_sums)).tocsc()
        factors = splu(covariance, **_SYMMETRIC)  # type: ignore[no-untyped-call]
        together = np.sqrt(alone * of_parts)
        moved = below + _solved(factors, weighted, sums.parts @ together, together, gap)
        found = known.copy()
        moved = np.maximum(moved, 0.0)
        found[sums.part_rows] = _kept(moved, above, variance[sums.sum_rows], of_parts, sums)
        found[sums.sum_rows] = sums.parts @ found[sums.part_rows]
        return found

    return reconciled


def _kept(moved: Floats, above: Floats, of_sums: Floats, of_parts: Floats, sums: Sums) -> Floats:
    """The parts at the sum of them all that nobody doubts, where what became zero left too much."""
    part_counts = sums.parts @ np.ones(len(of_parts))
    wholes = np.flatnonzero((part_counts == len(of_parts)) & (of_sums == 0))
    if not wholes.size:
        return moved
    gives = of_parts > 0
    room = above[wholes[0]] - moved[~gives].sum(axis=0)
    total = moved[gives].sum(axis=0)
    share = np.clip(np.divide(room, total, out=np.ones_like(total), where=total > 0), 0.0, 1.0)
    return np.where(gives[:, None], moved * share, moved)


def _common(of_sums: Floats, of_parts: Floats, sums: Sums) -> float:
    """The share of the parts' variance that they have in common, 0 to 1.

    By the largest sum: independent parts would add up their variances, and those that move as one
    their deviations.
    """
    if not of_sums.size:
        return 0.0
    whole = int(np.argmax(of_sums))
    alone = float((sums.parts @ of_parts)[whole])
    as_one = float((sums.parts @ np.sqrt(of_parts))[whole]) ** 2
    if as_one <= alone:
        return 0.0
    return float(np.clip((of_sums[whole] - alone) / (as_one - alone), 0.0, 1.0))


def _solved(factors: Any, weighted: Any, of_sums: Floats, of_parts: Floats, gap: Floats) -> Floats:
    """How far the parts move [part, horizon] (Sherman and Morrison 1950 for what is common)."""
    solved = factors.solve(gap)
    of_common = factors.solve(of_sums)
    taken = (of_sums @ solved) / (1 + of_sums @ of_common)
    solved = solved - of_common[:, None] * taken[None, :]
    moved: Floats = weighted.T @ solved + of_parts[:, None] * (of_sums @ solved)[None, :]
    return moved


def _diagonal(values: Floats) -> Any:
    return sparse.diags_array(values)  # type: ignore[no-untyped-call]
