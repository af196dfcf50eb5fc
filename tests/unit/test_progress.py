"""What is shown while a run is on: a line per phase in a log, a bar per phase on a terminal."""

import io
import json
from pathlib import Path

import pytest
from rich.console import Console

from output.terminal import Terminal
from pipelines.cli.progress import show_progress
from pipelines.runs.phases import tell, teller


def a_run() -> None:
    tell("load", step=1, total=2)
    teller("load")("orders: orders.csv")
    tell("load", step=1, total=2)
    tell("build", "fct_orders", step=1, total=3)
    tell("check", "what arrived")
    tell("build", "mart_x", step=2, total=3)
    tell("publish", "cleared", step=0.25, total=1)
    tell("publish", "pointed", step=0.75, total=1)


def shown(remembered: Path | None = None, *, is_terminal: bool = False) -> str:
    stream = io.StringIO()
    terminal = Terminal(Console(file=stream, force_terminal=is_terminal, width=120))
    with show_progress(terminal, remembered):
        a_run()
    return stream.getvalue()


def test_a_log_gets_one_line_when_a_phase_ends() -> None:
    lines = [line.split(" s  ")[1].split() for line in shown().splitlines()]

    assert lines == [
        ["load", "2/2"],
        ["build", "1/3"],
        ["check"],
        ["build", "3/3"],
        ["publish", "100%"],
    ]


def test_a_terminal_gets_a_bar_with_what_is_to_be_expected(tmp_path: Path) -> None:
    remembered = tmp_path / "phases.json"
    remembered.write_text('{"load": 42.0}')

    text = shown(remembered, is_terminal=True)

    assert "of about 42 s" in text
    assert "3/3" in text
    assert "100%" in text


def test_the_next_run_expects_what_this_one_took(tmp_path: Path) -> None:
    remembered = tmp_path / "phases.json"
    shown(remembered)

    assert set(json.loads(remembered.read_text())) == {"load", "build", "check", "publish"}


def test_a_run_that_failed_is_no_expectation(tmp_path: Path) -> None:
    remembered = tmp_path / "phases.json"

    def fail() -> None:
        with show_progress(Terminal(Console(file=io.StringIO())), remembered):
            tell("publish", step=1, total=1)
            raise ValueError("a check stopped it")

    with pytest.raises(ValueError, match="a check stopped it"):
        fail()

    assert not remembered.exists()


@pytest.mark.parametrize("text", ["", "[1]", '{"load": "soon"}', "{"])
def test_what_cannot_be_read_is_no_expectation(tmp_path: Path, text: str) -> None:
    remembered = tmp_path / "phases.json"
    remembered.write_text(text)

    assert "publish" in shown(remembered)


def test_words_without_a_phase_belong_to_the_one_that_goes_on() -> None:
    import logging  # noqa: PLC0415

    stream = io.StringIO()
    with show_progress(Terminal(Console(file=stream))):
        tell("load", step=1, total=1)
        logging.getLogger("kontor.progress").warning("replay failed")

    assert stream.getvalue().split()[2:] == ["load", "100%"]
