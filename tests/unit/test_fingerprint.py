"""What decides what is built changes the hash of the code; what a run leaves behind does not."""

from pathlib import Path

import pytest

from pipelines.runs import fingerprint
from pipelines.runs.fingerprint import code_hash
from pipelines.settings import PROJECT_ROOT


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    for name in (
        "pipelines/checking/anomalies.py",
        "pipelines/runs/dagster.yaml",
        "data_quality/suites.py",
        "sources/contracts/orders.yml",
        "operations/kernel.py",
        "dbt_project/models/marts/mart_x.sql",
        "requirements.lock",
        "dashboards/app.py",
    ):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("1")
    return tmp_path


@pytest.mark.parametrize(
    "name",
    [
        "pipelines/checking/anomalies.py",
        "pipelines/runs/dagster.yaml",
        "data_quality/suites.py",
        "sources/contracts/orders.yml",
        "operations/kernel.py",
        "dbt_project/models/marts/mart_x.sql",
        "requirements.lock",
    ],
)
def test_a_change_in_any_of_it_is_another_code(checkout: Path, name: str) -> None:
    before = code_hash(checkout)

    (checkout / name).write_text("2")

    assert code_hash(checkout) != before


def test_a_file_that_moved_or_came_is_another_code(checkout: Path) -> None:
    before = code_hash(checkout)
    module = checkout / "pipelines" / "checking" / "anomalies.py"
    module.rename(module.with_name("unusual_days.py"))
    moved = code_hash(checkout)
    module.write_text("")

    assert len({before, moved, code_hash(checkout)}) == 3


@pytest.mark.parametrize(
    "name",
    [
        "pipelines/checking/__pycache__/anomalies.cpython-311.pyc",
        "dbt_project/target/manifest.json",
        "dbt_project/logs/dbt.log",
        "dashboards/app.py",
    ],
)
def test_pages_and_what_a_run_leaves_behind_are_not_built_from(checkout: Path, name: str) -> None:
    before = code_hash(checkout)
    path = checkout / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("2")

    assert code_hash(checkout) == before


def test_every_folder_of_the_code_is_there() -> None:
    """A folder that was renamed would silently count for nothing."""
    assert all((PROJECT_ROOT / name).exists() for name in fingerprint._CODE)
