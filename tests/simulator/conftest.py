"""The worlds in which planted effects are looked for."""

import time
from pathlib import Path

import pytest

from sources.simulator.simulation import simulate
from tests.simulator.effects import compiled_models
from tests.simulator.simulated_feeds import DEMO_SEED, LABORATORY
from tests.worlds.built_once import built_once


@pytest.fixture(scope="session")
def laboratory() -> Path:
    """Many customers and few vendors and visits: enough to find every planted effect again."""
    folder = built_once("laboratory", lambda out: simulate(LABORATORY, seed=11, out=out / "world"))
    return folder / "world"


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, float]:
    """The demo, and how many seconds of the processor it took."""
    out = tmp_path_factory.mktemp("demo") / "world"
    began = time.process_time()  # of this process: other work on the machine does not count
    simulate("small", seed=DEMO_SEED, out=out)
    return out, time.process_time() - began


@pytest.fixture(scope="session")
def effect_models(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    return compiled_models(tmp_path_factory.mktemp("effects") / "home")
