"""A process of ours that was killed is told as that, and its files are read by the next one."""

import os
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from sources.child_process import how_it_ended
from sources.parsing.client import Parser
from sources.parsing.request import ParseRequest
from tests.unit.loading_desk import a_desk
from tests.unit.parsing_desk import a_request, detail_of, rows_of

CSV = b"payment_id,order_id,amount\np1,o1,10.50\n"
LONG = CSV + b"p2,o2,10.50\n" * 400_000
MEMORY = "most likely because the machine ran out of memory; lower KONTOR_MEMORY_LIMIT"


@pytest.mark.parametrize(
    ("script", "sentence"),
    [
        ("kill -KILL $$", f"was killed by signal 9 (SIGKILL), {MEMORY} or free memory, then run"),
        # As the warm dbt and a shell pass it on.
        ("sh -c 'kill -KILL $$'; exit $?", f"was killed by signal 9 (SIGKILL), {MEMORY}"),
        ("kill -TERM $$", "was killed by signal 15 (SIGTERM); run again"),
        ("kill -SEGV $$", "was killed by signal 11 (SIGSEGV); look at the file"),
        ("kill -XCPU $$", "(SIGXCPU): it used up its processor time; look at the file"),
        ("exit 3", "ended with exit code 3; look at the file"),
    ],
)
def test_how_a_process_ended_is_said_with_what_to_do(script: str, sentence: str) -> None:
    code = subprocess.run(["sh", "-c", script], check=False, stderr=subprocess.DEVNULL).returncode

    assert sentence in how_it_ended(code, "look_at_file").english


def test_killed_parser_is_told_and_no_answer_goes_to_another_file(tmp_path: Path) -> None:
    parser = Parser()

    def requests() -> Iterator[ParseRequest]:
        yield a_request(tmp_path / "a", LONG)
        # Killed while it reads, and gone before the next file is asked for.
        process = parser._process
        assert process is not None
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
        yield a_request(tmp_path / "b", CSV)

    with parser:
        killed, read = parser.parse_all(requests())

    assert (killed.status, killed.reason_code) == ("rejected", "parser_crashed")
    assert "the parser, reading the file, was killed by signal 9 (SIGKILL)" in detail_of(killed)
    assert "KONTOR_MEMORY_LIMIT" in detail_of(killed)
    assert rows_of(read, "payment_id") == [("p1",)]


def test_answers_that_nobody_waited_for_are_not_taken_for_the_next_files(tmp_path: Path) -> None:
    with Parser() as parser:
        abandoned = parser.parse_all(
            [a_request(tmp_path / name, CSV.replace(b"p1", b"old")) for name in "ab"]
        )
        next(abandoned)

        result = parser.parse(a_request(tmp_path / "c", CSV))

    assert rows_of(result, "payment_id") == [("p1",)]


def test_file_whose_parser_was_killed_is_read_by_the_next_run(tmp_path: Path) -> None:
    class KilledOnce(Parser):
        is_killed = False

        def _send(self, request: ParseRequest) -> None:
            super()._send(request)
            if not self.is_killed and self._process is not None:
                self.is_killed = True
                self._process.kill()

    with KilledOnce() as parser:
        desk = a_desk(tmp_path, parser)
        desk.put("vendors.csv", "vendor_id,name\nv1,First\n")
        [killed] = desk.ingest("vendors").outcomes
        [read] = desk.ingest("vendors").outcomes

    assert (killed.status, killed.reason_code) == ("rejected", "parser_crashed")
    assert (read.status, read.applied) == ("loaded", 1)
