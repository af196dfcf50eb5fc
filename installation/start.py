"""How a process begins that a person may have started, and what those that it starts are told."""

import os
from io import StringIO
from pathlib import Path

from dotenv import dotenv_values
from dotenv.parser import parse_stream

from installation.private_files import keep_files_private
from installation.settings import Settings, variable
from installation.workers import with_our_code

# The folder of the process that a person started. Where it is set, that process has read `.env`.
STARTED_IN = "KONTOR_STARTED_IN"
_ENV_FILE = ".env"


class EnvFileError(Exception):
    """`.env` cannot be read; the message says where and why."""


def env_file() -> Path:
    """The `.env` that the process read which a person started, if it is there."""
    return Path(os.environ.get(STARTED_IN, ""), _ENV_FILE).absolute()  # noqa: TID251


def begin() -> dict[str, str]:
    """Keeps this process's files private, and adds `.env` to its environment; whence each came.

    The file is read in the working folder of the process that a person started; its children are
    told what was in it, and that it was read. What the environment holds counts before it.

    Raises:
        EnvFileError: the file cannot be read.
    """
    keep_files_private()
    if STARTED_IN in os.environ:  # noqa: TID251
        return {}
    path = env_file()
    new = {
        name: value
        for name, value in _read(path).items()
        if not os.environ.get(name)  # noqa: TID251
    }
    os.environ.update(new, **{STARTED_IN: str(Path.cwd())})  # noqa: TID251
    # For matrices as small as ours OpenBLAS's second thread waits, and burns a processor meanwhile.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # noqa: TID251
    return dict.fromkeys(new, str(path))


def _read(path: Path) -> dict[str, str]:
    try:
        text = path.read_text("utf-8")
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeDecodeError) as error:
        why = getattr(error, "strerror", None) or "it is not UTF-8"
        raise EnvFileError(f"{path}: {why}; fix the file or remove it") from None
    for binding in parse_stream(StringIO(text)):
        if binding.error:
            # Without the line's text, which may be half a password.
            raise EnvFileError(f"{path}, line {binding.original.line}: write it as NAME=value")
    # An example that was filled in half-way has names without values.
    return {name: value for name, value in dotenv_values(stream=StringIO(text)).items() if value}


def environment_for_child(settings: Settings) -> dict[str, str]:
    """This process's environment for a program of ours that has to have the same settings.

    The program may run in any folder: paths are absolute, and it reads no `.env`.
    """
    ours = {variable(name) for name in Settings.model_fields}
    others = {
        name: value
        for name, value in os.environ.items()  # noqa: TID251 - passed on
        if name.upper() not in ours
    }
    return with_our_code({STARTED_IN: str(Path.cwd()), **others, **settings.variables()})
