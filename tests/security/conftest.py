"""One running server for all attacks."""

from collections.abc import Iterator

import pytest

from tests.worlds.homes import Home, make_home
from tests.worlds.running import running_dashboards


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    made = make_home(tmp_path_factory.mktemp("home"))
    yield made
    made.store.dispose()


@pytest.fixture(scope="session")
def url(home: Home) -> Iterator[str]:
    with running_dashboards(home.path) as address:
        yield address
