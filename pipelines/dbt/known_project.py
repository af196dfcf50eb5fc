"""The parsed project as the warm server keeps it: read once, for all the commands that it forks."""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipelines.dbt.warm_client import PARSED_PROJECT
from sources.disk import as_written

if TYPE_CHECKING:
    from pipelines.dbt.lean.templates import CompiledTexts

# Reads the profile and the project, and makes the graph; selects nothing, and opens no database.
_FIRST = ["--quiet", "--log-level-file", "none", "ls", "--select", "fqn:no.such.node"]
_OUTPUTS = (1, 2)


class KnownProject:
    """At most one project: that of the last command that named one.

    `texts` are its compiled texts, which lie beside what is built, for as long as that does.
    """

    def __init__(self, texts: "CompiledTexts") -> None:
        self._texts = texts
        self._state: tuple[str, int, int] | None = None
        self._manifest: Any = None

    def read(self, environment: Mapping[str, str], folder: str) -> None:
        """Reads the project that a command names, unless it is known as it is on the disk.

        A first command is run on it here: dbt makes much of itself while it does its first work,
        which takes as long as to read the project, and each fork would make it again.
        """
        state = _state_of(environment)
        if state is None:
            return
        self._texts.read(_texts_of(state[0]))
        if state == self._state:
            return
        # Whatever is wrong the command itself finds, and says.
        with suppress(Exception), _unheard(), _as_in(environment, folder):
            manifest = _manifest_in(state[0])
            _run_first(manifest)
            self._state, self._manifest = state, manifest

    def of(self, environment: Mapping[str, str]) -> Any:
        """The project that a command names; None where it names none.

        Raises:
            OSError: there is none under that name.
        """
        path = environment.get(PARSED_PROJECT)
        if path is None:
            return None
        return self._manifest if _state_of(environment) == self._state else _manifest_in(path)

    def keep_texts(self, environment: Mapping[str, str]) -> None:
        """Leaves what a command compiled for those to come."""
        if PARSED_PROJECT in environment:
            self._texts.write(_texts_of(environment[PARSED_PROJECT]))


def _texts_of(parsed: str) -> Path:
    return Path(parsed).parent / "build" / "templates.compiled"


def _state_of(environment: Mapping[str, str]) -> tuple[str, int, int] | None:
    path = environment.get(PARSED_PROJECT)
    written = as_written(Path(path)) if path is not None else None
    return None if path is None or written is None else (path, *written)


def _manifest_in(path: str) -> Any:
    from dbt.contracts.graph.manifest import Manifest  # noqa: PLC0415 - imported by the server
    from dbt.parser.manifest import extended_mashumuro_decoder  # noqa: PLC0415

    manifest = Manifest.from_msgpack(Path(path).read_bytes(), decoder=extended_mashumuro_decoder)
    manifest.build_flat_graph()  # type: ignore[no-untyped-call]
    return manifest


def _run_first(manifest: Any) -> None:
    from dbt.cli.main import dbtRunner  # noqa: PLC0415 - imported by the server

    dbtRunner(manifest=manifest).invoke(_FIRST)


@contextmanager
def _unheard() -> Iterator[None]:
    """What is written in the block goes nowhere, also what processes write that it starts."""
    kept = [os.dup(number) for number in _OUTPUTS]
    nothing = os.open(os.devnull, os.O_WRONLY)
    for number in _OUTPUTS:
        os.dup2(nothing, number)
    try:
        yield
    finally:
        for number, descriptor in zip(_OUTPUTS, kept, strict=True):
            os.dup2(descriptor, number)
            os.close(descriptor)
        os.close(nothing)


@contextmanager
def _as_in(environment: Mapping[str, str], folder: str) -> Iterator[None]:
    before, here = dict(os.environ), Path.cwd()  # noqa: TID251 - put back as it was
    os.environ.clear()  # noqa: TID251
    os.environ.update(environment)  # noqa: TID251
    os.chdir(folder)
    try:
        yield
    finally:
        os.environ.clear()  # noqa: TID251
        os.environ.update(before)  # noqa: TID251
        os.chdir(here)
