"""dbt without the work of which nothing comes; only the warm server imports this, after dbt.

Each cut leaves what dbt builds, answers and exits with as it is. A release of dbt that changed one
of the places would fail `tests/orchestration/test_warm_dbt.py`, which compares it with the dbt that
nobody touched.
"""

from dbt.graph.graph import Graph

from pipelines.dbt.lean.contexts import make_called_macros_only
from pipelines.dbt.lean.events import pass_over_unheard_events
from pipelines.dbt.lean.selection import list_nodes_once
from pipelines.dbt.lean.templates import CompiledTexts, compile_texts_once
from pipelines.dbt.lean.unread import leave_out_unread


def make_lean(texts: CompiledTexts) -> None:
    """Lets this process, and what it forks, be dbt at half of its own work."""
    pass_over_unheard_events()
    make_called_macros_only()
    compile_texts_once(texts)
    leave_out_unread()
    list_nodes_once(Graph)
