"""The key of holdouts: one per installation, for its own account only."""

import stat
from pathlib import Path

import pytest

from pipelines.segmentation.holdout_key import HoldoutKeyError, holdout_key


def test_a_key_is_made_once_and_read_by_its_account_only(tmp_path: Path) -> None:
    first = holdout_key(tmp_path)

    assert holdout_key(tmp_path) == first
    [file] = tmp_path.iterdir()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert len(set(first)) > 1


def test_a_damaged_key_is_not_replaced(tmp_path: Path) -> None:
    (tmp_path / "holdout.key").write_bytes(b"short")

    with pytest.raises(HoldoutKeyError, match=r"holdout\.key has 5 bytes and not 32; restore it"):
        holdout_key(tmp_path)

    assert (tmp_path / "holdout.key").read_bytes() == b"short"
