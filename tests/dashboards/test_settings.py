import json
import subprocess
import sys
from pathlib import Path

import pytest
from pydantic import ValidationError

from dashboards.gate.requests import local_path
from dashboards.published import NothingPublished, current_version, read_last_run, vendor_file
from dashboards.settings import DashboardSettings

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("address", ["0.0.0.0", "::", "192.168.1.5", "example.org", ""])  # noqa: S104
def test_an_address_that_others_can_reach_is_refused(address: str) -> None:
    with pytest.raises(ValidationError, match="KONTOR_BEHIND_TLS_PROXY"):
        DashboardSettings(address=address)


@pytest.mark.parametrize("address", ["127.0.0.1", "127.0.0.53", "::1", "localhost"])
def test_an_address_of_this_machine_is_fine(address: str) -> None:
    assert DashboardSettings(address=address).address == address


def test_behind_a_tls_proxy_any_address_is_fine() -> None:
    settings = DashboardSettings(address="0.0.0.0", behind_tls_proxy=True)  # noqa: S104

    assert settings.behind_tls_proxy


def test_the_store_is_a_file_in_the_home_unless_an_address_is_given(tmp_path: Path) -> None:
    assert DashboardSettings(home=tmp_path).store_url.startswith("sqlite:///")

    given = DashboardSettings(home=tmp_path, operations_url="postgresql://u:secret@db/x")
    assert given.store_url == "postgresql://u:secret@db/x"
    assert "secret" not in repr(given)


def test_starting_on_a_reachable_address_ends_with_a_reason_and_no_traceback(
    tmp_path: Path,
) -> None:
    command = [sys.executable, "-m", "dashboards.server", "--home", str(tmp_path)]
    ended = subprocess.run(
        [*command, "--address", "0.0.0.0"],  # noqa: S104
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
        timeout=60,
    )

    assert ended.returncode == 2
    assert "put a TLS proxy in front" in ended.stderr
    assert "Traceback" not in ended.stderr


@pytest.mark.parametrize("text", ["", "..", "../x", "/etc", "a/b", "missing", "x" * 500, "a\nb"])
def test_a_damaged_pointer_is_nothing_published(tmp_path: Path, text: str) -> None:
    (tmp_path / "CURRENT").write_text(text)

    with pytest.raises(NothingPublished):
        current_version(tmp_path)


def test_a_damaged_report_of_the_last_run_is_no_report(tmp_path: Path) -> None:
    assert read_last_run(tmp_path) is None

    (tmp_path / "LAST_RUN.json").write_text(json.dumps({"outcome": "?"}))
    assert read_last_run(tmp_path) is None


@pytest.mark.parametrize("vendor_id", ["../../x", "/etc/passwd", "..", ".", "a/b", "ü ", "a%2Fb"])
def test_a_vendors_file_is_always_inside_the_vendors_folder(tmp_path: Path, vendor_id: str) -> None:
    path = vendor_file(tmp_path, "v1", vendor_id)

    assert path.resolve().parent == (tmp_path / "v1" / "vendors").resolve()


@pytest.mark.parametrize(
    ("wanted", "path"),
    [
        ("/orders?order=o-1", "/orders?order=o-1"),
        ("//evil.example", "/"),
        ("//[", "/"),
        ("/\\evil.example", "/"),
        ("https://evil.example/", "/"),
        ("orders", "/"),
        ("/login", "/"),
        ("/a\nb", "/"),
        ("", "/"),
    ],
)
def test_only_a_path_on_this_site_is_gone_to_after_login(wanted: str, path: str) -> None:
    assert local_path(wanted) == path
