"""The conditional logit of McFadden (1974): which of several alternatives is taken, and why."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Fit:
    """Estimates and their standard errors."""

    estimate: np.ndarray
    error: np.ndarray


def conditional_logit(group: np.ndarray, x: np.ndarray, taken: np.ndarray) -> Fit:
    """McFadden's conditional logit by Newton's method; `group` is sorted."""
    starts = np.flatnonzero(np.diff(group, prepend=-1))
    size = np.diff(np.append(starts, group.size))
    beta = np.zeros(x.shape[1])
    for _ in range(25):
        weight = np.exp(x @ beta)
        chance = weight / np.repeat(np.add.reduceat(weight, starts), size)
        centre = np.repeat(np.add.reduceat(x * chance[:, None], starts), size, axis=0)
        gradient = ((taken - chance)[:, None] * x).sum(axis=0)
        information = (chance[:, None] * (x - centre)).T @ (x - centre)
        step = np.linalg.solve(information, gradient)
        beta = beta + step
        if np.abs(step).max() < 1e-9:
            break
    return Fit(beta, np.sqrt(np.diag(np.linalg.inv(information))))
