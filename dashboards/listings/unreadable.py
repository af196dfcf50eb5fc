"""What an address says and nobody offers."""

from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


class Unreadable(Exception):  # noqa: N818
    """An address holds what is not offered; `names` are its parameters, never their values."""

    def __init__(self, *names: str) -> None:
        """Say which parameters."""
        super().__init__(", ".join(names))
        self.names = names


def readable(
    reading: Callable[[dict[str, str]], T], texts: dict[str, str], left_out: list[str]
) -> T:
    """Return what is read of an address, whose unreadable parts move from its texts to `left_out`.

    Raises:
        Unreadable: what is missing has no usual value.
    """
    while True:
        try:
            return reading(texts)
        except Unreadable as error:
            found = [name for name in error.names if texts.pop(name, None) is not None]
            if not found:
                raise
            left_out.extend(found)
