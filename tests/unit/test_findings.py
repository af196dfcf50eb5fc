"""What checks and runs find: codes with arguments, and the one sentence of each."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from output.findings.files import FILE_REASONS, ROW_REASONS
from output.findings.finding import Finding
from output.findings.models import MODELS
from output.findings.texts import TEXTS
from sources.parsing.reasons import row_detail

ROOT = Path(__file__).parents[2]
PACKAGES = ("data_quality", "pipelines", "sources", "dashboards", "output")
PLACEHOLDER = re.compile(r"\{(\w+)\}")


def findings_of(path: Path) -> Iterator[tuple[str, set[str | None]]]:
    """The codes that a module gives findings, and the names of their arguments."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if (
            isinstance(node, ast.Call)
            and ast.unparse(node.func) == "Finding.of"
            and isinstance(node.args[0], ast.Constant)
        ):
            yield str(node.args[0].value), {keyword.arg for keyword in node.keywords}


def test_every_finding_of_the_code_is_declared_with_its_arguments() -> None:
    paths = [path for package in PACKAGES for path in (ROOT / package).rglob("*.py")]
    made = [(path.name, *found) for path in paths for found in findings_of(path)]

    assert len(made) > 40
    assert [each for each in made if each[1] not in TEXTS] == []
    wrong = [
        (name, code)
        for name, code, given in made
        if None not in given and given != {*PLACEHOLDER.findall(TEXTS[code].msgid)}
    ]
    assert wrong == []


def test_nothing_that_is_found_now_is_said_in_english_alone() -> None:
    """Texts as written are those that older versions published; what is found today has a code."""
    paths = [path for package in PACKAGES for path in (ROOT / package).rglob("*.py")]
    users = {path.name for path in paths if ".as_written(" in path.read_text("utf-8")}

    assert users == {"finding.py", "published.py"}


def test_no_code_is_declared_twice() -> None:
    for one, other in ((ROW_REASONS, FILE_REASONS), (ROW_REASONS, MODELS)):
        assert not one.keys() & other.keys()
    declared = (ROOT / "output" / "findings").glob("*.py")
    codes = re.findall(
        r'^    "(\w+)": ', "".join(path.read_text("utf-8") for path in declared), re.MULTILINE
    )
    assert sorted(codes) == sorted(TEXTS)


@pytest.mark.parametrize(
    ("finding", "said"),
    [
        (Finding.of("nothing_held_back"), "Nothing is held back."),
        (
            Finding.of("rows_fail", n=1, checked=2400, rule=Finding.of("is_filled", column="x")),
            "1 of 2,400 rows fails: x is never empty.",
        ),
        (
            Finding.of("is_between", column="x", low=0.9, high=10_000_000),
            "x is between 0.9 and 10,000,000",
        ),
        (
            Finding.of("contact_details", found=(
                Finding.of("contact_details_in", n=1, column="a", path="p.csv", line=3),
                Finding.of("contact_details_in", n=2, column="b", path="p.csv", line=9),
            )),
            ("Free text contains e-mail addresses or phone numbers, which are masked in vendors'"
            " files: 1 value in a (p.csv, line 3); 2 values in b (first: p.csv, line 9)."),
        ),
        (Finding.of("may_show_in", marts=("a", "b")), "Nothing is held back; it may show in a, b."),
        (Finding.as_written("{path} is not read again"), "{path} is not read again"),
        (Finding.of("a_code_of_newer_code"), "a_code_of_newer_code"),
    ],
)  # fmt: skip
def test_finding_is_said_in_english_also_after_it_was_written_down(
    finding: Finding, said: str
) -> None:
    assert finding.english == said
    assert Finding.read(finding.json_text) == finding


def test_sentence_that_older_code_published_stays_as_it_is() -> None:
    for text in ("history holds 0 rows", '{"rows": 3}', "12", ""):
        assert Finding.read(text).english == text


def test_reason_without_a_column_is_of_a_value() -> None:
    assert row_detail("invalid_integer", None).startswith("a value is not a whole number")
    assert row_detail("invalid_json", None) == "the line is not a JSON object"
