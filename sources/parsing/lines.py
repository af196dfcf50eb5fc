"""Physical lines: counted fast, and passed on only if they can be a record by themselves."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path

import numpy as np

# Small enough for a processor's cache: the arrays over a block cost more than reading it.
BLOCK_BYTES = 1 << 20
NEWLINE, RETURN = 0x0A, 0x0D
_STRING = re.compile(rb'"(?:[^"\\]|\\.)*"')
_BRACKET = re.compile(rb"[\[\]{}]")


@dataclass(frozen=True, slots=True)
class LineCensus:
    """What a file's physical lines look like, found in one pass over its bytes."""

    line_count: int
    blank_count: int
    longest_bytes: int


def census(path: Path) -> LineCensus:
    """Counts a file's lines, its blank lines and the bytes of its longest."""
    lines = blanks = longest = pending_bytes = 0
    last_was_return = False
    with path.open("rb") as stream:
        while block := stream.read(BLOCK_BYTES):
            data = np.frombuffer(block, dtype=np.uint8)
            ends = np.flatnonzero(data == NEWLINE)
            if len(ends):
                lengths = np.diff(ends, prepend=-1) - 1
                lengths[0] += pending_bytes
                returns = np.zeros(len(ends), dtype=bool)
                returns[ends > 0] = data[ends[ends > 0] - 1] == RETURN
                returns[0] = returns[0] if ends[0] > 0 else last_was_return
                lines += len(ends)
                blanks += int(np.count_nonzero(lengths - returns == 0))
                longest = max(longest, int(lengths.max()))
            pending_bytes = (
                len(data) - int(ends[-1]) - 1 if len(ends) else pending_bytes + len(data)
            )
            last_was_return = bool(data[-1] == RETURN)
    if pending_bytes:
        lines += 1
        longest = max(longest, pending_bytes)
        blanks += int(pending_bytes == 1 and last_was_return)
    return LineCensus(lines, blanks, longest)


def numbered_lines(path: Path) -> Iterator[tuple[int, bytes]]:
    """Each line that holds more than spaces, with its number from 1 and without its line end."""
    with path.open("rb") as stream:
        for number, line in enumerate(stream, start=1):
            bare = line.rstrip(b"\r\n")
            if bare.strip(b" "):
                yield number, bare


def write_sound_lines(
    lines: Iterator[tuple[int, bytes]],
    target: Path,
    separator: bytes,
    fault_of: Callable[[bytes], str | None],
) -> list[tuple[int, str, bytes]]:
    """Writes `<number><separator><line>` for sound lines; returns the others with their faults."""
    faulty = []
    with target.open("wb") as stream:
        for number, line in lines:
            fault = fault_of(line)
            if fault is None:
                stream.write(b"%d%s%s\n" % (number, separator, line))
            else:
                faulty.append((number, fault, line))
    return faulty


def encoding_fault(line: bytes, longest_bytes: int) -> str | None:
    """What makes a line unusable before its format is looked at."""
    if len(line) > longest_bytes:
        return "line_too_long"
    try:
        line.decode()
    except UnicodeDecodeError:
        return "invalid_encoding"
    return None


def json_depth_exceeds(line: bytes, depth: int) -> bool:
    """True where brackets outside strings nest deeper than allowed."""
    brackets = _BRACKET.findall(_STRING.sub(b"", line))
    levels = accumulate(1 if bracket in b"[{" else -1 for bracket in brackets)
    return max(levels, default=0) > depth
