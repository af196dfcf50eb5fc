import shutil
import subprocess
import sys
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import duckdb
import pytest

from pipelines.settings import PROJECT_ROOT, child_environment, environment_value
from tests.worlds.built_once import built_once


@pytest.fixture(scope="session")
def olist_folder() -> Path:
    given = environment_value("KONTOR_OLIST_DIR")
    folder = Path(given) if given else PROJECT_ROOT.parent / "shared" / "data" / "olist"
    if not (folder / "olist_orders_dataset.csv").is_file():
        pytest.skip(f"Olist's CSV files are not in {folder}; set KONTOR_OLIST_DIR")
    return folder


@pytest.fixture(scope="session")
def olist_version(olist_folder: Path) -> Path:
    """The version that `kontor run --marketplace olist --full` publishes in an empty home."""
    files = [(path.name, path.stat().st_size) for path in sorted(olist_folder.glob("*.csv"))]
    data = sha256(repr(files).encode()).hexdigest()[:8]
    world = built_once(f"olist-{data}", lambda folder: _publish(olist_folder, folder))
    published = world / "published"
    return published / (published / "CURRENT").read_text().strip()


def _publish(olist_folder: Path, home: Path) -> None:
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
    # What is not looked at is large.
    shutil.rmtree(home / "landing")
    (home / "warehouse.duckdb").unlink()


@pytest.fixture(scope="session")
def marts(olist_version: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(str(olist_version / "operator.duckdb"), read_only=True) as connection:
        yield connection
