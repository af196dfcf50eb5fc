"""Whether each line of a file of JSON may be parsed at all, found at the speed of reading."""

from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import numpy as np

from sources.parsing.lines import BLOCK_BYTES, NEWLINE, json_depth_exceeds

_BRACE = 0x7B
# { and [ differ in one bit; without it both are this.
_OPENER, _OPENER_BITS = 0x5B, 0xDF


@dataclass(frozen=True, slots=True)
class LineShape:
    """How many lines a file has, and whether each of them may be parsed."""

    line_count: int
    is_parseable: bool


def line_shape(path: Path, depth: int, longest_bytes: int) -> LineShape:
    """Counts lines, up to the first that is too long, nested deeper than `depth` or not begun by {.

    A line cannot be deeper than it has opening brackets; only those with more are looked at closer.
    """
    lines = 0
    start = openers_so_far = 0
    begins_line = True
    with path.open("rb") as stream, path.open("rb") as closer:
        offset = 0
        while block := stream.read(BLOCK_BYTES):
            data = np.frombuffer(block, dtype=np.uint8)
            ends = np.flatnonzero(data == NEWLINE)
            begun = ends[:-1] + 1 if len(ends) and ends[-1] == len(data) - 1 else ends + 1
            if (begins_line and data[0] != _BRACE) or np.any(data[begun] != _BRACE):
                return LineShape(lines, is_parseable=False)
            begins_line = len(begun) < len(ends)
            openers = np.flatnonzero((data & _OPENER_BITS) == _OPENER)
            before = np.searchsorted(openers, ends)
            counts = np.diff(before, prepend=0)
            starts = np.concatenate(([start], offset + ends + 1))
            if len(ends) and int((offset + ends - starts[:-1]).max()) > longest_bytes:
                return LineShape(lines, is_parseable=False)
            if len(ends):
                counts[0] += openers_so_far
                openers_so_far = 0
            for index in np.flatnonzero(counts > depth):
                if _is_deep(closer, int(starts[index]), offset + int(ends[index]), depth):
                    return LineShape(lines, is_parseable=False)
            openers_so_far += len(openers) - (int(before[-1]) if len(ends) else 0)
            lines += len(ends)
            start = int(starts[-1])
            offset += len(block)
        is_deep = openers_so_far > depth and _is_deep(closer, start, offset, depth)
        is_parseable = not is_deep and offset - start <= longest_bytes
    return LineShape(lines + (offset > start), is_parseable)


def _is_deep(stream: BinaryIO, start: int, end: int, depth: int) -> bool:
    stream.seek(start)
    return json_depth_exceeds(stream.read(end - start), depth)
