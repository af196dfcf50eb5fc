"""A heat map as a table: how many there are for each pair, and where they are listed."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from dashboards.components import html
from dashboards.context import Context

# Shades of a cell; none where nobody is.
_SHADES = 5


@dataclass(frozen=True, slots=True)
class Cell:
    """What a cell shows, what it means in full, its shade from 0 to 5, and where it leads."""

    text: str = ""
    title: str = ""
    heat: int = 0
    link: str = ""


@dataclass(frozen=True, slots=True)
class Axis:
    """One side of the matrix: its codes in order, and what each is called."""

    codes: Sequence[str]
    name: Callable[[str], str]


def show(
    context: Context,
    counts: Mapping[tuple[str, str], int],
    rows: Axis,
    columns: Axis,
    link: Callable[[str, str], str],
    *,
    caption: str,
    corner: str,
) -> None:
    """Show the counts; a cell is the darker the larger its part of its row is."""
    words = context.words
    drawn = []
    for row in rows.codes:
        total = sum(counts.get((row, column), 0) for column in columns.codes)
        cells = []
        for column in columns.codes:
            count = counts.get((row, column), 0)
            said = words.number(count)
            cells.append(
                Cell(
                    said if count else "",
                    f"{rows.name(row)}, {columns.name(column)}: {said}",
                    shade(count, total),
                    link(row, column) if count else "",
                )
            )
        drawn.append((rows.name(row), cells))
    draw(drawn, [columns.name(code) for code in columns.codes], caption=caption, corner=corner)


def draw(
    rows: Sequence[tuple[str, Sequence[Cell]]],
    headings: Sequence[str],
    *,
    caption: str,
    corner: str,
) -> None:
    """Show rows of cells, each with its heading; a cell without a text is empty."""
    drawn = [{"heading": heading, "cells": cells} for heading, cells in rows]
    html.show("matrix.html", columns=headings, rows=drawn, caption=caption, corner=corner)


def shade(count: int, total: int) -> int:
    """Return from 0 for none to 5 for most how much of a row a cell has."""
    return -(-count * _SHADES // total) if count else 0
