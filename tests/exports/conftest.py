from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.exports.worlds import World, make_empty


@pytest.fixture(scope="session")
def empty_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("empty") / "home"
    make_empty(path)
    return path


@pytest.fixture
def world(empty_home: Path, tmp_path: Path) -> Iterator[World]:
    world = World(empty_home, tmp_path / "home")
    yield world
    world.close()
