"""Settings mean the same in every process, and a wrong one is told in a sentence."""

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from dashboards.settings import DashboardSettings
from installation.settings import Settings, sentences, variable
from operations.store import sqlite_url
from pipelines.docs_pages.env_example import env_example
from pipelines.settings import PROJECT_ROOT, PipelineSettings, temporary_environment

# None of them is the default.
OTHERS: dict[str, Any] = {
    "home": "/srv/kontor",
    "marketplace": "/srv/mine.yml",
    "operations_url": "postgresql://kontor:p%40ss@db/kontor",
    "keep_versions": 5,
    "memory_limit": "700MB",
    "threads": 3,
    "engine": "spark",
    "address": "::1",
    "port": 9000,
    "allowed_hosts": ["kontor.example", "[::1]"],
    "behind_tls_proxy": True,
    "query_timeout_seconds": 2.5,
    "query_memory": "100MB",
    "query_threads": 1,
    "open_files": 7,
    "result_memory": 1 << 20,
    "result_shares": 3,
    "dagster_socket": "/run/kontor/pages",
}
# What a program of ours finds; with a folder, also what one finds that it starts there.
FINDS = """
import subprocess, sys
from dashboards.settings import DashboardSettings
from installation.start import begin, environment_for_child
from pipelines.settings import PipelineSettings, environment
begin()
pipelines = PipelineSettings()
for found in (pipelines, DashboardSettings()):
    print(found.store_url, found.home, found.memory_limit, found.marketplace, found.query_memory)
print(environment(pipelines.home_folder).get("SHOP_PASSWORD"), flush=True)
code, *folders = sys.argv[1:]
for folder in folders:
    told = environment_for_child(pipelines)
    subprocess.run([sys.executable, "-c", code, code], env=told, cwd=folder, check=True)
"""


