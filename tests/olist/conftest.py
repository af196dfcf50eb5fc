import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from pipelines.settings import PROJECT_ROOT, child_environment, environment_value


@pytest.fixture(scope="session")
def olist_folder() -> Path:
    given = environment_value("KONTOR_OLIST_DIR")
    folder = Path(given) if given else PROJECT_ROOT.parent / "shared" / "data" / "olist"
    if not (folder / "olist_orders_dataset.csv").is_file():
        pytest.skip(f"Olist's CSV files are not in {folder}; set KONTOR_OLIST_DIR")
    return folder


@pytest.fixture(scope="session")
def olist_version(olist_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The version that `kontor run --marketplace olist --full` publishes in an empty home."""
    home = tmp_path_factory.mktemp("olist")
    variables = {
        "KONTOR_HOME": str(home),
        "KONTOR_OLIST_DIR": str(olist_folder),
        "PYTHONPATH": str(PROJECT_ROOT),
    }
    done = subprocess.run(
        [sys.executable, "-m", "pipelines.cli.main", "run", "--marketplace", "olist", "--full"],
        env=child_environment(variables),
        cwd=home,
        capture_output=True,
        text=True,
        check=False,
        timeout=550,
    )
    assert done.returncode == 0, done.stderr
    published = home / "published"
    return published / (published / "CURRENT").read_text().strip()


@pytest.fixture(scope="session")
def marts(olist_version: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(str(olist_version / "operator.duckdb"), read_only=True) as connection:
        yield connection
