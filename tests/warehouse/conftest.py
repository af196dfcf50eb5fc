"""One build of the tiny marketplace for all tests of this folder."""

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from tests.warehouse import build, tiny_marketplace


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("tiny") / "warehouse.duckdb"
    tiny_marketplace.write(str(path))
    build.build(path, tiny_marketplace.VARS)
    return path


@pytest.fixture
def warehouse(built: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(str(built), read_only=True) as connection:
        yield connection
