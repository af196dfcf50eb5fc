"""Who may read the home: nobody but its owner, whatever the umask was; `kontor doctor` looks."""

import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from installation.private_files import exposure, keep_files_private, make_private
from pipelines.cli.doctor import findings
from pipelines.cli.privacy import privacy
from pipelines.settings import PipelineSettings

NOBODY = 65_534


@contextmanager
def umask(mask: int) -> Iterator[None]:
    before = os.umask(mask)
    try:
        yield
    finally:
        os.umask(before)


def modes(folder: Path) -> dict[str, str]:
    found = {path.name: path.lstat().st_mode for path in folder.rglob("*")}
    return {name: oct(mode & 0o7777) for name, mode in found.items()}


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return wide_home(tmp_path)


def wide_home(beside: Path) -> Path:
    """A home as an installation of before left it, beside a file that is none of its business."""
    with umask(0o022):
        home = beside / "home"
        for folder in (home / "published" / "v1" / "vendors", home / "logs", beside / "outside"):
            folder.mkdir(parents=True)
        for path in ("published/v1/vendors/v1.duckdb", "operations.sqlite", "logs/run.log"):
            (home / path).write_text("private")
        (home / "operations.sqlite").chmod(0o600)
        (home / "logs" / "hook").write_text("#!/bin/sh")
        (home / "logs" / "hook").chmod(0o4755)
        (beside / "outside" / "public").write_text("public")
        (home / "linked").symlink_to(beside / "outside", target_is_directory=True)
        (home / "logs" / "link").symlink_to(beside / "outside" / "public")
        (home / "logs" / "dangling").symlink_to(beside / "nowhere")
        os.mkfifo(home / "pipe", 0o644)
        with socket.socket(socket.AF_UNIX) as listening:
            listening.bind(os.path.relpath(home / "socket"))
    return home


def test_files_made_after_that_are_for_their_owner_alone(tmp_path: Path) -> None:
    with umask(0o022):
        keep_files_private()
        (tmp_path / "a" / "b").mkdir(parents=True)
        (tmp_path / "a" / "file").write_text("")

    assert modes(tmp_path) == {"a": "0o700", "b": "0o700", "file": "0o600"}


def test_a_wide_home_is_told_and_closed_without_following_links(home: Path, tmp_path: Path) -> None:
    settings = PipelineSettings(home=home)

    [told] = privacy(settings)
    assert not told.is_fine
    assert told.sentence == (
        f"10 files and folders are accessible to other accounts of this machine, such as {home}; "
        "`kontor doctor --repair` removes the access"
    )

    closed, fine = privacy(settings, repairs=True)
    assert closed.sentence == "10 files and folders are no longer accessible to other accounts"
    assert fine.is_fine
    assert fine.sentence.endswith(f"can read {home}")
    assert oct(home.stat().st_mode & 0o7777) == "0o700"
    assert {name: mode for name, mode in modes(home).items() if "link" not in name} == {
        "published": "0o700", "v1": "0o700", "vendors": "0o700", "logs": "0o700",
        "v1.duckdb": "0o600", "operations.sqlite": "0o600", "run.log": "0o600", "hook": "0o700",
        "pipe": "0o600", "socket": "0o700", "dangling": "0o777",
    }  # fmt: skip
    assert modes(tmp_path / "outside") == {"public": "0o644"}
    assert oct((tmp_path / "outside").stat().st_mode & 0o7777) == "0o755"
    assert [found.is_fine for found in privacy(settings)] == [True]


def test_a_store_and_an_env_file_beside_the_home_are_looked_at_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with umask(0o022):
        (tmp_path / "home").mkdir(mode=0o700)
        for name in ("accounts.sqlite", "accounts.sqlite-wal", ".env"):
            (tmp_path / name).write_text("")
    monkeypatch.setenv("KONTOR_STARTED_IN", str(tmp_path))
    url = f"sqlite:///{tmp_path}/accounts.sqlite"
    settings = PipelineSettings(home=tmp_path / "home", operations_url=url)

    assert "3 files and folders are accessible" in next(privacy(settings)).sentence
    assert [found.is_fine for found in privacy(settings, repairs=True)] == [True, True]
    assert set(modes(tmp_path).values()) == {"0o600", "0o700"}


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a file away")
def test_files_of_another_account_are_named(home: Path) -> None:
    settings = PipelineSettings(home=home)
    for path in (home / "logs" / "run.log", home / "published"):
        os.chown(path, NOBODY, NOBODY)

    *_, foreign = privacy(settings, repairs=True)

    assert not foreign.is_fine
    assert f"{home / 'published'} (nobody)" in foreign.sentence
    assert f"{home / 'logs' / 'run.log'} (nobody)" in foreign.sentence
    assert foreign.sentence.startswith("not owned by root, the account that runs Kontor: ")


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can be somebody else for a while")
@pytest.mark.parametrize("mode", [0o700, 0o755, 0o777], ids=oct)
def test_the_home_of_another_account_is_told_and_nothing_crashes(mode: int) -> None:
    # Not in pytest's folder, which nobody else may enter.
    with TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        home = wide_home(Path(folder))
        findings(PipelineSettings(home=home))  # imports what the other account could not
        home.chmod(mode)
        os.seteuid(NOBODY)
        try:
            found = findings(PipelineSettings(home=home), repairs=True)
        finally:
            os.seteuid(0)

        wrong = [finding.sentence for finding in found if not finding.is_fine]
        assert any(f"{home} (root)" in sentence for sentence in wrong)
        assert any("cannot be written" in sentence for sentence in wrong)
        assert home.stat().st_mode & 0o777 == mode


def test_files_that_go_while_one_looks_are_no_error(home: Path) -> None:
    gone = home / "logs" / "run.log"
    found = exposure([home, home / "never", gone])
    gone.unlink()

    make_private([*found.wide, gone])

    assert exposure([home, gone]).wide == ()
