"""What a library imports, and a process can do without or mostly has no use for."""

import gc
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder
from importlib.util import LazyLoader
from types import ModuleType


class _Without(MetaPathFinder):
    def __init__(self, names: tuple[str, ...]) -> None:
        self._names = names

    def find_spec(self, fullname: str, path: object, target: object = None) -> ModuleSpec | None:
        """Says of some modules that they are not installed; of all else, nothing."""
        del path, target
        if fullname in self._names:
            raise ModuleNotFoundError(f"this process does without {fullname}", name=fullname)
        return None


def do_without(*names: str) -> None:
    """Lets this process find none of these modules; those that it starts find them.

    For what is imported only because it is there: DuckDB imports pandas with the first bound
    parameter and Arrow with the first list, to see whether a value is one of pandas's, which takes
    a third of a second; Great Expectations SQLAlchemy, which takes as long; dagster-dbt dbt, which
    takes a second, for selections that we do not make.
    """
    sys.meta_path.insert(0, _Without(names))


class _WhenUsed(MetaPathFinder):
    def __init__(self, names: tuple[str, ...]) -> None:
        self._names = names

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Of the modules that can wait: what loads one when something of it is asked for."""
        spec = PathFinder.find_spec(fullname, path, target) if fullname in self._names else None
        if spec is not None and spec.loader is not None:
            spec.loader = LazyLoader(spec.loader)
        return spec


def import_when_used(*names: str) -> None:
    """Lets this process load some modules only when something of them is used.

    A second `import` of one counts as use. A module that is loaded already stays as it is.
    """
    sys.meta_path.insert(0, _WhenUsed(names))


@contextmanager
def importing_for_good() -> Iterator[None]:
    """Lets what is imported in the block stay as it is: the collector never looks at it again.

    Looking for garbage among modules that stay takes a tenth of a large library's import, and as
    much of a command after it. The same goes for what is built once of them, as Dagster's graph.
    """
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()
