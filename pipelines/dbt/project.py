"""The dbt project as the pipelines use it: where it lies, its manifest, its variables."""

import csv
import hashlib
import json
import shutil
import subprocess
import sys
from collections.abc import Iterable
from datetime import date
from importlib.metadata import version
from pathlib import Path

import yaml

from pipelines.dbt.errors import in_short
from pipelines.dbt.warm_client import PARSED_PROJECT
from pipelines.home import Home, held_elsewhere
from pipelines.settings import (
    PROJECT_ROOT,
    PipelineSettings,
    child_environment,
    environment_value,
)
from sources.child_process import how_it_ended, was_killed
from sources.marketplace import Marketplace

DBT_PROJECT = "kontor"
DBT_FOLDER = PROJECT_ROOT / "dbt_project"
# Names the executable of `warm`, for this process and those it starts.
WARM_DBT = "KONTOR_WARM_DBT"
_GENERATED = {"target", "logs", "__pycache__"}


class DbtParseError(Exception):
    """The dbt project cannot be read; the message is dbt's."""


def hash_of(root: Path, parts: Iterable[str]) -> str:
    """SHA-256 over the names and contents of files and folders below a root."""
    digest = hashlib.sha256()
    for part in parts:
        found = sorted((root / part).rglob("*")) if (root / part).is_dir() else [root / part]
        for path in found:
            name = path.relative_to(root)
            if path.is_file() and not _GENERATED & set(name.parts):
                digest.update(name.as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


def why_dbt_stopped(code: int, output: str) -> str:
    """A sentence for a dbt that did not do what it was asked, or dbt's own words on it."""
    if was_killed(code):
        return f"dbt {how_it_ended(code).english}"
    return held_elsewhere(output) or in_short(output) or f"dbt {how_it_ended(code).english}"


def dbt_executable() -> str:
    """The dbt of this run where one is warm, else the one that belongs to the running Python."""
    return environment_value(WARM_DBT) or str(Path(sys.executable).with_name("dbt"))


def target_folder(home: Home) -> Path:
    """Where dbt keeps its manifest and its partial parse."""
    return home.path / "dbt"


def compiled_folder(home: Home) -> Path:
    """Where the last build left the models' SQL as the engine got it, below their own paths."""
    return target_folder(home) / "build" / "compiled" / DBT_PROJECT


def dbt_environment(home: Home, settings: PipelineSettings) -> dict[str, str]:
    """What dbt's profile reads, on top of the environment."""
    return {
        "KONTOR_WAREHOUSE": str(home.warehouse),
        "KONTOR_THREADS": str(settings.threads),
        "KONTOR_MEMORY_LIMIT": settings.memory_limit,
        "KONTOR_ENGINE": settings.engine,
        "DBT_PROFILES_DIR": str(DBT_FOLDER),
        "DBT_TARGET_PATH": str(target_folder(home)),
        "DBT_LOG_PATH": str(home.path / "logs"),
        "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
        "DBT_VERSION_CHECK": "false",
        # What it prints goes to logs, and into reasons on pages.
        "DBT_USE_COLORS": "false",
    }


def dbt_variables(marketplace: Marketplace, as_of: date) -> str:
    """The variables of a build, as JSON for `--vars`."""
    return json.dumps(
        {
            "as_of_date": as_of.isoformat(),
            "business_time_zone": marketplace.time_zone,
            "storage_time_zone": marketplace.storage_time_zone,
            "marketplace": marketplace.name,
            "currency_code": marketplace.currency_code or "",
            "session_inactivity_minutes": marketplace.session_inactivity_minutes,
            "sessions_cut_at_midnight": marketplace.sessions_cut_at_midnight,
            "rfm_bounds": marketplace.segments.bounds.as_variables(),
        }
    )


def reconciliation_allowances() -> dict[str, int]:
    """For how many days a document of an order is waited for, by measure.

    Those of payouts are left out: what is settled is compared by spans, and anew in each run.
    """
    with (DBT_FOLDER / "seeds" / "reconciliation_registry.csv").open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["source"] != "payouts"]
    return {row["measure"]: int(row["days_allowed"]) for row in rows}


def exchange_rate_days() -> int:
    """How many days after its own an exchange rate may be used."""
    project = yaml.safe_load((DBT_FOLDER / "dbt_project.yml").read_text("utf-8"))
    return int(project["vars"]["exchange_rate_max_age_days"])


def parsed_project(home: Home) -> Path:
    """What dbt wrote down of the project when `manifest_path` had it parsed.

    No variable changes it: models and tests are rendered with them when they are executed.
    """
    return target_folder(home) / "partial_parse.msgpack"


def manifest_path(home: Home, settings: PipelineSettings) -> Path:
    """The project's manifest, parsed anew only where the project, dbt or the engine changed.

    Raises:
        DbtParseError: dbt cannot read the project.
    """
    folder = target_folder(home)
    manifest, stamp = folder / "manifest.json", folder / "parsed.sha256"
    # The manifest names the project's files by whole paths: a checkout that moved has no others.
    read_by = f"{version('dbt-core')} {settings.engine} {DBT_FOLDER}"
    current = f"{hash_of(PROJECT_ROOT, ['dbt_project'])} {read_by}"
    is_parsed = all(path.is_file() for path in (manifest, stamp, parsed_project(home)))
    if is_parsed and stamp.read_text() == current:
        return manifest
    folder.mkdir(parents=True, exist_ok=True)
    # What an earlier build left is for the project as it was. So is dbt's partial parse: after an
    # update of ours a manifest made from it once lacked a new test, and no run could end any more.
    shutil.rmtree(folder / "build", ignore_errors=True)
    parsed_project(home).unlink(missing_ok=True)
    parse_project(DBT_FOLDER, dbt_environment(home, settings))
    stamp.write_text(current)
    return manifest


def read_ahead(home: Home, settings: PipelineSettings) -> None:
    """Lets a dbt that is warm read the parsed project, for the builds to come."""
    warm = environment_value(WARM_DBT)
    if warm is None:
        return
    known = {PARSED_PROJECT: str(parsed_project(home))}
    # It reads what a command names before it begins the command, whatever that is.
    subprocess.run(  # noqa: S603 - our own executable, no shell
        [warm, "--help"],
        cwd=DBT_FOLDER,
        env=child_environment({**dbt_environment(home, settings), **known}),
        capture_output=True,
        check=False,
    )


def parse_project(folder: Path, environment: dict[str, str]) -> None:
    """Lets dbt write the manifest of a project into the target folder that the environment names.

    Raises:
        DbtParseError: dbt cannot read the project.
    """
    command = [dbt_executable(), "--quiet", "parse", "--project-dir", str(folder)]
    done = subprocess.run(  # noqa: S603 - our own executable, no shell
        command,
        env=child_environment(environment),
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise DbtParseError(why_dbt_stopped(done.returncode, done.stdout.strip() or done.stderr))
