"""`make words`: brings the catalogues up to date with the sentences in the source.

The catalogues are meant to be edited; all that is done to them here is to add what is new, to drop
what is gone and to fill in English, which is what the source says.
"""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

from dashboards.words.languages import LANGUAGES, Language
from dashboards.words.published_texts import published_texts
from output.terminal import OUT

_ROOT = Path(__file__).parents[2]
_SPEAKING = ("dashboards", "operations/segments", "output/findings")
_CATALOGUES = Path(__file__).parent / "catalogues"

_METHODS = [("**.py", "python"), ("**.html", "jinja2")]
# Without it a template that cannot be parsed would count as one without sentences.
_OPTIONS = {"**.html": {"silent": "false"}}

# Which arguments of which function are looked for: the methods of Words, and the marks of messages.
_SINGLE, _IN_CONTEXT, _PLURAL = None, ((1, "c"), 2), (1, 2)
_KEYWORDS = {
    "text": _SINGLE,
    "message": _SINGLE,
    "text_in": _IN_CONTEXT,
    "message_in": _IN_CONTEXT,
    "count": _PLURAL,
    "counted": _PLURAL,
}


def catalogue_file(language: Language) -> Path:
    """Return where the catalogue of a language is kept."""
    return _CATALOGUES / f"{language}.po"


def read_catalogue(language: Language) -> Catalog:
    """Return the catalogue of a language as it is in the tree."""
    with catalogue_file(language).open("rb") as file:
        return read_po(file, locale=language, abort_invalid=True)


def messages_of(catalogue: Catalog) -> Iterator[Message]:
    """Return the messages of a catalogue without its header."""
    return (message for message in catalogue if message.id)


def extracted() -> Catalog:
    """Return every message of the pages, templates and routes, and of what checks find."""
    template = Catalog(project="kontor")
    for folder in _SPEAKING:
        found = extract_from_dir(
            _ROOT / folder, _METHODS, _OPTIONS, _KEYWORDS, ["Translators:"], strip_comment_tags=True
        )
        for name, line, msgid, comments, context in found:
            template.add(
                msgid,
                locations=[(f"{folder}/{name}", line)],
                auto_comments=comments,
                context=context,
            )
    for path, text in published_texts():
        template.add(text, locations=[(path, 1)])
    return template


def update(language: Language) -> int:
    """Bring one catalogue up to date; returns how many of its messages are to be translated."""
    catalogue = read_catalogue(language)
    # The new messages become the catalogue's own, so each catalogue needs its own template. A guess
    # from a similar sentence (fuzzy) would look as if somebody had translated it.
    catalogue.update(extracted(), no_fuzzy_matching=True, update_creation_date=False)
    untranslated = [each for each in messages_of(catalogue) if not _is_translated(each)]
    if language == "en":
        for message in untranslated:
            message.string = message.id
        untranslated = []
    with catalogue_file(language).open("wb") as file:
        write_po(
            file,
            catalogue,
            width=100,
            sort_by_file=True,
            ignore_obsolete=True,
            include_lineno=False,
        )
    return len(untranslated)


def main() -> None:
    """Update all catalogues and say what is left to do."""
    left = Counter({language: update(language) for language in LANGUAGES})
    for language in +left:
        OUT.say(f"{catalogue_file(language).name}: {left[language]} to translate")


def _is_translated(message: Message) -> bool:
    strings = message.string if isinstance(message.string, tuple) else (message.string,)
    return all(strings)


if __name__ == "__main__":
    main()