def ended(command: list[str], folder: Path, **variables: str) -> "subprocess.CompletedProcess[str]":
    """A process that a person starts in a folder."""
    told = {"PATH": os.defpath, "PYTHONPATH": str(PROJECT_ROOT), "PYTHONUNBUFFERED": "1"}
    return subprocess.run(
        [sys.executable, *command], cwd=folder, env={**told, **variables},
        capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip


def kontor(folder: Path, *arguments: str, **variables: str) -> "subprocess.CompletedProcess[str]":
    return ended(["-m", "pipelines.cli.main", *arguments], folder, COLUMNS="200", **variables)


def test_one_env_file_makes_one_home_and_one_store(tmp_path: Path) -> None:
    own, other = tmp_path / "own", tmp_path / "other"
    own.mkdir()
    other.mkdir()
    (own / ".env").write_text(
        "KONTOR_HOME=state\nKONTOR_OPERATIONS_URL=sqlite:///accounts.sqlite\n"
        "KONTOR_MARKETPLACE=mine.yml\nKONTOR_MEMORY_LIMIT=640MB\nKONTOR_QUERY_MEMORY=64MB\n"
        "SHOP_PASSWORD=canary\n"
    )
    (other / ".env").write_text(
        "KONTOR_HOME=elsewhere\nKONTOR_MEMORY_LIMIT=1MB\nKONTOR_QUERY_MEMORY=1MB\n"
        "KONTOR_OPERATIONS_URL=sqlite:///other.sqlite\nSHOP_PASSWORD=other\n"
    )

    done = ended(["-c", FINDS, FINDS, str(other)], own)

    assert done.returncode == 0, done.stderr
    settings = f"sqlite:///{own}/accounts.sqlite {own}/state 640MB {own}/mine.yml 64MB"
    assert done.stdout.splitlines() == [settings, settings, "canary"] * 2


def test_environment_counts_before_the_env_file_unless_it_is_empty(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("KONTOR_MEMORY_LIMIT=1MB\nKONTOR_QUERY_MEMORY=2MB\n")

    done = ended(["-c", FINDS, ""], tmp_path, KONTOR_MEMORY_LIMIT="3MB", KONTOR_QUERY_MEMORY="")

    assert f"{tmp_path}/var 3MB demo 2MB" in done.stdout


def test_program_that_is_used_as_a_library_reads_no_env_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / ".env").write_text("KONTOR_THREADS=7\n")
    monkeypatch.chdir(tmp_path)

    assert PipelineSettings().threads == Settings.model_fields["threads"].default


@pytest.mark.parametrize(("env_file", "threads"), [("", "1"), ("OPENBLAS_NUM_THREADS=3\n", "3")])
def test_matrices_get_one_thread_unless_somebody_says_otherwise(
    tmp_path: Path, env_file: str, threads: str
) -> None:
    (tmp_path / ".env").write_text(env_file)
    told = "import os; from installation.start import begin; begin(); print(*os.environ.items())"

    done = ended(["-c", told], tmp_path)

    assert f"('OPENBLAS_NUM_THREADS', '{threads}')" in done.stdout


def test_what_is_told_to_a_child_is_read_by_it_as_it_was_here() -> None:
    settings = Settings(**OTHERS)
    defaults = Settings()
    assert all(getattr(settings, name) != getattr(defaults, name) for name in Settings.model_fields)

    with temporary_environment(settings.variables()):
        assert Settings() == settings


def test_programs_add_no_setting_that_the_other_would_not_pass_on() -> None:
    assert PipelineSettings.model_fields.keys() == Settings.model_fields.keys()
    assert DashboardSettings.model_fields.keys() == Settings.model_fields.keys()


@pytest.mark.parametrize("name", ["plain", "a b", "50%25", "who?", "grün", "x#y"])
def test_the_store_of_a_home_is_the_same_file_whatever_the_home_is_called(
    tmp_path: Path, name: str
) -> None:
    settings = Settings(home=tmp_path / name)

    assert settings.store_url == sqlite_url(tmp_path / name / "operations.sqlite")
    assert settings.store_files[0] == tmp_path / name / "operations.sqlite"


@pytest.mark.parametrize(
    ("given", "path"), [("sqlite:////srv/x.sqlite", "/srv/x.sqlite"), ("sqlite:///x?a=b", "x?a=b")]
)
def test_a_store_s_relative_file_is_made_absolute(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, given: str, path: str
) -> None:
    monkeypatch.chdir(tmp_path)

    assert Settings(operations_url=given).store_url == f"sqlite:///{tmp_path / path}"


def test_wrong_settings_are_told_in_a_sentence_each_by_both_programs(tmp_path: Path) -> None:
    wrong = {
        "KONTOR_HOME": "/etc/passwd",
        "KONTOR_OPERATIONS_URL": "mysql://u:canary@h/x",
        "KONTOR_KEEP_VERSIONS": "1",
        "KONTOR_MEMORY_LIMIT": "80%",
        "KONTOR_THREADS": "two",
        "KONTOR_ENGINE": "oracle",
        "KONTOR_ALLOWED_HOSTS": "a,b",
    }
    for module, arguments in (("pipelines.cli.main", ["doctor"]), ("dashboards.server", [])):
        done = ended(["-m", module, *arguments], tmp_path, **wrong)

        assert done.returncode == 2
        assert "canary" not in done.stdout + done.stderr
        lines = [line.removeprefix("Cannot start: ") for line in done.stderr.splitlines()]
        assert len(lines) == len(wrong)
        for line, (name, value) in zip(lines, wrong.items(), strict=True):
            shown = "" if name == "KONTOR_OPERATIONS_URL" else f" is {value!r}"
            assert re.match(rf"{name}{re.escape(shown)} \(from the environment\): \w", line), line


@pytest.mark.parametrize(
    "wrong",
    [
        {"operations_url": "sqlite://"},
        {"operations_url": "sqlite:///:memory:"},
        {"operations_url": "kontor"},
        {"home": "~nobody-of-that-name/x"},
        {"memory_limit": "0 of it"},
        {"allowed_hosts": '{"a": 1}'},
        {"marketplce": "demo"},
    ],
    ids=str,
)
def test_value_that_would_fail_later_is_refused_at_once(wrong: dict[str, str]) -> None:
    with pytest.raises(ValidationError) as refused:
        Settings(**wrong)

    assert sentences(refused.value, {})[0].startswith(variable(*wrong))


def test_wrong_setting_of_the_env_file_is_told_with_the_file(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("KONTOR_THREADS=0\n")

    done = kontor(tmp_path, "doctor")

    assert done.returncode == 2
    assert done.stderr.startswith(f"KONTOR_THREADS is '0' (from {tmp_path}/.env): ")


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"KONTOR_THREADS=2\nKONTOR_HOME='canary\n", ".env, line 2: write it as NAME=value"),
        (b"KONTOR_HOME=\xff\n", ".env: it is not UTF-8; fix the file or remove it"),
        (None, ".env: Is a directory; fix the file or remove it"),
    ],
    ids=["half a value", "no text", "a folder"],
)
def test_env_file_that_cannot_be_read_is_told(
    tmp_path: Path, content: bytes | None, sentence: str
) -> None:
    path = tmp_path / ".env"
    path.mkdir() if content is None else path.write_bytes(content)

    done = kontor(tmp_path, "doctor")

    assert done.returncode == 2
    assert done.stderr == f"{tmp_path}/{sentence}\n"


