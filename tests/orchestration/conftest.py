"""What Dagster is told of an empty home."""

import dagster as dg
import pytest

from pipelines.definitions import build_definitions
from pipelines.settings import PipelineSettings


@pytest.fixture(scope="session")
def definitions(tmp_path_factory: pytest.TempPathFactory) -> dg.Definitions:
    return build_definitions(PipelineSettings(home=tmp_path_factory.mktemp("home")))
