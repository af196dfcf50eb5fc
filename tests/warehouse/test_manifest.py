"""The manifest after the project changed: what is there now, whatever dbt remembers."""

import json
import shutil

import msgpack
import pytest

from pipelines.dbt.project import manifest_path, target_folder
from pipelines.home import Home
from pipelines.settings import PipelineSettings

pytestmark = pytest.mark.warehouse

TEST = "test.kontor.parts_of_a_row_behind_a_residual_add_up"


def found_in(home: Home) -> list[str]:
    settings = PipelineSettings(home=home.path)
    nodes = json.loads(manifest_path(home, settings).read_bytes())["nodes"]
    return [name for name in nodes if name.startswith(TEST)]


def test_what_dbt_remembers_of_the_project_before_is_in_no_manifest(own_home: Home) -> None:
    folder = target_folder(own_home)
    shutil.rmtree(folder)
    [name] = found_in(own_home)
    remembered = folder / "partial_parse.msgpack"
    state = msgpack.unpackb(remembered.read_bytes(), strict_map_key=False)
    del state["nodes"][name]
    remembered.write_bytes(msgpack.packb(state))
    (folder / "parsed.sha256").write_text("of the project before")

    assert found_in(own_home) == [name]
