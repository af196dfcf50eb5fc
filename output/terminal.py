"""The one door to the terminal: what is printed is text, whatever file or stranger wrote it.

A name may hold a sequence that clears the screen, a mark that turns the reading direction, or what
rich would take for colours and links. All of it is shown, none of it is obeyed.
"""

import traceback
import unicodedata
from collections.abc import Sequence
from types import TracebackType

from rich.console import Console
from rich.table import Table
from rich.text import Text

# A text, or a text and how rich should draw it: `("Done.", "green")`.
Piece = str | tuple[str, str]

_SEPARATORS = {"Zl", "Zp"}
# A narrow terminal may break the lines of a table, but neither names nor numbers.
_WIDEST = 160


def visible(text: str, *, keeps: str = "") -> str:
    r"""The text with what a reader cannot see written out, as `\x1b` or `\u202e`.

    That is every control and format character (escape sequences, direction marks, joiners of zero
    width), the separators of lines and paragraphs, and the bytes of file names that are no UTF-8.
    Those in `keeps` stay as they are.
    """
    if text.isprintable():
        return text
    return "".join(one if one in keeps or not _is_hidden(one) else _escape(one) for one in text)


def _is_hidden(character: str) -> bool:
    category = unicodedata.category(character)
    return category.startswith("C") or category in _SEPARATORS


def _escape(character: str) -> str:
    return character.encode("unicode_escape").decode("ascii")


class Terminal:
    """Standard output, or standard error, as a place that takes nothing but text."""

    def __init__(self, console: Console) -> None:
        """Print to a console of rich; further ones are for tests."""
        self.console = console

    def say(self, *pieces: Piece, style: str = "", keeps_lines: bool = False) -> None:
        """Prints one line; an error of several sentences keeps its line ends."""
        keeps = "\n" if keeps_lines else ""
        parts = [(piece, "") if isinstance(piece, str) else piece for piece in pieces]
        texts = [(self._shown(text, keeps), drawn) for text, drawn in parts]
        self.console.print(Text.assemble(*texts, style=style), soft_wrap=True)

    def table(self, heads: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
        """Prints rows under their heads; a column of whole numbers is set to the right."""
        table = Table(box=None, pad_edge=False, header_style="dim")
        for number, head in enumerate(heads):
            is_number = bool(rows) and all(_is_count(row[number]) for row in rows)
            table.add_column(
                Text(self._shown(head)),
                justify="right" if is_number else "left",
                no_wrap=is_number,
                overflow="fold",
            )
        for row in rows:
            table.add_row(*(Text(self._shown(_cell(value))) for value in row))
        width = max(self.console.width, _WIDEST)
        Console(file=self.console.file, width=width, highlight=False).print(table)

    def answer(self, text: str) -> None:
        """Writes what a program may read as it is; a person's terminal is spared what it hides."""
        stream = self.console.file
        if stream.isatty():
            text = self._shown(text.replace("\r\n", "\n"), "\n")
        stream.write(text if text.endswith("\n") else f"{text}\n")
        stream.flush()

    def _shown(self, text: str, keeps: str = "") -> str:
        encoding = self.console.encoding
        return visible(text, keeps=keeps).encode(encoding, "backslashreplace").decode(encoding)


OUT = Terminal(Console(highlight=False))
ERR = Terminal(Console(stderr=True, highlight=False))


def show_crash(
    kind: type[BaseException], error: BaseException, trace: TracebackType | None
) -> None:
    """Prints what nobody expected, with its traceback, to standard error: a `sys.excepthook`."""
    ERR.say("".join(traceback.format_exception(kind, error, trace)), keeps_lines=True)


def _is_count(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _cell(value: object) -> str:
    if _is_count(value):
        return f"{value:,}"
    return "" if value is None else str(value)
