"""Password hashing with argon2id and the generation of first passwords."""

import secrets
from functools import cache

import argon2

# Crockford's alphabet: nothing that looks like something else when read from a screen.
_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
_GROUPS, _GROUP_LENGTH = 4, 5  # 20 characters of 5 bits: 100 bits

# More than any person types; argon2 would otherwise hash whatever size arrives.
MAXIMUM_LENGTH = 200
MINIMUM_LENGTH = 12

_HASHER = argon2.PasswordHasher()


def generate() -> str:
    """Return a random password of 100 bits in four groups."""
    groups = (
        "".join(secrets.choice(_ALPHABET) for _ in range(_GROUP_LENGTH)) for _ in range(_GROUPS)
    )
    return "-".join(groups)


def hashed(password: str) -> str:
    """Return the argon2id hash of a password that is long enough to be one."""
    if not MINIMUM_LENGTH <= len(password) <= MAXIMUM_LENGTH:
        raise ValueError(f"a password must have {MINIMUM_LENGTH} to {MAXIMUM_LENGTH} characters")
    return _HASHER.hash(password)


def matches(password_hash: str | None, password: str) -> bool:
    """Return whether the password fits, at the same cost when there is no such account."""
    known = password_hash is not None
    nothing = _hash_of_nothing()  # made by the first attempt, whoever that is
    try:
        _HASHER.verify(password_hash or nothing, password[:MAXIMUM_LENGTH])
    except (argon2.exceptions.VerificationError, argon2.exceptions.InvalidHashError):
        return False
    return known and len(password) <= MAXIMUM_LENGTH


@cache
def _hash_of_nothing() -> str:
    """Return a hash that no password fits, made with this machine's own parameters."""
    return _HASHER.hash(secrets.token_hex(32))
