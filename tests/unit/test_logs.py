"""A log says what happened and where, on one line, and stays small."""

import io
import logging
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from output.logs import keep_values_out_of_logs, place_of
from pipelines.cli import log_pump
from pipelines.runs.unquoted import UnquotedStream
from pipelines.settings import PROJECT_ROOT
from sources.contact_details import masked_line

CANARY = "Erika Kanarie"


def failing() -> None:
    try:
        int(CANARY)
    except ValueError as error:
        raise LookupError(CANARY) from error


def test_an_exception_is_told_by_type_and_place_and_not_by_its_message() -> None:
    with pytest.raises(LookupError) as caught:
        failing()

    told = place_of(caught.value)
    assert told.startswith("LookupError at unit/test_logs.py:")
    assert " after ValueError at unit/test_logs.py:" in told
    assert "failing" in told
    assert CANARY not in told


def test_what_dbt_prints_reaches_the_log_of_a_run_without_the_row_that_it_quotes() -> None:
    log = io.StringIO()
    stream = UnquotedStream(log)
    for text in (
        "2 of 9 ERROR creating sql table model marts.m ..... [ERROR in 0.05s]\n",
        "  Runtime Error in model m (models/m.sql)\n",
        f"  Conversion Error: Could not convert string '{CANARY}\nborn ",
        f"Kanarie' to INT32, {CANARY}\n  compiled code at target/m.sql\n",
        '  Binder Error: Referenced column "nam" not found; candidates: "name"',
        "\nDone. PASS=1 ERROR=1\n",
    ):
        stream.write(text)

    assert log.getvalue().splitlines() == [
        "2 of 9 ERROR creating sql table model marts.m ..... [ERROR in 0.05s]",
        "  Runtime Error in model m (models/m.sql)",
        "  Conversion Error: what it says may quote a row, and is not shown",
        "  compiled code at target/m.sql",
        '  Binder Error: Referenced column "nam" not found; candidates: "name"',
        "Done. PASS=1 ERROR=1",
    ]


def test_every_logger_of_a_process_writes_one_line_without_values(
    caplog: pytest.LogCaptureFixture,
) -> None:
    before, hook = logging.getLogRecordFactory(), threading.excepthook
    keep_values_out_of_logs()
    try:
        failing()
    except LookupError:
        logging.getLogger("some.library").exception("It %s\n", "broke\x1b[2J\nPublished")
        thread = threading.Thread(target=failing)
        thread.start()
        thread.join()
    finally:
        logging.setLogRecordFactory(before)
        threading.excepthook = hook

    line, of_thread = caplog.text.splitlines()
    assert r"It broke\x1b[2J\nPublished: LookupError at unit/test_logs.py:" in line
    assert "a thread ended: LookupError at unit/test_logs.py:" in of_thread
    assert CANARY not in caplog.text


def test_a_log_stays_small_and_keeps_the_newest_lines(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(log_pump, "LARGEST_BYTES", 1000)
    log = tmp_path / "server.log"
    lines = b"".join(b"line %d\n" % number for number in range(5000))

    log_pump.pump(io.BytesIO(lines + b"x" * 100_000), str(log))

    files = sorted(tmp_path.iterdir())
    assert len(files) == 1 + log_pump.OLDER_FILES
    newest = sorted(files, key=lambda path: int(path.suffix[1:]) if path != log else 0)
    kept = "".join(path.read_text() for path in reversed(newest))
    assert "line 4999\n" in kept
    assert sum(path.stat().st_size for path in files) < 110_000


@pytest.mark.parametrize("part", ["x", "a@", "x@y.", "+1"])
def test_a_line_of_megabytes_is_masked_at_once(part: str) -> None:
    # With an expression that begins at each character it would take hours.
    assert len(masked_line(part * 1_000_000)) == len(part) * 1_000_000


def test_what_a_server_prints_is_one_plain_line_each_without_addresses(tmp_path: Path) -> None:
    log = tmp_path / "server.log"
    printed = (
        b"\x1b[32mstarted\x1b[0m\n"
        b"\x1b]0;owned\x07\xff\n"
        b"asked by erika.canary@example.org, +49 30 1234567\n"
    )

    log_pump.pump(io.BytesIO(printed), str(log))

    assert log.read_text() == "started\n\\x1b]0;owned\\x07\ufffd\nasked by ***, ***\n"


def test_a_pump_lives_as_long_as_somebody_can_print(tmp_path: Path) -> None:
    log = tmp_path / "server.log"
    command = [sys.executable, "-m", "pipelines.cli.log_pump", str(log)]
    pump = subprocess.Popen(command, stdin=subprocess.PIPE, cwd=PROJECT_ROOT)
    assert pump.stdin is not None
    os.write(pump.stdin.fileno(), b"first\n")
    while not log.exists() or "first" not in log.read_text():
        assert pump.poll() is None
    pump.send_signal(signal.SIGINT)
    os.write(pump.stdin.fileno(), b"second\n")
    pump.stdin.close()

    assert pump.wait(60) == 0
    assert log.read_text() == "first\nsecond\n"
