"""A run leaves models as they are whose text is that of the last build. Decision 22."""

from typing import Any

from pipelines.dbt.manifest import Manifest
from pipelines.dbt.needed import LAST_DAY, callers
from tests.architecture.conftest import VARIABLES


def test_a_text_that_holds_the_last_day_has_it_of_the_macro_by_which_a_run_knows(
    manifest: dict[str, Any],
) -> None:
    day = VARIABLES["as_of_date"]
    dated = {
        name
        for name, node in manifest["nodes"].items()
        if day in str(node.get("compiled_code") or "")
    }

    assert len(dated) > 100
    assert dated <= callers(Manifest(manifest), LAST_DAY)
