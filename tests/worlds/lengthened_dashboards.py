"""The dashboards in words that are longer by two fifths, as those of another language may be."""

import math
import re
import sys
from pathlib import Path

import typer
from babel.messages.mofile import write_mo

from dashboards import server
from dashboards.words import words
from dashboards.words.extraction import messages_of, read_catalogue
from dashboards.words.languages import LANGUAGES
from pipelines.settings import environment_value

_WORD = re.compile(r"\{\w+\}|[^\W\d_]+")


def lengthened(text: str) -> str:
    """Return a text whose every word says its beginning twice; placeholders stay."""

    def longer(word: re.Match[str]) -> str:
        said = word[0]
        return said if said.startswith("{") else said + said[: math.ceil(len(said) * 0.4)].lower()

    return _WORD.sub(longer, text)


def lengthen(folder: Path) -> None:
    """Write catalogues whose every language is lengthened English, and make them ours."""
    catalogue = read_catalogue("en")
    for message in messages_of(catalogue):
        said = message.string
        message.string = (
            tuple(map(lengthened, said)) if isinstance(said, tuple) else lengthened(said)
        )
    for language in LANGUAGES:
        with (folder / f"{language}.mo").open("wb") as file:
            write_mo(file, catalogue)
    words._CATALOGUES = folder


if __name__ == "__main__":
    lengthen(Path(environment_value("LENGTHENED") or ""))
    sys.argv[0] = "dashboards"
    typer.run(server.main)