def test_setting_is_printed_for_a_script_without_secrets(tmp_path: Path) -> None:
    told = {"KONTOR_OPERATIONS_URL": "postgresql://u:canary@h/x", "KONTOR_HOME": "state"}

    every, one = kontor(tmp_path, "settings", **told), kontor(tmp_path, "settings", "home", **told)

    assert f"KONTOR_HOME={tmp_path}/state\n" in every.stdout
    assert "KONTOR_OPERATIONS_URL=********" in every.stdout
    assert "canary" not in every.stdout + one.stdout
    assert one.stdout == f"{tmp_path}/state\n"
    assert len(every.stdout.splitlines()) == len(Settings.model_fields)
    assert kontor(tmp_path, "settings", "hoem").returncode == 2


def test_the_example_holds_every_setting_with_its_default(tmp_path: Path) -> None:
    text = (PROJECT_ROOT / ".env.example").read_text("utf-8")
    assert text == env_example(), "make docs"

    (tmp_path / ".env").write_text(re.sub("^# (?=KONTOR_)", "", text, flags=re.MULTILINE))
    done = kontor(tmp_path, "settings")

    assert done.stdout == kontor(tmp_path / "..", "settings").stdout.replace(
        str(tmp_path.parent), str(tmp_path)
    )


def test_store_that_cannot_be_opened_is_told_in_a_sentence(tmp_path: Path) -> None:
    told = {"KONTOR_OPERATIONS_URL": "postgresql://u:canary@127.0.0.1:1/x"}

    done = kontor(tmp_path, "accounts", "disable", "anna", **told)

    assert done.returncode == 2
    assert done.stderr.startswith("the operational store cannot be opened: ")
    assert "canary" not in done.stderr
    assert "Traceback" not in done.stderr


def test_the_dashboards_say_so_too(tmp_path: Path) -> None:
    told = {"KONTOR_OPERATIONS_URL": "sqlite:////etc/passwd"}

    done = ended(["-m", "dashboards.server", "--port", "0"], tmp_path, **told)

    assert done.returncode == 2
    assert "Cannot start: the operational store cannot be opened: " in done.stderr
    assert "Traceback" not in done.stderr


def test_dbt_started_by_hand_has_the_same_defaults() -> None:
    profile = (PROJECT_ROOT / "dbt_project" / "profiles.yml").read_text("utf-8")
    given = re.findall(r"env_var\('KONTOR_(\w+)', '([^']*)'\)", profile)
    defaults = {name: str(field.default) for name, field in Settings.model_fields.items()}

    assert {name for name, _ in given} == {"ENGINE", "WAREHOUSE", "THREADS", "MEMORY_LIMIT"}
    assert {(n, v) for n, v in given if n != "WAREHOUSE"} == {
        (name, defaults[name.lower()]) for name, _ in given if name != "WAREHOUSE"
    }
