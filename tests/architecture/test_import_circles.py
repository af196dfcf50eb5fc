"""No module imports itself by way of others: a circle can be read, tested and moved only whole."""

from pathlib import Path

import grimp
import pytest

PACKAGES = ("installation", "sources", "data_quality", "operations", "pipelines", "dashboards")


def circles(graph: grimp.ImportGraph) -> list[list[str]]:
    """The shortest way round from each module that can reach itself.

    Imports inside functions count, and those for types: each of them ties two modules together.
    """
    found = []
    for module in sorted(graph.modules):
        for imported in sorted(graph.find_modules_directly_imported_by(module)):
            back = graph.find_shortest_chain(imported, module)
            if back:
                found.append([module, *back])
    return found


def test_no_module_is_part_of_an_import_circle() -> None:
    graph = grimp.build_graph(*PACKAGES, cache_dir=None)

    assert circles(graph) == []


@pytest.mark.parametrize(
    "tie",
    [
        "from drawer.first import one",
        "def late():\n    from drawer.first import one",
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from drawer.first import one",
    ],
    ids=["at the top", "in a function", "for types"],
)
def test_a_circle_is_found_wherever_its_import_stands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, tie: str
) -> None:
    drawer = tmp_path / "drawer"
    drawer.mkdir()
    (drawer / "__init__.py").touch()
    (drawer / "first.py").write_text("from drawer.second import two\none = 1\n")
    (drawer / "second.py").write_text(f"{tie}\ntwo = 2\n")
    monkeypatch.syspath_prepend(tmp_path)

    graph = grimp.build_graph("drawer", cache_dir=None)

    first, second = "drawer.first", "drawer.second"
    assert circles(graph) == [[first, second, first], [second, first, second]]
