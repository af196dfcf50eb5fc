"""The world in which planted effects are looked for."""

from pathlib import Path

import pytest

from sources.simulator.simulation import simulate
from tests.simulator.simulated_feeds import LABORATORY
from tests.worlds.built_once import built_once


@pytest.fixture(scope="session")
def laboratory() -> Path:
    """Many customers and few vendors and visits: enough to find every planted effect again."""
    folder = built_once("laboratory", lambda out: simulate(LABORATORY, seed=11, out=out / "world"))
    return folder / "world"
