"""Whatever a person sees leaves through one door: the terminal, a CSV file, a log."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.architecture.own_files import ROOT

PACKAGES = ("sources", "data_quality", "operations", "output", "pipelines", "dashboards")
TERMINAL = "output/terminal.py"
CSV = "output/csv_text.py"
# What they print is a program's answer to the program that started it, as JSON.
ANSWERS = {"pipelines/publishing/vendor_worker.py"}
# They write what a shop would deliver, odd as it may be, and a sheet as our own parser reads it.
FEEDS = ("sources/simulator/", "sources/parsing/workbooks.py")

PRINTING = {
    "print", "typer.echo", "typer.secho", "click.echo", "click.secho", "rich.print",
    "sys.stdout.write", "sys.stderr.write", "Console",
}  # fmt: skip
WRITING_CSV = {"csv.writer", "csv.DictWriter", "to_csv", "write_csv", "sink_csv"}


def modules() -> list[Path]:
    return sorted(path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))


def named(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def calls(source: str) -> Iterator[str]:
    """Every function that is called or handed on, by its dotted name and by its last part."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Name | ast.Attribute):
            name = ast.unparse(node)
            yield name
            yield name.rpartition(".")[2]


def prints(source: str) -> set[str]:
    """The ways around the terminal's door that a module takes."""
    names = set(calls(source))
    # `console.print`, whatever the console is called
    methods = {name for name in names if name.endswith(".print")}
    return (names & PRINTING) | methods


def test_nothing_is_printed_but_through_the_terminal() -> None:
    found = {named(path): ways for path in modules() if (ways := prints(path.read_text("utf-8")))}

    assert TERMINAL in found, "the rule does not see what it looks for"
    assert set(found) - {TERMINAL} == ANSWERS


def test_csv_for_people_is_written_in_one_place() -> None:
    found = {
        named(path): ways
        for path in modules()
        if not named(path).startswith(FEEDS)
        and (ways := set(calls(path.read_text("utf-8"))) & WRITING_CSV)
    }

    assert set(found) == {CSV}


@pytest.mark.parametrize(
    "source",
    [
        "print(name)",
        "typer.echo(name)",
        "announce(typer.echo)",
        "from rich.console import Console\nConsole().print(name)",
        "self.console.print(name)",
        "sys.stderr.write(name)",
    ],
)
def test_the_rule_sees_each_way_around_the_door(source: str) -> None:
    assert prints(source)
