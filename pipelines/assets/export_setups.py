"""Notes which exports a marketplace has set up, so that the pages show them before they ran."""

from collections.abc import Iterator
from datetime import datetime
from itertools import islice

import sqlalchemy as sa

# Dagster's own reading of cron, so that both mean the same moment; it is pinned to the patch.
from dagster._utils.schedules import cron_string_iterator

from operations.exports import setups
from operations.exports.setups import Setup
from operations.kernel import By
from pipelines.exporting.files import Unusable, all_exports
from sources.marketplace import Marketplace

_ACTOR = "exports"
# Of an hourly export two days: so often what is set up is noted without having changed.
_MOMENTS = 48


def note_setups(engine: sa.Engine, shop: Marketplace, now: datetime) -> None:
    """Notes what the files of a marketplace's exports say, where that changed."""
    setups.note(engine, shop.name, list(_setups(shop, now)), By(_ACTOR, now, is_system=True))


def _setups(shop: Marketplace, now: datetime) -> Iterator[Setup]:
    for each in all_exports(shop.folder_of("exports")):
        if isinstance(each, Unusable):
            yield Setup(each.name, problem_count=len(each.problems))
            continue
        export = each.export
        yield Setup(
            name=each.name,
            title=export.title,
            segment=export.segment,
            destination=each.sink.name,
            cron=export.cron or "",
            is_enabled=each.is_enabled,
            due=_due(export.cron, now) if each.is_enabled else (),
        )


def _due(cron: str | None, now: datetime) -> tuple[str, ...]:
    if cron is None:
        return ()
    moments = cron_string_iterator(now.timestamp(), cron, "UTC")
    return tuple(each.isoformat() for each in islice(moments, _MOMENTS))
