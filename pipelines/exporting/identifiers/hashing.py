"""Hashes of identifiers, and the guard against hashing twice or not at all."""

import base64
import binascii
import hashlib
import re
from typing import Final, Literal

from pipelines.exporting.identifiers.texts import UnusableError

Hash = Literal["sha256", "md5"]

_HEX_DIGITS: Final[dict[Hash, int]] = {"sha256": 64, "md5": 32}
_HEX: Final = re.compile("[0-9a-fA-F]+")
_SHA256_BYTES: Final = 32


def hashed(text: str, by: Hash) -> str:
    """The hash of a text in UTF-8, in lower-case hexadecimal and without salt.

    Destinations prescribe that; it is a pseudonym that anybody can recompute, so hashed columns
    stay personal data.
    """
    # MD5 is Mailchimp's key of a member, and protects nothing.
    return hashlib.new(by, text.encode(), usedforsecurity=by != "md5").hexdigest()


def looks_hashed(text: str) -> bool:
    """Whether a text is as long and as spelled as a SHA-256 (hexadecimal, Base64) or an MD5."""
    text = text.strip()
    if _HEX.fullmatch(text):
        return len(text) in _HEX_DIGITS.values()
    try:
        return len(text) == 44 and len(base64.b64decode(text, validate=True)) == _SHA256_BYTES
    except binascii.Error:
        return False


def check_unhashed(text: str) -> None:
    """Refuses what is hashed already: hashed once more it would match nobody, silently."""
    if looks_hashed(text):
        raise UnusableError("already_hashed")


def as_hashed(text: str, by: Hash) -> str:
    """What was hashed before it came here, as it leaves; refuses what is not hashed."""
    digest = text.strip().lower()
    if len(digest) != _HEX_DIGITS[by] or not _HEX.fullmatch(digest):
        raise UnusableError("not_hashed")
    return digest
