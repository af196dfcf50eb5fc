"""The catalogues: whole in all languages, in step with the source, and the only ones who speak."""

import ast
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from io import BytesIO
from pathlib import Path

import pytest
from babel.messages.catalog import Message
from babel.messages.mofile import write_mo
from jinja2 import Environment, nodes

from dashboards.words.extraction import (
    catalogue_file,
    extracted,
    messages_of,
    read_catalogue,
    update,
)
from dashboards.words.languages import LANGUAGES, Language

DASHBOARDS = Path(__file__).parents[2] / "dashboards"
STYLE = DASHBOARDS / "templates" / "style.html"
# All of dashboards/ speaks through the catalogue, but for what is said on the command line and in
# logs, for Unicode's names of categories, for SQL, and for titles that are published texts.
SILENT = {"server.py", "settings.py", "extraction.py", "connections.py", "plain.py"}
SILENT |= {"answer.py", "preview.py", "names.py", "offered.py"}
SPEAKING_MODULES = sorted(path for path in DASHBOARDS.rglob("*.py") if path.name not in SILENT)
SPEAKING_TEMPLATES = sorted({*(DASHBOARDS / "templates").glob("*.html")} - {STYLE})
NAMES = {"Kontor"}

PLACEHOLDER = re.compile(r"\{(\w*)\}")
# A capitalised word, or three words in a row.
SENTENCE = re.compile(r"^\s*[A-Z][a-z]+\b|[A-Za-z]+( [a-z]+){2}")
SAID = {"text", "text_in", "count"}
MARKS = SAID | {"message", "message_in", "counted"}
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
def test_the_catalogue_is_as_make_words_leaves_it(
    language: Language, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    as_committed = catalogue_file(language).read_bytes()
    copied = tmp_path / catalogue_file(language).name
    copied.write_bytes(as_committed)
    monkeypatch.setattr("dashboards.words.extraction._CATALOGUES", tmp_path)

    assert update(language) == 0
    assert copied.read_bytes() == as_committed


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_catalogue_that_is_read_is_the_one_in_the_tree(language: Language) -> None:
    compiled = BytesIO()
    write_mo(compiled, read_catalogue(language))

    stale = "run `make .venv/installed`, which compiles the catalogues"
    assert catalogue_file(language).with_suffix(".mo").read_bytes() == compiled.getvalue(), stale


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
        str(node.value)
        for node in literals(tree) - silent
        if SENTENCE.search(str(node.value)) and node.value not in NAMES
    )


@pytest.mark.parametrize("module", SPEAKING_MODULES, ids=lambda path: path.name)
def test_no_sentence_stands_within_an_f_string_where_extraction_does_not_look(
    module: Path,
) -> None:
    tree = ast.parse(module.read_text("utf-8"))
    within = [
        ast.unparse(call)
        for part in ast.walk(tree)
        if isinstance(part, ast.JoinedStr)
        for call in calls(part, MARKS)
        if any(isinstance(each, ast.Constant) for each in call.args)
    ]

    assert within == []


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


def said_at_once(path: Path) -> Iterator[tuple[str, set[str]]]:
    """Sentences and the names of the values they are given; one kept for later is not said here."""
    source = path.read_text("utf-8")
    if path.suffix == ".html":
        for called in Environment(autoescape=True).parse(source).find_all(nodes.Call):
            if isinstance(called.node, nodes.Name) and called.node.name in SAID:
                yield (
                    " ".join(
                        str(each.value) for each in called.args if isinstance(each, nodes.Const)
                    ),
                    {keyword.key for keyword in called.kwargs},
                )
        return
    for call in calls(ast.parse(source), SAID):
        sentence = " ".join(str(each.value) for part in call.args for each in literals(part))
        yield sentence, {str(keyword.arg) for keyword in call.keywords}


def without_a_value(path: Path) -> list[str]:
    return [
        sentence
        for sentence, given in said_at_once(path)
        if set(PLACEHOLDER.findall(sentence)) - given - {"n"}
    ]


def test_a_sentence_gets_a_value_for_each_of_its_placeholders() -> None:
    spoken = [*DASHBOARDS.rglob("*.py"), *DASHBOARDS.rglob("*.html")]

    assert any(sentence for path in spoken for sentence, _ in said_at_once(path))
    assert [sentence for path in spoken for sentence in without_a_value(path)] == []


@pytest.mark.parametrize(
    ("name", "source"),
    [
        ("page.py", 'words.text("{a} and {b}", a="x")\nwords.text("{a}", a="x")'),
        ("page.py", 'words.count("{n} of {a} and {b}", "{n} of {a} and {b}", 3, a="x")'),
        ("page.html", '<p>{{ text("{a} and {b}", a="x") }}{{ text("{a}", a="x") }}</p>'),
    ],
)
def test_a_forgotten_value_is_found(tmp_path: Path, name: str, source: str) -> None:
    (tmp_path / name).write_text(source)

    (found,) = without_a_value(tmp_path / name)
    assert "{b}" in found
