"""What a library imports only to look whether it is there, and a process can do without."""

import sys
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec


class _WithoutPandas(MetaPathFinder):
    def find_spec(self, fullname: str, path: object, target: object = None) -> ModuleSpec | None:
        """Says of pandas that it is not installed; of all else, nothing."""
        del path, target
        if fullname == "pandas":
            raise ModuleNotFoundError("this process does without pandas", name=fullname)
        return None


def do_without_pandas() -> None:
    """Lets this process find no pandas; those that it starts find it.

    DuckDB imports it with the first bound parameter and Arrow with the first list, to see whether a
    value is one of pandas's; that takes a third of a second. Neither needs it.
    """
    sys.meta_path.insert(0, _WithoutPandas())
