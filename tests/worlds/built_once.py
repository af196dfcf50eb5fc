"""Worlds that many tests read, built once for every state of the code by whoever asks first.

A suite runs in several processes, and the next suite often runs on the same code: a world is kept
outside the repository under the hash of all that decides how it comes out. Nobody writes to it;
who has to gets a copy.
"""

import shutil
import time
from collections.abc import Callable
from functools import cache
from pathlib import Path

from filelock import FileLock

from pipelines.dbt.project import hash_of
from pipelines.settings import PROJECT_ROOT, environment_value

_PRODUCT = (
    *("installation", "sources", "data_quality", "operations", "pipelines", "dbt_project"),
    "marketplaces",
    "requirements.lock",
)
_KEPT = 2  # states of the code, beside those that may still be in use
_IN_USE_SECONDS = 2 * 60 * 60


_spent: dict[str, float] = {}


def built_once(name: str, build: Callable[[Path], object]) -> Path:
    """The folder that `build` fills; another process that asks meanwhile waits for it."""
    began, inner = time.monotonic(), seconds_spent()
    world = _built(name, build)
    # A world that is made of another counts what is not counted yet.
    _spent[name] = _spent.get(name, 0) + time.monotonic() - began - (seconds_spent() - inner)
    return world


def seconds_spent() -> float:
    """What this process has spent on worlds so far, building and waiting."""
    return sum(_spent.values())


def _built(name: str, build: Callable[[Path], object]) -> Path:
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
    """The hash of the product, of its dependencies, and of the tests' modules that are no tests."""
    modules = (PROJECT_ROOT / "tests").rglob("*.py")
    own = [str(path) for path in sorted(modules) if not path.name.startswith("test_")]
    return hash_of(PROJECT_ROOT, [*_PRODUCT, *own])[:16]


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
