"""What dbt makes and nobody reads, left out; only the warm server imports this, after dbt."""

from functools import lru_cache
from typing import Any

from dbt.adapters.base.impl import BaseAdapter
from dbt.compilation import Compiler, Linker
from dbt.context.providers import ModelContext
from dbt_common.clients import agate_helper


def leave_out_unread() -> None:
    """Lets this process, and what it forks, do without files that nobody opens.

    They are pictures of the graph and a model's statement beside its compiled text. The reader of
    dates in words, which is made anew for each answer of the database, is made once.
    """
    Compiler.write_graph_file = _nothing  # type: ignore[assignment, method-assign]
    Linker.get_graph_summary = _nothing  # type: ignore[assignment, method-assign]
    ModelContext._context_members_["write"] = _no_text
    testers = lru_cache(maxsize=64)(agate_helper.build_type_tester)

    def build_type_tester(text_columns: Any, string_null_values: Any = ("null", "")) -> Any:
        return testers(tuple(sorted(text_columns)), string_null_values)

    agate_helper.build_type_tester = build_type_tester
    match = BaseAdapter._make_match  # noqa: SLF001

    def match_named(self: Any, known: Any, database: str, schema: str, identifier: str) -> Any:
        name = identifier.lower()
        near = [each for each in known if str(each.identifier).lower() == name]
        return match(self, near, database, schema, identifier)

    BaseAdapter._make_match = match_named  # type: ignore[assignment, method-assign]  # noqa: SLF001


def _nothing(*_: Any) -> None:
    pass


def _no_text(*_: Any) -> str:
    return ""
