"""What is printed is text: no name can move the cursor, turn the line around or colour it."""

import io
import subprocess
import sys
import unicodedata
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from output.terminal import Terminal, visible

TEXTS = st.text(st.characters())  # all of Unicode, half characters of odd file names too
HIDDEN = {"Cc", "Cf", "Cs", "Zl", "Zp"}


class Screen(io.StringIO):
    """A stream that says whether it is a person's terminal."""

    def __init__(self, *, is_terminal: bool, encoding: str = "utf-8") -> None:
        super().__init__(newline="")
        self.is_terminal, self._encoding = is_terminal, encoding

    @property
    def encoding(self) -> str:  # type: ignore[override]
        return self._encoding

    def isatty(self) -> bool:
        return self.is_terminal


def printed(
    say: Callable[[Terminal], None], *, is_terminal: bool = False, encoding: str = "utf-8"
) -> str:
    screen = Screen(is_terminal=is_terminal, encoding=encoding)
    say(Terminal(Console(file=screen, width=80, highlight=False)))
    return screen.getvalue()


def hidden_in(text: str) -> set[str]:
    return {one for one in text if unicodedata.category(one) in HIDDEN} - {"\n"}


@given(TEXTS)
def test_nothing_that_is_printed_holds_a_character_that_cannot_be_seen(text: str) -> None:
    assert hidden_in(printed(lambda screen: screen.say(text))) == set()
    assert hidden_in(printed(lambda screen: screen.say(text, keeps_lines=True))) == set()
    assert hidden_in(printed(lambda screen: screen.table([text], [[text], [1]]))) == set()
    assert hidden_in(printed(lambda screen: screen.answer(text), is_terminal=True)) == set()


@given(TEXTS)
def test_a_line_stays_a_line_whatever_stands_in_it(text: str) -> None:
    assert printed(lambda screen: screen.say("before ", text, " after")).count("\n") == 1


@given(st.text(st.characters(categories=["L", "N", "P", "S", "Zs"])))
def test_what_can_be_seen_is_printed_as_it_is(text: str) -> None:
    assert printed(lambda screen: screen.say(text)) == f"{text}\n"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b[2J\x1b]0;owned\x07", r"\x1b[2J\x1b]0;owned\x07"),
        ("a\rb\tc\nd", r"a\rb\tc\nd"),
        ("\x9b31m", r"\x9b31m"),
        ("abc\u202egpj.exe", r"abc\u202egpj.exe"),
        ("\u2066x\u2069", r"\u2066x\u2069"),
        ("zero\u200bwidth\ufeff", r"zero\u200bwidth\ufeff"),
        ("\u2028\u2029", r"\u2028\u2029"),
        ("caf\udce9.csv", r"caf\udce9.csv"),  # a file name in Latin-1
        ("12\u00a0345,00 €", "12\u00a0345,00 €"),
        ("[red]a[/red] [link=http://x]b[/link] :smile:",) * 2,
    ],
)
def test_hidden_characters_are_written_out_and_markup_is_text(text: str, shown: str) -> None:
    assert visible(text) == shown
    assert printed(lambda screen: screen.say(text), is_terminal=True) == f"{shown}\n"


def test_colours_are_ours_alone() -> None:
    screen = Screen(is_terminal=True)

    terminal = Terminal(Console(file=screen, force_terminal=True, color_system="standard"))
    terminal.say(("Done [b]", "green"), " [red]x\x1b[0m")

    assert screen.getvalue() == "\x1b[32mDone [b]\x1b[0m [red]x\\x1b[0m\n"


def test_a_table_is_as_wide_as_what_is_shown() -> None:
    rows = [["\x1b[31mred", 1234567], ["plain", 2], [None, 3]]

    lines = printed(lambda screen: screen.table(["name", "count"], rows)).splitlines()

    assert [line.rstrip() for line in lines] == [
        "name             count",
        r"\x1b[31mred  1,234,567",
        "plain                2",
        "                     3",
    ]


def test_a_terminal_without_a_character_gets_its_number() -> None:
    said = printed(lambda screen: screen.say("Löwe €"), encoding="latin-1")

    assert said == "Löwe \\u20ac\n"


def test_a_program_reads_an_answer_as_it_is() -> None:
    answer = '"a"\r\n"\x1b[2J"\r\n'

    assert printed(lambda screen: screen.answer(answer)) == answer
    assert printed(lambda screen: screen.answer(answer), is_terminal=True) == '"a"\n"\\x1b[2J"\n'


CRASHING = """
import sys
import typer
from output.commands import exit_code

app = typer.Typer(pretty_exceptions_enable=False)

@app.command()
def crash() -> None:
    raise ValueError("[red]\\x1b[2J")

sys.exit(exit_code(app))
"""


def test_a_crash_is_told_without_what_its_message_hides() -> None:
    crashed = subprocess.run(
        [sys.executable, "-c", CRASHING], capture_output=True, text=True, check=False
    )

    told = crashed.stderr
    assert crashed.returncode == 1
    assert "Traceback" in told
    assert r"ValueError: [red]\x1b[2J" in told
    assert hidden_in(told) == set()
