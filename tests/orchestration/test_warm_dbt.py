"""The warm dbt behaves as dbt does: output, exit code, folder, environment, signals."""

import json
import os
import re
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from pipelines.dbt.project import dbt_executable, why_dbt_stopped
from pipelines.dbt.warm import warm_dbt
from pipelines.dbt.warm_client import PARSED_PROJECT
from pipelines.settings import child_environment
from tests.orchestration.processes import children_of, command_of, is_running, wait_until

pytestmark = pytest.mark.orchestration

_PROJECT = "name: tiny\nprofile: tiny\nflags: {send_anonymous_usage_stats: false}\n"
_PROFILE = "tiny: {target: dev, outputs: {dev: {type: duckdb, path: ':memory:'}}}\n"
_SHOW = ["--quiet", "show", "--output", "json", "--inline"]
_FOREVER = "select count(*) as n from range(100000000000) as t(a), range(1000) as s(b) where a < b"


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("project")
    (folder / "dbt_project.yml").write_text(_PROJECT)
    (folder / "profiles.yml").write_text(_PROFILE)
    return folder


@pytest.fixture(scope="module")
def warm() -> Iterator[Path]:
    with warm_dbt() as executable:
        yield executable


def _asked(
    dbt: Path | str, folder: Path, *arguments: str, told: Mapping[str, str] | None = None
) -> tuple[int, str]:
    environment = child_environment({"TOLD": "by the environment", **(told or {})})
    done = subprocess.run(
        [str(dbt), *arguments],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, re.sub(r"\d\d:\d\d:\d\d", "", done.stdout)


@pytest.mark.parametrize(
    "arguments",
    [
        (*_SHOW, "select 1 as one, '{{ env_var(\"TOLD\") }}' as told"),
        (*_SHOW, "select no_such_column"),
        ("no-such-command",),
        ("--no-use-colors", *_SHOW[1:], "select 1 as one"),
    ],
    ids=["an answer", "an error", "a mistake", "what it does meanwhile"],
)
def test_it_answers_as_dbt_does(warm: Path, project: Path, arguments: tuple[str, ...]) -> None:
    assert _asked(warm, project, *arguments) == _asked(dbt_executable(), project, *arguments)


def test_details_are_written_where_a_log_takes_them(warm: Path, project: Path) -> None:
    query = "select 1 as a_detail"
    log = project / "logs" / "dbt.log"

    assert _asked(warm, project, "--log-level-file", "info", *_SHOW, query)[0] == 0
    assert query not in log.read_text()
    assert _asked(warm, project, "--log-level-file", "debug", *_SHOW, query)[0] == 0
    assert query in log.read_text()


def test_each_command_begins_anew(warm: Path, project: Path) -> None:
    first = _asked(warm, project, *_SHOW, "select 1 as one")
    _asked(warm, project, *_SHOW, "select no_such_column")

    assert _asked(warm, project, *_SHOW, "select 1 as one") == first
    assert first[0] == 0


def test_a_project_that_was_parsed_before_is_taken_as_it_was(warm: Path, tmp_path: Path) -> None:
    (tmp_path / "dbt_project.yml").write_text(_PROJECT)
    (tmp_path / "profiles.yml").write_text(_PROFILE)
    (tmp_path / "models").mkdir()
    model = tmp_path / "models" / "one.sql"
    model.write_text("select {{ var('n', 1) }} as n")
    (tmp_path / "models" / "other.sql").write_text("select 2 as n")
    # by its name, by its whole name, by what is no name of a node
    listed = ["--quiet", "ls", "--select", "one tiny.other nothing", "--exclude", "o[t-u]*"]
    assert _asked(warm, tmp_path, "--quiet", "parse")[0] == 0
    found = _asked(warm, tmp_path, *listed)
    model.write_text("select {{ no_such_macro() }}")
    shown = ["--quiet", "show", "--select", "one", "--vars", "n: 2", "--output", "json"]

    known = {PARSED_PROJECT: str(tmp_path / "target" / "partial_parse.msgpack")}
    code, said = _asked(warm, tmp_path, *shown, told=known)

    assert (code, json.loads(said)["show"]) == (0, [{"n": 2}])
    assert _asked(warm, tmp_path, *listed, told=known) == found == (0, "tiny.one\n")
    assert _asked(warm, tmp_path, *shown)[0] != 0


def test_what_was_compiled_serves_later_runs_and_a_broken_file_of_it_nobody(
    warm: Path, tmp_path: Path
) -> None:
    (tmp_path / "dbt_project.yml").write_text(_PROJECT)
    (tmp_path / "profiles.yml").write_text(_PROFILE)
    (tmp_path / "target" / "build").mkdir(parents=True)
    compiled = tmp_path / "target" / "build" / "templates.compiled"
    assert _asked(warm, tmp_path, "--quiet", "parse")[0] == 0
    known = {PARSED_PROJECT: str(tmp_path / "target" / "partial_parse.msgpack")}
    shown = (*_SHOW, "select '{{ env_var(\"TOLD\") }}' as told")

    first = _asked(warm, tmp_path, *shown, told=known)
    written = compiled.read_bytes()
    again = _asked(warm, tmp_path, *shown, told=known)
    is_left = compiled.read_bytes() == written
    compiled.write_bytes(written[:-1])
    broken = _asked(warm, tmp_path, *shown, told=known)

    assert first == again == broken
    assert (first[0], is_left) == (0, True)
    assert compiled.read_bytes() != written[:-1]


_MACROS = """
{% macro ref() %}{% do return(builtins.ref(*varargs, **kwargs).include(database=false)) %}{% endmacro %}
{% macro answer() %}{{ adapter.dispatch('answer')() }}{% endmacro %}
{% macro default__answer() %}{{ var('n') }} + {{ tiny.one() }}{% endmacro %}
{% macro one() %}{% do log('asked', info=true) %}1{% endmacro %}
{% test above(model, column_name, least, label='it') %}
select {{ column_name }} as found from {{ model }} where {{ column_name }} <= {{ least }}
-- {{ label }}
{% endtest %}
"""  # noqa: E501 - as dbt's text has it
_MODELS = {
    "first.sql": "{{ config(materialized='table') }} select {{ answer() }} as n, null as empty",
    "second.sql": "select n, current_schema() as place from {{ ref('first') }}",
    "later.sql": "{{ config(materialized='incremental') }} select n from {{ ref('second') }} "
    "{% if is_incremental() %} where n > (select max(n) from {{ this }}) {% endif %}",
    "broken.sql": "select no_such_column from {{ ref('second') }}",
    "never.sql": "select * from {{ ref('broken') }}",
    "tests.yml": """
models:
  - name: second
    columns:
      - name: n
        data_tests:
          - unique
          - above: {arguments: {least: 2, label: "a text: it's {{ var('n') }}"}}
          - above: {arguments: {least: "{{ var('n') }} + 5"}, name: warns, config: {severity: warn}}
          - relationships: {arguments: {to: ref('first'), field: n}}
""",
}


def test_it_builds_and_tests_what_dbt_does(warm: Path, tmp_path: Path) -> None:
    """Also with macros in the place of dbt's own, a failing model and a test that warns."""
    (tmp_path / "macros").mkdir()
    (tmp_path / "macros" / "all.sql").write_text(_MACROS)
    (tmp_path / "models").mkdir()
    for name, text in _MODELS.items():
        (tmp_path / "models" / name).write_text(text)
    (tmp_path / "dbt_project.yml").write_text(
        _PROJECT.replace("false}", "false, require_generic_test_arguments_property: true}")
    )
    arguments = ["--no-use-colors", "build", "--vars", "n: 4", "--threads", "1"]

    accounts = []
    for dbt, name in [(Path(dbt_executable()), "cold"), (warm, "warm")]:
        folder = shutil.copytree(tmp_path, tmp_path / name, ignore=lambda *_: ["cold"])
        (folder / "profiles.yml").write_text(_PROFILE.replace(":memory:", "tiny.duckdb"))
        code, said = _asked(dbt, folder, *arguments)
        results = json.loads((folder / "target" / "run_results.json").read_text())["results"]
        facts = ("unique_id", "status", "failures", "compiled_code", "message", "relation_name")
        found = {each["unique_id"]: [each[fact] for fact in facts] for each in results}
        accounts.append((code, re.sub(r"\d+\.\d+ ?s", "", said), found))

    assert accounts[1] == accounts[0]
    assert sorted(status for _, status, *_ in accounts[0][2].values()) == [
        "error", "pass", "pass", "pass", "skipped", "success", "success", "success", "warn",
    ]  # fmt: skip


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_a_command_ends_with_who_gave_it(warm: Path, project: Path, number: signal.Signals) -> None:
    [server] = _servers()
    client = subprocess.Popen([str(warm), *_SHOW, _FOREVER], cwd=project, stdout=subprocess.DEVNULL)
    wait_until(lambda: _commands_of(server))
    time.sleep(2)  # so that it is in dbt, not on the way there

    client.send_signal(number)

    assert client.wait(timeout=60) != 0
    wait_until(lambda: not _commands_of(server))


def test_a_command_that_is_killed_is_told_as_that(warm: Path, project: Path) -> None:
    [server] = _servers()
    client = subprocess.Popen([str(warm), *_SHOW, _FOREVER], cwd=project, stdout=subprocess.DEVNULL)
    wait_until(lambda: _commands_of(server))

    os.kill(_commands_of(server)[0], signal.SIGKILL)

    assert why_dbt_stopped(client.wait(timeout=60), "").startswith(
        "dbt was killed by signal 9 (SIGKILL), most likely because the machine ran out of memory"
    )


def test_a_killed_server_takes_its_command_along_and_the_next_does_without(project: Path) -> None:
    before = _servers()
    with warm_dbt() as executable:
        [server] = set(_servers()) - set(before)
        client = subprocess.Popen(
            [str(executable), *_SHOW, _FOREVER], cwd=project, stdout=subprocess.DEVNULL
        )
        wait_until(lambda: _commands_of(server))
        [command] = _commands_of(server)
        os.kill(server, signal.SIGKILL)

        assert client.wait(timeout=60) == 128 + signal.SIGKILL
        wait_until(lambda: not is_running(command))
        code, said = _asked(executable, project, *_SHOW, "select 1 as one")

    assert code == 0
    assert '"one": 1' in said


@pytest.mark.usefixtures("warm")
def test_the_server_ends_with_the_block() -> None:
    before = _servers()
    with warm_dbt() as executable:
        assert len(_servers()) == len(before) + 1

    assert not executable.exists()
    assert _servers() == before


def _servers() -> list[int]:
    """The servers that this process started."""
    mine = children_of(os.getpid())
    return [pid for pid in mine if b"warm_server" in command_of(pid)]


def _commands_of(server: int) -> list[int]:
    """The forks of a server; beside them, Python keeps a process that tidies up after it."""
    return [pid for pid in children_of(server) if b"warm_server" in command_of(pid)]
