"""What to do next: up to three cards, each with its deadline, its consequence and one way to go."""

from collections.abc import Sequence
from dataclasses import dataclass

from dashboards.components import html
from dashboards.context import Context

_AT_MOST = 3


@dataclass(frozen=True, slots=True)
class Action:
    """One thing to do: what, by when, what follows from it, and the link that leads there.

    `state` is how urgent it is: a state of a measure or of a system.
    """

    state: str
    state_words: str
    what: str
    link: str
    link_text: str
    deadline: str = ""
    consequence: str = ""


def show(context: Context, actions: Sequence[Action], *, at_most: int | None = _AT_MOST) -> None:
    """Show the first three actions, or all; nothing where there is nothing to do."""
    if actions:
        title = context.words.text("What to do next")
        html.show("actions.html", title=title, actions=actions[:at_most])
