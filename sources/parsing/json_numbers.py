"""JSON numbers that would change when read as binary fractions are kept by quoting them.

DuckDB reads fractions as doubles. Those that a program wrote from a double lose nothing by that and
stay numbers, so that their noise is known to be some; only the others become texts. So do numbers
where an id is meant: 1.23457E+11 is no 123457000000.0 any more than in a CSV file.
"""

import re
from collections.abc import Collection, Iterator
from decimal import Decimal
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from sources.parsing.lines import BLOCK_BYTES

# A double tells numbers of fifteen digits apart; a point stands among the sixteen.
_SAFE_DIGITS = 15
_LONGEST_SAFE = _SAFE_DIGITS + 1
_TOKEN = re.compile(rb'"(?:[^"\\]|\\.)*+"|-?\d++(?:\.\d++)?(?:[eE][+-]?\d++)?')
_LONG = re.compile(rb"[0-9.]{%d}" % (_LONGEST_SAFE + 1))
_POINT, _ZERO = ord("."), ord("0")


def with_all_digits(plain: Path, folder: Path) -> Path:
    """A file whose numbers can be read as doubles: the given one where they can already."""
    if not _may_lose_digits(plain):
        return plain
    target = folder / "digits"
    with plain.open("rb") as source, target.open("wb") as stream:
        for line in source:
            stream.write(_TOKEN.sub(_quoted, line) if _LONG.search(line) else line)
    return target


def with_ids_as_written(plain: Path, folder: Path, names: Collection[str]) -> Path:
    """A file in which numbers of the members of these names, on any level, are texts.

    A whole number that was written as a fraction, as programs do where some are missing, is whole;
    an exponent is given the form by which it is known as one. The given file where nothing changes.
    """
    listed = b"|".join(re.escape(name.encode()) for name in sorted(names))
    member = re.compile(rb'("(?:%s)"\s*:\s*)(-?\d++(?:\.\d++|(?=[eE]))[^\s,}\]]*)' % listed)
    target, count = folder / "ids", 0
    with plain.open("rb") as source, target.open("wb") as stream:
        for line in source:
            written, found = member.subn(_as_id, line)
            stream.write(written)
            count += found
    return target if count else plain


def _as_id(found: re.Match[bytes]) -> bytes:
    name, number = found.groups()
    mantissa, exponent, power = number.lower().partition(b"e")
    whole, _, fraction = mantissa.partition(b".")
    if exponent:
        number = b"%s.%sE%s" % (whole, fraction or b"0", power)
    elif not fraction.strip(b"0"):
        number = whole
    return b'%s"%s"' % (name, number)


def _may_lose_digits(path: Path) -> bool:
    """Whether digits and points stand together in a longer row than is safe anywhere."""
    for data in _overlapping_blocks(path):
        runs = (data - _ZERO <= 9) | (data == _POINT)
        length = 1
        # Each step says from where on so many stand together; rows double until they are too long.
        while length < _LONGEST_SAFE and len(runs) > length:
            runs = runs[:-length] & runs[length:]
            length *= 2
        if len(runs) > 1 and np.any(runs[:-1] & runs[1:]):
            return True
    return False


def _overlapping_blocks(path: Path) -> Iterator[NDArray[np.uint8]]:
    kept = b""
    with path.open("rb") as stream:
        while block := stream.read(BLOCK_BYTES):
            whole = kept + block
            kept = whole[-_LONGEST_SAFE:]
            yield np.frombuffer(whole, dtype=np.uint8)


def _quoted(found: re.Match[bytes]) -> bytes:
    token = found[0]
    is_fraction = b"." in token or b"e" in token or b"E" in token
    if token.startswith(b'"') or not is_fraction or _is_of_a_double(token.decode()):
        return token
    return b'"%s"' % token


def _is_of_a_double(token: str) -> bool:
    """Whether a program that had a double wrote these digits, be it as few or as many as it has."""
    written, double = Decimal(token), float(token)
    digits = len(written.as_tuple().digits)
    if digits <= _SAFE_DIGITS or Decimal(repr(double)) == written:
        return True
    return digits > _LONGEST_SAFE and Decimal(f"{double:.{digits}g}") == written
