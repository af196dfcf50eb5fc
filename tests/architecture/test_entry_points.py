"""Where processes begin: files are private from the first on, and workers are started one way."""

import ast
import tomllib
from collections.abc import Iterator

import pytest

from tests.architecture.own_files import ROOT

PACKAGES = ("installation", "sources", "data_quality", "operations", "pipelines", "dashboards")
# `begin` does what `keep_files_private` does, and reads `.env`.
FIRST = {"begin", "keep_files_private"}
WRITE_NO_STATE = {
    # They write files of the repository, which are for everybody.
    "pipelines/docs_pages/main.py",
    "dashboards/words/extraction.py",
    # Sees the standard library only, and has a server do the work.
    "pipelines/dbt/warm_client.py",
}
# What Dagster's own programs call in a process in which none of ours is the program.
CALLED_BY_DAGSTER = {
    "pipelines/definitions.py": "defs",
    "pipelines/runs/event_log.py": "from_config_value",
}


def trees() -> Iterator[tuple[str, ast.Module]]:
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            yield path.relative_to(ROOT).as_posix(), ast.parse(path.read_text("utf-8"))


def is_main_block(node: ast.AST) -> bool:
    return isinstance(node, ast.If) and "__name__" in ast.unparse(node.test)


def entry_points() -> dict[str, str]:
    """The function with which each process begins, by file."""
    found = {}
    for name, tree in trees():
        for block in filter(is_main_block, tree.body):
            calls = [ast.unparse(node) for node in ast.walk(block) if isinstance(node, ast.Name)]
            found[name] = "main" if "main" in calls else f"none of {calls}"
    scripts = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["scripts"]
    for target in scripts.values():
        module, _, function = target.partition(":")
        found[module.replace(".", "/") + ".py"] = function
    return found | CALLED_BY_DAGSTER


def first_call(name: str, function: str) -> str:
    """The name that a function calls before all others."""
    tree = ast.parse((ROOT / name).read_text("utf-8"))
    [node] = [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef) and node.name == function
    ]
    body = ast.Module(node.body, [])
    calls = [call for call in ast.walk(body) if isinstance(call, ast.Call)]
    first = min(calls, key=lambda call: (call.lineno, call.col_offset))
    return ast.unparse(first.func)


@pytest.mark.parametrize("name", sorted(entry_points().keys() - WRITE_NO_STATE))
def test_every_process_keeps_its_files_private_before_anything_else(name: str) -> None:
    assert first_call(name, entry_points()[name]) in FIRST


def test_processes_that_write_no_state_are_still_there() -> None:
    assert entry_points().keys() >= WRITE_NO_STATE


def test_our_modules_are_started_as_workers_or_servers_and_no_other_way() -> None:
    """A module run with -m would have the whole environment, and import from the working folder."""
    starting = {
        name
        for name, tree in trees()
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and node.value == "-m"
    }

    assert starting == {"installation/workers.py", "pipelines/cli/serve.py"}
