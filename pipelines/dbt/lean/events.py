"""dbt's events without those that no log takes; only the warm server imports this, after dbt."""

from typing import Any

from dbt_common.events.base_types import BaseEvent, EventLevel
from dbt_common.events.event_manager import EventManager
from dbt_common.events.event_manager_client import ctx_set_event_manager
from dbt_common.events.logger import LoggerConfig

_DETAILS = frozenset({EventLevel.DEBUG, EventLevel.TEST})
_GRAVE = frozenset({EventLevel.WARN.value, EventLevel.ERROR.value})
# Something that a text prints is written at any level.
_PRINTED = "PrintEvent"


class HeardEvents(EventManager):
    """Passes on the events that are written somewhere.

    By default each of a build's thousands of details becomes a message, and a line for each log,
    which then drops it: a quarter of what dbt does.
    """

    def add_logger(self, config: LoggerConfig) -> None:
        """Adds a log, for which no line is made of what it would drop."""
        super().add_logger(config)
        if config.level is EventLevel.WARN:
            heard = config.filter

            def is_grave(message: Any) -> bool:
                is_written = message.info.level in _GRAVE or message.info.name == _PRINTED
                return is_written and heard(message)

            self.loggers[-1].filter = is_grave

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
    _make_when_asked()


def _make_when_asked() -> None:
    """What an event holds becomes a message of a protocol once somebody asks for any of it."""
    make = BaseEvent.__init__
    get, set_ = BaseEvent.__getattr__, BaseEvent.__setattr__

    def keep(self: Any, *given: Any, **named: Any) -> None:
        self.__dict__["_given"] = (given, named)

    def made(self: Any) -> None:
        kept = self.__dict__.pop("_given", None)
        if kept is not None:
            make(self, *kept[0], **kept[1])

    def get_made(self: Any, key: str) -> Any:
        made(self)
        return get(self, key)  # type: ignore[no-untyped-call]

    def set_made(self: Any, key: str, value: Any) -> None:
        made(self)
        set_(self, key, value)  # type: ignore[no-untyped-call]

    BaseEvent.__init__ = keep  # type: ignore[method-assign]
    BaseEvent.__getattr__ = get_made  # type: ignore[method-assign]
    BaseEvent.__setattr__ = set_made  # type: ignore[method-assign]
