"""What Dagster is told of an empty home."""

from pathlib import Path

import dagster as dg
import pytest

from pipelines.definitions import build_definitions
from pipelines.settings import PipelineSettings


@pytest.fixture(scope="session")
def empty_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("home")


@pytest.fixture(scope="session")
def definitions(empty_home: Path) -> dg.Definitions:
    return build_definitions(PipelineSettings(home=empty_home))
