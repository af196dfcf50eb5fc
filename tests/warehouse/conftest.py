"""The tiny marketplace as the pipeline built it, for all tests of this folder."""

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from pipelines.home import Home
from tests.worlds.built_once import copied
from tests.worlds.published_shop import published_shop


@pytest.fixture
def warehouse() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(str(published_shop().warehouse), read_only=True) as connection:
        yield connection


@pytest.fixture
def own_home(tmp_path: Path) -> Home:
    """A copy of the home for a test that builds or damages something."""
    return Home(copied(published_shop().path, tmp_path / "home"))
