"""The catalogues: whole in all languages, in step with the source, and the only ones who speak."""

import ast
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest
from babel.messages.catalog import Message

from dashboards.words.extraction import (
    catalogue_file,
    extracted,
    messages_of,
    read_catalogue,
    update,
)
from dashboards.words.languages import LANGUAGES, Language

DASHBOARDS = Path(__file__).parents[2] / "dashboards"
# What speaks through the catalogue already. The list grows until it is all of dashboards/.
SPEAKING_MODULES = sorted((DASHBOARDS / "gate").glob("*.py"))
SPEAKING_TEMPLATES = [DASHBOARDS / "templates" / name for name in ("login.html", "logout.html")]
NAMES = {"Kontor"}

PLACEHOLDER = re.compile(r"\{(\w*)\}")
# A capitalised word, or three words in a row.
SENTENCE = re.compile(r"^\s*[A-Z][a-z]+\b|[A-Za-z]+( [a-z]+){2}")
MARKS = {"text", "text_in", "count", "message", "message_in", "counted"}
SHOWN_ATTRIBUTES = {"alt", "aria-label", "placeholder", "title"}


def forms(side: object) -> tuple[str, ...]:
    return side if isinstance(side, tuple) else (str(side),)


def key(message: Message) -> tuple[str | None, object]:
    return message.context, message.id


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sentence_of_the_source_is_in_the_catalogue_and_no_other(language: Language) -> None:
    catalogue = read_catalogue(language)
    missing = "run `make words` and translate what it adds"

    assert {*map(key, messages_of(catalogue))} == {*map(key, messages_of(extracted()))}, missing
    assert not catalogue.obsolete, missing


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sentence_is_translated_in_every_plural_form(language: Language) -> None:
    catalogue = read_catalogue(language)

    for message in messages_of(catalogue):
        assert not message.fuzzy, message.id
        assert all(form.strip() for form in forms(message.string)), message.id
        if message.pluralizable:
            assert len(forms(message.string)) == catalogue.num_plurals, message.id
    assert catalogue.num_plurals == {"de": 2, "en": 2, "ru": 3}[language]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_translation_has_the_placeholders_of_its_sentence(language: Language) -> None:
    for message in messages_of(read_catalogue(language)):
        asked = {frozenset(PLACEHOLDER.findall(form)) for form in forms(message.id)}
        given = {frozenset(PLACEHOLDER.findall(form)) for form in forms(message.string)}

        assert given == asked, message.id
        assert len(asked) == 1, message.id
        for form in (*forms(message.id), *forms(message.string)):
            assert not set("{}") & set(PLACEHOLDER.sub("", form)), form


@pytest.mark.parametrize("language", LANGUAGES)
def test_bringing_a_catalogue_up_to_date_twice_changes_nothing(
    language: Language, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    as_committed = catalogue_file(language).read_bytes()
    copied = tmp_path / catalogue_file(language).name
    copied.write_bytes(as_committed)
    monkeypatch.setattr("dashboards.words.extraction._CATALOGUES", tmp_path)

    assert update(language) == 0
    assert copied.read_bytes() == as_committed


def test_only_english_is_filled_in_by_itself(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for language in LANGUAGES:
        header = catalogue_file(language).read_text("utf-8").partition("\n\n")[0]
        (tmp_path / f"{language}.po").write_text(header + "\n", "utf-8")
    monkeypatch.setattr("dashboards.words.extraction._CATALOGUES", tmp_path)

    left = {language: update(language) for language in LANGUAGES}

    sentences = len(list(messages_of(extracted())))
    assert left == {"de": sentences, "en": 0, "ru": sentences}
    assert all(message.string == message.id for message in messages_of(read_catalogue("en")))
    assert not any(any(forms(message.string)) for message in messages_of(read_catalogue("ru")))


def calls(tree: ast.AST, names: set[str]) -> Iterator[ast.Call]:
    """Calls of a function or method with one of the names."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            called = node.func
            name = getattr(called, "attr", None) or getattr(called, "id", None)
            if name in names:
                yield node


def literals(tree: ast.AST) -> set[ast.Constant]:
    return {
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }


def spoken_past_the_catalogue(source: str) -> list[str]:
    """Sentences that are neither marked nor logged, raised or documentation."""
    tree = ast.parse(source)
    exempt = [*calls(tree, MARKS)]
    exempt += [node for node in ast.walk(tree) if isinstance(node, ast.Call)
               and ast.unparse(node.func).startswith("_LOG.")]  # fmt: skip
    exempt += [node for node in ast.walk(tree) if isinstance(node, ast.Raise)]
    # A string that stands by itself documents something.
    exempt += [node for node in ast.walk(tree) if isinstance(node, ast.Expr)
               and isinstance(node.value, ast.Constant)]  # fmt: skip
    silent = {literal for part in exempt for literal in literals(part)}
    return sorted(
        str(node.value) for node in literals(tree) - silent if SENTENCE.search(str(node.value))
    )


@pytest.mark.parametrize("module", SPEAKING_MODULES, ids=lambda path: path.name)
def test_a_module_says_nothing_past_the_catalogue(module: Path) -> None:
    assert spoken_past_the_catalogue(module.read_text("utf-8")) == []


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ('refuse("Not found.")', ["Not found."]),
        ('st.error(f"Page {n} is gone")', ["Page "]),
        ('why = "we could not read that"', ["we could not read that"]),
        ('refuse(message("Not found."))', []),
        ('words.text("Not found.")', []),
        ('_LOG.warning("Not found.")', []),
        ('raise ValueError("Not found.")', []),
        ('"""Not found."""', []),
        ('Route("/login", methods=["GET"])', []),
    ],
)
def test_the_rule_about_literals_finds_what_it_should(source: str, found: list[str]) -> None:
    assert spoken_past_the_catalogue(source) == found


class _Shown(HTMLParser):
    """The text of a template that is not made by an expression, and attributes that are shown."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.feed(html)

    def handle_data(self, data: str) -> None:
        self.texts.append(data)

    def handle_starttag(
        self,
        tag: str,  # noqa: ARG002 - HTMLParser's signature
        attrs: list[tuple[str, str | None]],
    ) -> None:
        self.texts += [value or "" for name, value in attrs if name in SHOWN_ATTRIBUTES]


@pytest.mark.parametrize("template", SPEAKING_TEMPLATES, ids=lambda path: path.name)
def test_a_template_says_nothing_past_the_catalogue(template: Path) -> None:
    markup = re.sub(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}", "", template.read_text("utf-8"))
    words = {word for text in _Shown(markup).texts for word in re.findall(r"\w+", text)}

    assert words <= NAMES


def test_a_sentence_gets_a_value_for_each_of_its_placeholders() -> None:
    """Where a sentence is said at once; one that is kept for later is said with its code."""
    forgotten = []
    for path in DASHBOARDS.rglob("*.py"):
        for call in calls(ast.parse(path.read_text("utf-8")), {"text", "text_in", "count"}):
            sentence = " ".join(str(literal.value) for argument in call.args
                                for literal in literals(argument))  # fmt: skip
            given = {keyword.arg for keyword in call.keywords} | {"n"}
            if None not in given and set(PLACEHOLDER.findall(sentence)) - given:
                forgotten.append(f"{path.name}:{call.lineno}")

    assert forgotten == []
