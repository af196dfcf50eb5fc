"""dbt's events without those that no log takes; only the warm server imports this, after dbt."""

from typing import Any

from dbt_common.events.base_types import BaseEvent, EventLevel
from dbt_common.events.event_manager import EventManager
from dbt_common.events.event_manager_client import ctx_set_event_manager

_DETAILS = frozenset({EventLevel.DEBUG, EventLevel.TEST})


class HeardEvents(EventManager):
    """Passes on the events that are written somewhere.

    By default each of a build's thousands of details becomes a message, and a line for each log,
    which then drops it: a quarter of what dbt does.
    """

    def fire_event(
        self,
        e: BaseEvent,
        level: EventLevel | None = None,
        node: Any = None,
        force_warn_or_error_handling: bool = False,  # noqa: FBT001, FBT002 - dbt's signature
    ) -> None:
        """Makes a message of an event, for every log, unless all of them drop details."""
        is_detail = (level or e.level_tag()) in _DETAILS and not force_warn_or_error_handling
        if not is_detail or any(logger.level in _DETAILS for logger in self.loggers):
            super().fire_event(e, level, node, force_warn_or_error_handling)


def pass_over_unheard_events() -> None:
    """Lets this process, and what it forks, make messages only of events that are written."""
    ctx_set_event_manager(HeardEvents())
