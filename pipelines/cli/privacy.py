"""Who can read the home: `kontor doctor` reports it and, with --repair, restricts it."""

import os
import pwd
from collections.abc import Iterator, Sequence
from pathlib import Path

from installation.private_files import exposure, keeps_modes, make_private
from installation.start import env_file
from pipelines.cli.finding import Finding
from pipelines.settings import PipelineSettings

_NAMED = 5


def privacy(settings: PipelineSettings, *, repairs: bool = False) -> Iterator[Finding]:
    """Whether only this account can read the home, the store and `.env`; fixes it if asked."""
    home = settings.home
    beside = [path for path in settings.store_files if not path.is_relative_to(home)]
    places = [home, *beside, env_file()]
    found = exposure(places)
    if repairs and found.wide:
        make_private(places)
        left = exposure(places)
        closed = len(found.wide) - len(left.wide)
        if closed:
            yield Finding(
                is_fine=True, sentence=f"{_counted(closed)} no longer accessible to other accounts"
            )
        found = left
    if found.foreign:
        yield Finding(is_fine=False, sentence=_foreign(found.foreign))
    if found.wide:
        yield Finding(is_fine=False, sentence=_wide(home, found.wide, repairs=repairs))
    elif not found.foreign and os.access(home, os.R_OK | os.X_OK, effective_ids=True):
        yield Finding(is_fine=True, sentence=f"only {_account(os.geteuid())} can read {home}")


def _foreign(paths: Sequence[Path]) -> str:
    named = ", ".join(f"{path} ({_account(path.lstat().st_uid)})" for path in paths[:_NAMED])
    more = f" and {len(paths) - _NAMED:,} more" if len(paths) > _NAMED else ""
    return (
        f"not owned by {_account(os.geteuid())}, the account that runs Kontor: {named}{more}; "
        "change the owner, or set KONTOR_HOME to another folder"
    )


def _wide(home: Path, paths: Sequence[Path], *, repairs: bool) -> str:
    if not keeps_modes(home):
        return (
            f"the file system of {home} does not keep file permissions, so others can read it; "
            "mount it with umask=077, or set KONTOR_HOME to a folder on another file system"
        )
    found = (
        f"{_counted(len(paths))} accessible to other accounts of this machine, such as {paths[0]}"
    )
    if repairs:
        return f"{found}; {_account(os.geteuid())} may not change the permissions"
    return f"{found}; `kontor doctor --repair` removes the access"


def _counted(number: int) -> str:
    return "1 file or folder is" if number == 1 else f"{number:,} files and folders are"


def _account(number: int) -> str:
    try:
        return pwd.getpwuid(number).pw_name
    except KeyError:
        return f"account {number}"
