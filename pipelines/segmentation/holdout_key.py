"""The key by which holdouts are drawn: made once per installation, beside its warehouse."""

import os
import secrets
import stat
from pathlib import Path
from typing import Final

_NAME: Final = "holdout.key"
_BYTES: Final = 32


class HoldoutKeyError(Exception):
    """The key cannot be used; the message says where it is and what to do."""


def holdout_key(home: Path) -> bytes:
    """The installation's key; made by the first call, and never again.

    Raises:
        HoldoutKeyError: the file is there and holds no key.
    """
    path = home / _NAME
    if not path.exists():
        _make(path)
    key = path.read_bytes()
    if len(key) != _BYTES:
        raise HoldoutKeyError(
            f"{path} has {len(key)} bytes and not {_BYTES}; restore it from the backup of the home:"
            " another key would hold back other customers"
        )
    return key


def _make(path: Path) -> None:
    """Writes a key aside and links it into its place: no other process finds half of one."""
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    draft.unlink(missing_ok=True)
    number = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, stat.S_IRUSR | stat.S_IWUSR)
    with os.fdopen(number, "wb") as file:
        file.write(secrets.token_bytes(_BYTES))
        file.flush()
        os.fsync(file.fileno())
    try:
        path.hardlink_to(draft)
    except FileExistsError:
        pass  # another process was first, and its key counts
    finally:
        draft.unlink()
