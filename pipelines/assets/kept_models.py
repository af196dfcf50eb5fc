"""The outputs of models that a run keeps, between those that dbt makes."""

from collections.abc import Callable, Collection, Iterable, Iterator
from typing import Any

import dagster as dg

from pipelines.dbt.manifest import Manifest


def with_kept(
    events: Iterable[Any],
    manifest: Manifest,
    selected: Collection[str],
    kept: Collection[str],
    output_of: Callable[[str], Any],
) -> Iterator[Any]:
    """What dbt did, and the output of each kept model once those of all that it reads came.

    Dagster takes the outputs of a step only in the order in which they read each other.

    Args:
        events: what dbt did.
        manifest: the project.
        selected: the unique ids of the step's models, built or kept.
        kept: those among them that dbt does not build.
        output_of: makes the output of a kept one.
    """
    nodes = manifest.parsed["nodes"]
    waiting = {
        # a seed reads nothing
        unique_id: set(nodes[unique_id]["depends_on"].get("nodes", ())) & set(selected)
        for unique_id in sorted(kept)
    }
    came: set[str] = set()

    def ready() -> Iterator[Any]:
        while found := [unique_id for unique_id, reads in waiting.items() if reads <= came]:
            for unique_id in found:
                del waiting[unique_id]
                came.add(unique_id)
                yield output_of(unique_id)

    yield from ready()
    for event in events:
        yield event
        if isinstance(event, dg.Output):
            came.add(str(event.metadata["unique_id"].value))
            yield from ready()
