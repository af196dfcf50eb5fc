"""The walks of docs/adding.md, each in the files that it names, followed in a copy."""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.architecture.own_files import ROOT, own_files

pytestmark = pytest.mark.walks

PAGE = ROOT / "docs" / "adding.md"
WALKS = re.findall(r"^## An? (\w+)$", PAGE.read_text("utf-8"), re.MULTILINE)
FENCED = re.compile(r"^```(\w+) (\S+)\n(.*?)^```$", re.DOTALL | re.MULTILINE)


def blocks(walk: str) -> list[tuple[str, str, str]]:
    """The language, the file and the text of each block of a walk's example."""
    return FENCED.findall((PAGE.parent / "adding" / f"{walk}.md").read_text("utf-8"))


def apply(text: str, difference: str) -> str:
    """The text with each hunk in the place where its old lines stand; without any, at the end."""
    for hunk in re.split(r"^@@\n", difference, flags=re.MULTILINE):
        lines = [line if line.strip() else f" {line}" for line in hunk.splitlines(keepends=True)]
        old = "".join(line[1:] for line in lines if line[0] in " -")
        new = "".join(line[1:] for line in lines if line[0] in " +")
        if old:
            assert text.count(old) == 1, f"these lines stand {text.count(old)} times:\n{old}"
        text = text.replace(old, new) if old else text + new
    return text


def follow(walk: str, root: Path) -> None:
    for language, name, text in blocks(walk):
        path = root / name
        if language == "diff":
            path.write_text(apply(path.read_text("utf-8"), text), "utf-8")
        else:
            assert not path.exists(), f"{name} is there already"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, "utf-8")


class Copy:
    """The repository's own files somewhere else, and commands that see no other."""

    def __init__(self, root: Path) -> None:
        self.root, self.home = root, root / "var"
        for name in own_files():
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, root / name)
        self.home.mkdir()
        shutil.copy2(ROOT / "pipelines" / "runs" / "dagster.yaml", self.home)
        self.run("git", "init", "--quiet")

    def run(self, *command: str, folder: str = ".") -> str:
        """What a command says; a failure is the test's.

        The copy's packages hide the installed ones.
        """
        program = Path(sys.executable).with_name(command[0])
        variables = {"PYTHONPATH": str(self.root), "KONTOR_HOME": str(self.home)}
        variables["DAGSTER_HOME"] = variables["HOME"] = str(self.home)
        variables["CI"] = variables["KONTOR_TEST_BUDGETS"] = ""  # seconds are counted here
        done = subprocess.run(
            [str(program) if program.exists() else command[0], *command[1:]],
            cwd=self.root / folder, capture_output=True, text=True, check=False,
            env={**os.environ, **variables},  # noqa: TID251 - what a shell would hand down
        )  # fmt: skip
        assert done.returncode == 0, done.stdout[-8000:] + done.stderr[-8000:]
        return done.stdout


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Copy]:
    made = Copy(tmp_path_factory.mktemp("copy"))
    for walk in WALKS:
        follow(walk, made.root)
    made.run("python", "-m", "pipelines.docs_pages.main")
    yield made
    shutil.rmtree(made.root)


def test_there_is_a_walk_for_each_of_them() -> None:
    examples = {path.stem for path in (PAGE.parent / "adding").glob("*.md")}

    assert examples == set(WALKS)
    assert examples >= {"feed", "mart", "metric", "step", "page", "export"}


@pytest.mark.parametrize("walk", WALKS)
def test_a_walk_names_the_files_of_its_example_in_their_order(walk: str) -> None:
    section = re.split(rf"^## An? {walk}$", PAGE.read_text("utf-8"), flags=re.MULTILINE)[1]
    named = re.findall(r"^- `([^`]+)`:", section.partition("\n## ")[0], re.MULTILINE)

    assert named == [name for _, name, _ in blocks(walk)]


def test_what_was_added_passes_the_linters(copy: Copy) -> None:
    copy.run("ruff", "check", ".")
    copy.run("ruff", "format", "--check", ".")
    # modules that were checked before, and did not change, are not checked again
    copy.run("mypy", "--cache-dir", str(ROOT / ".mypy_cache"))
    added = {name for walk in WALKS for _, name, _ in blocks(walk) if name.endswith(".sql")}
    # as in the Makefile: queries have settings of their own
    for folder, below in ((".", "dbt_project/"), ("dashboards/queries/sql", "")):
        top = "" if folder == "." else f"{folder}/"
        here = [name.removeprefix(top) for name in added if name.startswith(f"{top}{below}")]
        copy.run("sqlfluff", "lint", "--disable-progress-bar", *sorted(here), folder=folder)


def test_what_was_added_keeps_the_rules(copy: Copy) -> None:
    added = [name for walk in WALKS for _, name, _ in blocks(walk)]
    units = {name for name in added if name.startswith("tests/unit/")}
    units |= {"tests/unit/test_contracts.py", "tests/unit/test_metrics_page.py"}
    feeds = [Path(name).stem for name in added if name.startswith("sources/contracts/")]
    pytest_quietly = ("python", "-m", "pytest", "-q", "-p", "no:cacheprovider")
    ours = Path(__file__).relative_to(ROOT).as_posix()

    copy.run(*pytest_quietly, "tests/architecture", f"--ignore={ours}", *sorted(units))
    copy.run(*pytest_quietly, "tests/simulator/test_feeds.py", "-k", " or ".join(feeds))


def test_what_was_added_is_what_dagster_runs(copy: Copy) -> None:
    listed = json.loads(copy.run("dg", "list", "defs", "--json"))
    reads = {asset["asset_key"]: asset["dependency_keys"] for asset in listed["assets"]}
    groups = {asset["asset_key"]: asset["group_name"] for asset in listed["assets"]}

    assert "raw/marketing/vouchers" in reads["staging/marketing/stg_marketing__vouchers"]
    step, mart = "predictions/discount_deviations", "marts/marketplace/mart_vouchers"
    assert groups[step] == "predictions"
    assert reads[step] == ["intermediate/marketplace/int_vouchers_dated"]
    assert step in reads[mart]
    assert {mart, "exports/vendor/exp_vendor__mart_vouchers"} <= set(reads["published/warehouse"])
