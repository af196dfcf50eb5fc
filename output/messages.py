"""Messages that are declared in one place and said in another: constants, and codes of marts.

The arguments are literals, because `make words` reads them from the source and does not run it.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Message:
    """An English sentence as the catalogues know it."""

    msgid: str
    plural: str | None = None
    context: str | None = None


def message(msgid: str) -> Message:
    """Return a message to be said later."""
    return Message(msgid)


def message_in(context: str, msgid: str) -> Message:
    """Return a message whose English alone does not say what is meant ("Open": state or verb)."""
    return Message(msgid, context=context)


def counted(singular: str, plural: str) -> Message:
    """Return a message whose form depends on its argument n."""
    return Message(singular, plural)
