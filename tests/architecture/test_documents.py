"""What comments and pages refer to is here, and where they say it is."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.architecture.own_files import ROOT, own_files

# What a reader writes: his own marketplace, and what the examples of docs/adding.md add.
EXAMPLE = re.compile(r"^```\w+ (\S+)$", re.MULTILINE)
WRITTEN_BY_THE_READER = {"marketplaces/mine.yml"}.union(
    *(EXAMPLE.findall(path.read_text("utf-8")) for path in (ROOT / "docs/adding").glob("*.md"))
)
# A document's name; its path may stand before it.
DOCUMENT = re.compile(r"(?<![\w./*-])(?:[\w.-]+/)*[\w-]+\.md\b")
# A document named without its suffix gives itself away by what follows.
CHAPTER = re.compile(r"\b[A-Z]{4,}\b(?:'s)?,? (?:section|sections|item) \d")
DECISION = re.compile(r"\b[Dd]ecision (\d+)")
LINK = re.compile(r"\]\(([^)#:\s]+)(?:#[^)]*)?\)")
FENCED = re.compile(r"^( *)```.*?^\1```$", re.DOTALL | re.MULTILINE)
IN_BACKTICKS = re.compile(r"`([^`\n]+)`")


def texts() -> Iterator[tuple[str, str]]:
    """The project's own files of text, but for what others wrote, a program locked or a shop has.

    The exports among the examples are in the encodings of their systems.
    """
    for name in own_files():
        is_export = name.startswith("marketplaces/examples/") and not name.endswith(".yml")
        if is_export or name in {"LICENSE", "requirements.lock"}:
            continue
        content = (ROOT / name).read_bytes()
        if b"\0" not in content:
            yield name, content.decode("utf-8")


def missing_documents(name: str, text: str, documents: set[str]) -> list[str]:
    """What a file's text cites that is none of the documents, by path or by bare name."""
    bare = {document.rpartition("/")[2] for document in documents}
    found = [
        cited
        for cited in DOCUMENT.findall(text)
        if cited not in bare
        and cited not in documents
        and (Path(name).parent / cited).as_posix() not in documents
    ]
    return [*found, *CHAPTER.findall(text)]


@pytest.mark.parametrize(
    "comment",
    ["# as MANUAL.md, section 3, has it", "see design/MANUAL.md there", "# MANUAL, section 7"],
)
def test_a_citation_of_a_document_that_is_elsewhere_is_found(comment: str) -> None:
    assert missing_documents("sources/sql.py", comment, {"docs/feeds.md"})


@pytest.mark.parametrize("comment", ["see docs/feeds.md", "# in feeds.md", "RFC 9106 section 4"])
def test_what_is_here_may_be_cited_and_so_may_a_standard(comment: str) -> None:
    assert not missing_documents("sources/sql.py", comment, {"docs/feeds.md"})


def test_no_file_cites_a_document_that_is_not_in_the_repository() -> None:
    documents = {name for name in own_files() if name.endswith(".md")}

    cited = {name: missing_documents(name, text, documents) for name, text in texts()}
    cited.pop(Path(__file__).relative_to(ROOT).as_posix())  # the examples above

    assert {name: found for name, found in cited.items() if found} == {}


def test_every_decision_that_is_cited_was_taken() -> None:
    taken = {int(path.name[:4]) for path in (ROOT / "docs" / "decisions").glob("*.md")}

    cited = {name: {int(n) for n in DECISION.findall(text)} - taken for name, text in texts()}

    assert {name: numbers for name, numbers in cited.items() if numbers} == {}


def pages() -> list[Path]:
    """What people read: the pages of docs/ and those at the top, but for the history of changes."""
    return [*sorted((ROOT / "docs").rglob("*.md")), ROOT / "README.md", ROOT / "CONTRIBUTING.md"]


def paths_in_backticks(text: str, folders: set[str]) -> Iterator[str]:
    """The words in backticks that begin with one of the folders, but for examples in fences."""
    for quoted in IN_BACKTICKS.findall(FENCED.sub("", text)):
        for word in quoted.split():
            if "/" in word and word.partition("/")[0] in folders:
                yield word.rstrip("/.,;")


@pytest.mark.parametrize("page", pages(), ids=lambda page: page.name)
def test_every_path_that_a_page_names_exists(page: Path) -> None:
    folders = {name.partition("/")[0] for name in own_files() if "/" in name}

    named = set(paths_in_backticks(page.read_text("utf-8"), folders)) - WRITTEN_BY_THE_READER

    assert {path for path in named if "<" not in path and not any(ROOT.glob(path))} == set()


@pytest.mark.parametrize("page", pages(), ids=lambda page: page.name)
def test_every_link_of_a_page_leads_somewhere(page: Path) -> None:
    links = LINK.findall(FENCED.sub("", page.read_text("utf-8")))

    assert [link for link in links if not (page.parent / link).exists()] == []
