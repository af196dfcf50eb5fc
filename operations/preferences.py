"""How people like to be shown the pages: a language and a theme, which each changes alone.

Not in the stream of accounts, where each new version ends the account's sessions.
"""

import re
from dataclasses import asdict, dataclass
from typing import Final, Literal, get_args

import sqlalchemy as sa

from operations import kernel
from operations.kernel import By, Field, NewEvent, NotPermitted, Refused, State, Stream
from operations.roles import ROLES

Theme = Literal["system", "light", "dark"]
THEMES: Final[tuple[Theme, ...]] = get_args(Theme)

# Which languages there are is the pages' business; the store keeps only what could be one.
_LANGUAGE = re.compile(r"[a-z]{2,3}")


@dataclass(frozen=True, slots=True)
class Preferences:
    """What somebody chose; nothing where the browser's own wish stands."""

    language: str | None = None
    theme: Theme | None = None


NOTHING_CHOSEN: Final = Preferences()


def prefer(engine: sa.Engine, change: Preferences, by: By) -> Preferences:
    """Appends what the actor chose, and returns it with what was chosen before.

    Raises:
        Refused: it is no language and no theme, or the actor has no open account.
    """
    payload = {name: value for name, value in asdict(change).items() if value is not None}
    new = NewEvent(by.actor, "changed", payload)
    return preferences_of(kernel.append(engine, STREAM, new, by).state)


def preferences_of(state: State | None) -> Preferences:
    """Return preferences as the store holds them."""
    return Preferences(**(state or {}))


def _fold(before: State | None, new: NewEvent, by: By) -> State:
    if new.id != by.actor:
        raise NotPermitted("everybody changes only their own preferences")
    after = {**(before or {}), **new.payload}
    language, theme = after.get("language"), after.get("theme")
    if language is not None and not _LANGUAGE.fullmatch(language):
        raise Refused("a language is named by two or three small letters")
    if theme is not None and theme not in THEMES:
        raise Refused(f"a theme is one of {', '.join(THEMES)}")
    return after


STREAM = Stream(
    name="preferences",
    fields={"language": Field(), "theme": Field()},
    permitted={"changed": frozenset(ROLES)},
    fold=_fold,
    ids_name_accounts=True,
)
