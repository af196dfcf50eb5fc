"""One home for the page tests of a file, served from this process."""

from collections.abc import Iterator

import pytest

from dashboards import resources
from dashboards.settings import DashboardSettings
from tests.worlds.homes import Home, make_home


# One per file: what the tests of one write, those of another would read as theirs.
@pytest.fixture(scope="module")
def shared_home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    made = make_home(tmp_path_factory.mktemp("home"))
    yield made
    made.store.dispose()


@pytest.fixture
def home(shared_home: Home) -> Iterator[Home]:
    opened = resources.open_resources(DashboardSettings(home=shared_home.path))
    resources.install(opened)
    yield shared_home
    opened.close()
