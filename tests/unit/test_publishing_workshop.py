"""Where vendors' files are made: in memory where that is safe, else beside the version."""

from pathlib import Path

from pipelines.publishing.workshop import workshop


def test_the_workshop_is_private_and_gone_afterwards(tmp_path: Path) -> None:
    memory = tmp_path / "memory"
    memory.mkdir()

    with workshop(tmp_path / "published", tmp_path / "fallback", memory) as folder:
        (folder / "draft").write_text("a vendor's rows")
        assert folder.parent == memory
        assert folder.stat().st_mode & 0o777 == 0o700

    assert list(memory.iterdir()) == []


def test_what_a_killed_run_left_is_cleared(tmp_path: Path) -> None:
    memory = tmp_path / "memory"
    memory.mkdir()
    with workshop(tmp_path / "published", tmp_path / "fallback", memory) as folder:
        name = folder.name
    (memory / name).mkdir()
    (memory / name / "old").write_text("left")

    with workshop(tmp_path / "published", tmp_path / "fallback", memory) as folder:
        assert list(folder.iterdir()) == []


def test_a_link_in_its_place_is_not_followed(tmp_path: Path) -> None:
    memory, elsewhere = tmp_path / "memory", tmp_path / "elsewhere"
    memory.mkdir()
    elsewhere.mkdir()
    (elsewhere / "precious").write_text("stays")
    with workshop(tmp_path / "published", tmp_path / "fallback", memory) as folder:
        name = folder.name
    (memory / name).symlink_to(elsewhere)

    with workshop(tmp_path / "published", tmp_path / "fallback", memory) as folder:
        assert folder == tmp_path / "fallback"

    assert (elsewhere / "precious").read_text() == "stays"


def test_without_a_folder_in_memory_the_fallback_serves(tmp_path: Path) -> None:
    published, fallback = tmp_path / "published", tmp_path / "fallback"

    with workshop(published, fallback, tmp_path / "missing") as folder:
        assert folder == fallback

    assert not fallback.exists()
