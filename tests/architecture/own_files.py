"""The files that are the project's own, as git lists them."""

import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def own_files() -> list[str]:
    """Their names from the root on: what is committed or will be, and nothing that is ignored."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT, capture_output=True, check=False,
    )  # fmt: skip
    if listed.returncode != 0:
        pytest.skip("not a git checkout: there is no list of the project's own files")
    names = filter(None, listed.stdout.decode().split("\0"))
    return sorted({name for name in names if (ROOT / name).is_file()})
