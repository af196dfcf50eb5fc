"""Physical lines: counted fast; and only those passed on that can be a record of their own."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path

import numpy as np

_CHUNK_BYTES = 8 << 20
_NEWLINE = 0x0A
# { is 0x7B and [ is 0x5B: one bit tells them apart, and no other byte differs by it alone.
_OPENER, _CASE_BIT = 0x7B, 0x20
_STRING = re.compile(rb'"(?:[^"\\]|\\.)*"')
_BRACKET = re.compile(rb"[\[\]{}]")


@dataclass(frozen=True, slots=True)
class LineCensus:
    """What a file's physical lines look like, found in one pass over its bytes."""

    line_count: int
    blank_count: int
    longest_bytes: int
    most_openers: int


def census(path: Path, *, count_openers: bool = False) -> LineCensus:
    """Counts a file's lines, its blank lines, its longest line and the most braces on one line.

    The number of opening braces bounds the depth of a line of JSON from above, so only lines
    beyond the allowed depth need a closer look.
    """
    lines = blanks = longest = most = 0
    pending_bytes = pending_openers = 0
    last_was_return = False
    with path.open("rb") as stream:
        while chunk := stream.read(_CHUNK_BYTES):
            data = np.frombuffer(chunk, dtype=np.uint8)
            ends = np.flatnonzero(data == _NEWLINE)
            if len(ends) == 0:
                pending_bytes += len(data)
                pending_openers += _openers(data) if count_openers else 0
                last_was_return = bool(data[-1] == 0x0D)
                continue
            lengths = np.diff(ends, prepend=-1) - 1
            lengths[0] += pending_bytes
            returns = np.zeros(len(ends), dtype=bool)
            returns[ends > 0] = data[ends[ends > 0] - 1] == 0x0D
            returns[0] = returns[0] if ends[0] > 0 else last_was_return
            lines += len(ends)
            blanks += int(np.count_nonzero(lengths - returns == 0))
            longest = max(longest, int(lengths.max()))
            if count_openers:
                opened = np.flatnonzero(data | _CASE_BIT == _OPENER)
                before = np.searchsorted(opened, ends)
                per_line = np.diff(before, prepend=0)
                per_line[0] += pending_openers
                most = max(most, int(per_line.max()))
                pending_openers = len(opened) - int(before[-1])
            pending_bytes = len(data) - int(ends[-1]) - 1
            last_was_return = bool(data[-1] == 0x0D)
    if pending_bytes:
        lines += 1
        longest = max(longest, pending_bytes)
        most = max(most, pending_openers)
        blanks += int(pending_bytes == 1 and last_was_return)
    return LineCensus(lines, blanks, longest, most)


def _openers(data: "np.ndarray[tuple[int], np.dtype[np.uint8]]") -> int:
    return int(np.count_nonzero(data | _CASE_BIT == _OPENER))


def numbered_lines(path: Path) -> Iterator[tuple[int, bytes]]:
    """Each line that is not blank, with its number from 1 and without its line end."""
    with path.open("rb") as stream:
        for number, line in enumerate(stream, start=1):
            bare = line.rstrip(b"\r\n")
            if bare.strip():
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
