"""What a worker of ours is told, and whose code it runs."""

import subprocess
import sys
import time
from pathlib import Path

from installation.workers import start_worker
from pipelines.settings import child_environment, temporary_environment

STARTS = """
import subprocess
from installation.workers import start_worker
with start_worker("sources.parsing.worker", stdin=subprocess.PIPE) as worker:
    worker.communicate(b"")
raise SystemExit(worker.returncode)
"""


def _environment_of(process_id: int) -> str:
    """Return a process's environment; the kernel shows none until the program is in its memory."""
    for _ in range(1000):
        told = Path(f"/proc/{process_id}/environ").read_text()
        if told:
            return told
        time.sleep(0.01)
    raise AssertionError("the worker has no environment after ten seconds")


def test_workers_know_neither_addresses_nor_passwords() -> None:
    secrets = {"KONTOR_OPERATIONS_URL": "postgresql://u:canary@h/x", "SHOP_PASSWORD": "canary"}
    needed = {"OMP_NUM_THREADS": "1", "TZ": "UTC", "LC_ALL": "C.UTF-8"}

    with (
        temporary_environment(secrets | needed),
        start_worker("sources.parsing.worker", stdin=subprocess.PIPE) as worker,
    ):
        told = _environment_of(worker.pid)
        worker.communicate(b"")

    assert "canary" not in told
    assert "KONTOR_" not in told
    assert {f"{name}={value}" for name, value in needed.items()} < set(told.split("\0"))


def test_workers_import_nothing_from_the_working_folder(tmp_path: Path) -> None:
    for name in ("json.py", "pydantic.py"):
        (tmp_path / name).write_text("raise RuntimeError('code of the folder')")
    (tmp_path / "sources").mkdir()
    (tmp_path / "sources" / "__init__.py").write_text("raise RuntimeError('code of the folder')")

    ended = subprocess.run(
        [sys.executable, "-P", "-c", STARTS], cwd=tmp_path, env=child_environment({}), check=False
    )

    assert ended.returncode == 0
