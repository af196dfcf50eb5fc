"""One home for all page tests, served from this process."""

from collections.abc import Iterator

import pytest

from dashboards import resources
from dashboards.settings import DashboardSettings
from tests.worlds.homes import Home, make_home


@pytest.fixture(scope="session")
def session_home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    made = make_home(tmp_path_factory.mktemp("home"))
    yield made
    made.store.dispose()


@pytest.fixture
def home(session_home: Home) -> Iterator[Home]:
    opened = resources.open_resources(DashboardSettings(home=session_home.path))
    resources.install(opened)
    yield session_home
    opened.close()
