"""Line ends: a lone carriage return ends a line too, as old systems and editors write it."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from sources.parsing.lines import BLOCK_BYTES, NEWLINE, RETURN

_QUOTE = 0x22


def with_newlines(plain: Path, folder: Path, *, may_quote: bool) -> Path:
    """A file whose lines all end in a newline: the given one where they do already.

    Where values are quoted, a carriage return between quotes is part of one.
    """
    if not _has_lone_return(plain):
        return plain
    target = folder / "newlines"
    with target.open("wb") as stream:
        for block in _with_newlines(plain, may_quote=may_quote):
            stream.write(block)
    return target


def _blocks(path: Path) -> Iterator[NDArray[np.uint8]]:
    """The file's bytes; a return at a block's end comes with the next one."""
    kept = b""
    with path.open("rb") as stream:
        while block := stream.read(BLOCK_BYTES):
            whole = kept + block
            kept = b"\r" if whole.endswith(b"\r") else b""
            yield np.frombuffer(whole[: len(whole) - len(kept)], dtype=np.uint8)
    if kept:
        yield np.frombuffer(kept, dtype=np.uint8)


def _lone_returns(data: NDArray[np.uint8]) -> NDArray[np.intp]:
    """The places of the returns that no newline follows."""
    returns = np.flatnonzero(data == RETURN)
    if not len(returns):
        return returns
    is_followed = np.append(data[1:], 0)[returns] == NEWLINE
    lone: NDArray[np.intp] = returns[~is_followed]
    return lone


def _has_lone_return(path: Path) -> bool:
    return any(len(_lone_returns(data)) for data in _blocks(path))


def _with_newlines(path: Path, *, may_quote: bool) -> Iterator[bytes]:
    quotes_before = 0
    for data in _blocks(path):
        lone = _lone_returns(data)
        if may_quote:
            quotes = np.flatnonzero(data == _QUOTE)
            is_outside = (quotes_before + np.searchsorted(quotes, lone)) % 2 == 0
            lone = lone[is_outside]
            quotes_before += len(quotes)
        changed = data.copy()
        changed[lone] = NEWLINE
        yield changed.tobytes()
