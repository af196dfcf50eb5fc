"""Processes of ours that do one kind of work for the process that starts them."""

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

_ROOT = str(Path(__file__).resolve().parents[1])
_PASSED_ON = {"PATH", "HOME", "TMPDIR", "LANG", "LANGUAGE", "TZ"}
_PASSED_ON_PREFIXES = ("LC_", "XDG_", "PYTHON", "LD_", "MALLOC_")
_PASSED_ON_SUFFIX = "_NUM_THREADS"


def start_worker(module: str, *arguments: str, **pipes: Any) -> "subprocess.Popen[bytes]":
    """A module of ours in a process of its own, which gets its work through pipes.

    Workers read what strangers sent, so they are told of no address and no password: of the
    environment they have what an interpreter needs. Nor do they import from the working folder,
    into which the strangers' files may be delivered.
    """
    return subprocess.Popen(  # noqa: S603 - our own module, no shell
        [sys.executable, "-P", "-m", module, *arguments],
        env=with_our_code(_environment(os.environ)),  # noqa: TID251 - passed on
        **pipes,
    )


def with_our_code(environment: Mapping[str, str]) -> dict[str, str]:
    """An environment in which Python finds the code that runs here, installed or not."""
    paths = [_ROOT, *filter(None, [environment.get("PYTHONPATH")])]
    return {**environment, "PYTHONPATH": os.pathsep.join(paths)}


def _environment(whole: Mapping[str, str]) -> dict[str, str]:
    return {
        name: value
        for name, value in whole.items()
        if name in _PASSED_ON
        or name.startswith(_PASSED_ON_PREFIXES)
        or name.endswith(_PASSED_ON_SUFFIX)
    }
