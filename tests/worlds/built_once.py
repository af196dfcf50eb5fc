"""Worlds that many tests read, built once for every state of the code by whoever asks first.

A suite runs in several processes, and the next suite often runs on the same code: a world is kept
outside the repository under the hash of all that decides how it comes out. Nobody writes to it;
who has to gets a copy.
"""

import hashlib
import shutil
import time
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

from filelock import FileLock

from pipelines.settings import PROJECT_ROOT, environment_value

_PRODUCT = ("sources", "data_quality", "operations", "pipelines", "dbt_project", "marketplaces")
_GENERATED = {"target", "logs", "__pycache__"}
_KEPT = 2  # states of the code, beside those that may still be in use
_IN_USE_SECONDS = 2 * 60 * 60


def built_once(name: str, build: Callable[[Path], object]) -> Path:
    """The folder that `build` fills; another process that asks meanwhile waits for it."""
    state = _cache_folder() / _code_state()
    state.mkdir(parents=True, exist_ok=True)
    state.touch()
    world, draft = state / name, state / f".{name}.draft"
    with FileLock(state / f".{name}.lock"):
        if not world.is_dir():
            _forget_old_states(state)
            # What a build that was killed left behind.
            shutil.rmtree(draft, ignore_errors=True)
            draft.mkdir()
            build(draft)
            for path in draft.rglob("*"):
                if path.is_file() and not path.is_symlink():
                    path.chmod(0o444)
            draft.rename(world)
    return world


def copied(world: Path, to: Path) -> Path:
    """A copy of a world that may be written to."""
    # Contents only: the files of the world are protected, those of the copy are not.
    shutil.copytree(world, to, copy_function=shutil.copyfile, dirs_exist_ok=True)
    return to


def _cache_folder() -> Path:
    given = environment_value("XDG_CACHE_HOME")
    return (Path(given) if given else Path.home() / ".cache") / "kontor-tests"


@cache
def _code_state() -> str:
    digest = hashlib.sha256()
    for path in _deciding_files():
        name = path.relative_to(PROJECT_ROOT).as_posix()
        digest.update(name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:16]


def _deciding_files() -> Iterator[Path]:
    """The product, its pinned dependencies, and the tests' own modules that are not tests."""
    yield PROJECT_ROOT / "requirements.lock"
    for folder in (*_PRODUCT, "tests"):
        for path in sorted((PROJECT_ROOT / folder).rglob("*")):
            is_test = folder == "tests" and path.name.startswith("test_")
            if path.is_file() and not is_test and not _GENERATED & set(path.parts):
                yield path


def _forget_old_states(current: Path) -> None:
    """Keeps the newest states and those that another suite may be reading."""
    with FileLock(current.parent / ".forgetting.lock"):
        others = [path for path in current.parent.iterdir() if path.is_dir() and path != current]
        others.sort(key=lambda path: path.stat().st_mtime, reverse=True)
        for path in others[_KEPT:]:
            if path.stat().st_mtime < time.time() - _IN_USE_SECONDS:
                # Out of the states' names first: a half-removed state is never taken for whole.
                grave = path.with_name(f"{path.name}.removed")
                path.rename(grave)
                shutil.rmtree(grave)
