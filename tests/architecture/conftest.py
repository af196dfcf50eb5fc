"""The dbt project as dbt itself understands it."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

PROJECT = Path(__file__).parents[2] / "dbt_project"


@pytest.fixture(scope="session")
def manifest(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    target = tmp_path_factory.mktemp("dbt")
    command = [str(Path(sys.executable).with_name("dbt")), "parse"]
    command += ["--project-dir", str(PROJECT), "--profiles-dir", str(PROJECT)]
    environment = {"DBT_TARGET_PATH": str(target), "DBT_LOG_PATH": str(target)}
    environment |= {"HOME": str(target), "KONTOR_WAREHOUSE": str(target / "warehouse.duckdb")}
    result = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout
    found: dict[str, Any] = json.loads((target / "manifest.json").read_text())
    return found
