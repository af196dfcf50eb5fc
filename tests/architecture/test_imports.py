"""What belongs where: who imports whom, how large things may grow, what no file may say."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.architecture.own_files import ROOT, own_files

PACKAGES = (
    "installation",
    "sources",
    "data_quality",
    "operations",
    "output",
    "pipelines",
    "dashboards",
)
LIBRARIES = ("sources", "data_quality", "operations", "output")
LONGEST_MODULE = 300
LONGEST_FUNCTION = 40  # lines of code
# docs/architecture.md: frame in, frame out, with models from these.
ANALYTICS_MAY_IMPORT = {
    "numpy", "scipy", "polars", "pyarrow", "statsforecast", "mlforecast", "lightgbm", "sklearn",
    "holidays", "threadpoolctl",
}  # fmt: skip
# In parts, so that this file does not name them either.
REGISTRIES = (
    ("pypi", "org"), ("pypi.python", "org"), ("pythonhosted", "org"), ("npmjs", "org"),
    ("npmjs", "com"), ("yarnpkg", "com"), ("crates", "io"), ("rubygems", "org"),
    ("proxy.golang", "org"), ("anaconda", "org"), ("docker", "io"), ("ghcr", "io"),
)  # fmt: skip


def modules(*packages: str) -> list[Path]:
    return sorted(path for package in packages for path in (ROOT / package).rglob("*.py"))


def named(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def imports(path: Path) -> Iterator[str]:
    """The modules that a file imports, at its top or inside functions."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield "." * node.level + (node.module or "")


def test_every_package_imports_only_what_its_place_allows() -> None:
    linter = Path(sys.executable).with_name("lint-imports")
    result = subprocess.run(
        [linter, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False
    )

    assert result.returncode == 0, result.stdout


def test_the_linter_covers_every_package_there_is() -> None:
    contracts = (ROOT / ".importlinter").read_text("utf-8")
    roots = contracts.partition("root_packages =")[2].partition("include_external")[0].split()

    assert set(roots) == {package for package in PACKAGES if (ROOT / package).is_dir()}


@pytest.mark.parametrize("path", modules("pipelines/analytics"), ids=named)
def test_analytics_uses_numbers_and_frames_only(path: Path) -> None:
    tops = {name.partition(".")[0] for name in imports(path)}
    foreign = tops - set(sys.stdlib_module_names) - ANALYTICS_MAY_IMPORT - {"pipelines"}

    assert not foreign
    inner = {name for name in imports(path) if name.startswith("pipelines")}
    assert all(name.startswith("pipelines.analytics") for name in inner)


def test_libraries_ask_neither_the_environment_nor_the_clock() -> None:
    """Ruff bans both everywhere; in a library the ban may not be lifted either."""
    lifted = [named(path) for path in modules(*LIBRARIES) if "TID251" in path.read_text("utf-8")]

    assert not lifted


def test_imports_are_absolute() -> None:
    relative = [
        named(path) for path in modules(*PACKAGES) if any(n.startswith(".") for n in imports(path))
    ]

    assert not relative


def test_packages_do_nothing_when_imported() -> None:
    inits = [path for path in modules(*PACKAGES) if path.name == "__init__.py"]

    assert inits
    assert not [named(path) for path in inits if path.read_text("utf-8").strip()]


def test_modules_stay_short_enough_to_read_at_once() -> None:
    lengths = {named(p): len(p.read_text("utf-8").splitlines()) for p in modules(*PACKAGES)}

    assert {name: n for name, n in lengths.items() if n >= LONGEST_MODULE} == {}


Function = ast.FunctionDef | ast.AsyncFunctionDef


def code_lines(function: Function) -> int:
    """Lines of a function's code: without its signature, its docstring and functions inside it."""
    code = function.body[1:] if ast.get_docstring(function) else function.body
    if not code:
        return 0
    inner = sum(
        (node.end_lineno or node.lineno) - node.lineno + 1
        for node in ast.walk(function)
        if isinstance(node, Function) and node is not function
    )
    return (function.end_lineno or function.lineno) - code[0].lineno + 1 - inner


def test_functions_fit_on_a_screen() -> None:
    lengths = {
        f"{named(path)}:{node.name}": code_lines(node)
        for path in modules(*PACKAGES)
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, Function)
    }

    assert {name: n for name, n in lengths.items() if n >= LONGEST_FUNCTION} == {}


def test_no_module_is_named_for_what_it_has_no_name_for() -> None:
    vague = {"utils", "util", "helpers", "helper", "common", "base", "misc"}

    assert not [named(path) for path in modules(*PACKAGES) if path.stem in vague]


def test_no_file_names_a_package_registry() -> None:
    hosts = [".".join(parts).encode() for parts in REGISTRIES]

    named_in = []
    for name in own_files():
        content = (ROOT / name).read_bytes().lower()
        named_in += [f"{name}: {host.decode()}" for host in hosts if host in content]

    assert named_in == []


# Beside the door of what users write: those that read a file which ships with the project.
YAML_READERS = {
    "installation/positioned_yaml.py",
    "sources/contract.py",
    "sources/clickstream/expressions.py",
    "pipelines/dbt/project.py",
    "dashboards/words/published_texts.py",
    # It only writes what a person goes on with.
    "pipelines/proposing/writing.py",
}


def test_yaml_that_people_write_has_one_door() -> None:
    """It has limits, and its errors do not show what a file holds."""
    readers = {named(path) for path in modules(*PACKAGES) if "yaml" in imports(path)}

    assert readers == YAML_READERS
