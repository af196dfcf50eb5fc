"""The door of YAML that people write: its limits, and that no error shows what a file holds."""

import os
import re
import time
from pathlib import Path

import pytest

from installation.positioned_yaml import PositionedYaml, YamlRefusedError
from sources.errors import ConfigurationError
from sources.marketplace import load_marketplace

CANARY = "canary-4711"
GOOD = """\
name: mine
title: Mine
currency_code: EUR
folder: data
databases:
  shop: {url: 'postgresql://reader:secret@db/shop'}
feeds:
  orders:
    - files: orders.csv
      columns: {order_id: number, customer_id: buyer, status: state, ordered_at: placed}
  order_lines: [{files: lines.csv}]
  vendors: [{files: vendors.csv}]
"""


def problems_of(folder: Path, text: str | bytes, **variables: str) -> list[str]:
    path = folder / "mine.yml"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    with pytest.raises(ConfigurationError) as caught:
        load_marketplace(path, variables)
    return [problem.removeprefix(f"{folder}/mine.yml") for problem in caught.value.problems]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a: &x 1\n", ":1:4: an anchor (&); write out what is meant"),
        ("a: 1\nb: *x\n", ":2:4: an alias (*); write out what is meant"),
        ("a: {<<: {b: 1}}\n", ":1:5: a merge key (<<); write out what is meant"),
        ("a: !!python/object:os.system 1\n", ":1:4: a tag (!); remove it, and put the text in"),
        ("a: !mine {b: 1}\n", ":1:4: a tag (!)"),
        ("a: 1\nb: 2\na: 3\n", ":3:1: a duplicate key; remove one"),
        ("a: {1: x, 1: y}\n", ":1:11: a duplicate key"),
        ("a: {[b]: 1}\n", ":1:5: a list or a mapping as a key; a key must be a word"),
        ("a: 1\n---\nb: 1\n", ":2:1: a second document; a file may have only one, without ---"),
        (
            "a: 2026-13-45\n",
            ":1:4: looks like a number or a date but is neither; correct it, or put",
        ),
        (f"a: {'9' * 5000}\n", ":1:4: looks like a number or a date but is neither"),
        ('a: "x\\0y"\n', ":1:4: an invalid character (\\0 or \\ud800); remove it"),
        ('a: "\\ud800"\n', ":1:4: an invalid character"),
        ("a: 1\nb: x\x07y\n", ":2:5: a control character; remove it"),
        (b"a: 1\nb: \xe4\n", ":2:4: is not UTF-8; save it as UTF-8"),
        ("a: 1\n".encode("utf-16"), ":1:1: is not UTF-8; save it as UTF-8"),
        ("", ":1:1: must hold a mapping with name, title, feeds"),
        ("- a\n", ":1:1: must hold a mapping with name, title, feeds"),
        ("a\n", ":1:1: must hold a mapping with name, title, feeds"),
        ("a: b: c\n", ":1:5: not valid YAML: a second ': ' in a value, or a wrong indentation"),
        ("a:\n\t- b\n", ":2:1: not valid YAML: a tab, or a sign that no value begins with"),
        ("a: 'b\n", ":1:4: not valid YAML: a quote is opened and not closed"),
        ("a: [b\nc: d\n", ":2:2: not valid YAML: a bracket is opened and not closed"),
        ("a: 1\n  b: 2\n", ":2:4: not valid YAML: a second ': ' in a value, or a wrong ind"),
        ("a: 1\n b\nc\n", ":3:1: not valid YAML: a key without ': ' behind it; write key: value"),
    ],
)
def test_each_refusal_names_line_and_column(
    tmp_path: Path, text: str | bytes, expected: str
) -> None:
    [problem] = problems_of(tmp_path, text)

    assert problem.startswith(expected)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("[" * 1_000_000, id="brackets"),
        pytest.param("{a: " * 200_000, id="braces"),
        pytest.param("- " * 500_000, id="dashes"),
        pytest.param("? " * 500_000, id="keys"),
        pytest.param("".join(" " * n + "a:\n" for n in range(1400)), id="indented"),
    ],
)
def test_deep_nesting_is_refused_at_once(tmp_path: Path, text: str) -> None:
    began = time.process_time()

    [problem] = problems_of(tmp_path, text)

    assert "nested deeper than 20 levels; flatten it" in problem or "as a key" in problem
    assert time.process_time() - began < 3


def test_what_doubles_itself_is_refused_before_it_is_built(tmp_path: Path) -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 10)]

    [problem] = problems_of(tmp_path, "\n".join(lines))

    assert problem == ":1:5: an anchor (&); write out what is meant"


def test_more_values_than_any_marketplace_has_are_refused(tmp_path: Path) -> None:
    [problem] = problems_of(tmp_path, "a: [" + "1," * 30_000 + "1]")

    assert problem.endswith(": more than 20000 values; split the file")


def test_large_file_is_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "mine.yml"
    with path.open("wb") as stream:
        stream.truncate(1 << 40)

    with pytest.raises(YamlRefusedError, match="is larger than 1048576 bytes; split it"):
        PositionedYaml.read(path, "name, title, feeds")


def test_pipe_and_folder_are_refused_without_waiting(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.yml")

    for path in (tmp_path / "pipe.yml", tmp_path, Path("/dev/zero")):
        with pytest.raises(YamlRefusedError, match="is not a regular file; name a"):
            PositionedYaml.read(path, "name, title, feeds")


def test_marketplace_may_be_a_link_of_its_operator(tmp_path: Path) -> None:
    (tmp_path / "real.yml").write_text(GOOD)
    (tmp_path / "mine.yml").symlink_to(tmp_path / "real.yml")

    assert load_marketplace(tmp_path / "mine.yml", {}).name == "mine"


@pytest.mark.parametrize(
    "text",
    [
        f"{CANARY}\n",
        f"{CANARY}: {CANARY}\n",
        f"root:{CANARY}:0:0\nx: y: {CANARY}\n",
        f"*{CANARY}\n",
        f"a: *{CANARY}\n",
        f"a: &{CANARY} 1\n",
        f"a: !{CANARY} 1\n",
        f"a: !{CANARY}!x 1\n",
        f"%{CANARY} 1\n---\na: 1\n",
        f"%TAG !x! {CANARY}\n---\na: !y!{CANARY} 1\n",
        f"a: '{CANARY}\n",
        f'a: "\\q{CANARY}"\n',
        f"a: @{CANARY}\n",
        f"a: |{CANARY}\n",
        f"[{CANARY}\n",
        f"{{{CANARY}: 1, {CANARY}: 2}}\n",
        f"a: 1\n{CANARY}\n",
        f"name: {CANARY}!\ntitle: [{CANARY}]\nfeeds: {{{CANARY}: [{{files: {CANARY}}}]}}\n",
        "name: ok\ntitle: ok\nfeeds: {4111111111111111: 1}\n4111111111111111: 1\n",
        GOOD.replace("shop: {url:", f"{CANARY}: {{{CANARY}: 1, url:"),
        GOOD.replace("shop: {url:", f"{CANARY}: {{ur:"),
        GOOD.replace("order_id: number", f"{CANARY}: number"),
        GOOD.replace("order_id: number", f"order_id: {{{CANARY}: number}}"),
        GOOD.replace("order_id: number", f"order_id: {{column: x, map: {{{CANARY}: [1]}}}}"),
        GOOD.replace("files: lines.csv", f"files: lines.csv, {CANARY}: 1"),
        GOOD.replace("files: lines.csv", f"database: {CANARY}, table: t, mode: full"),
        GOOD.replace("vendors: [", f"{CANARY}: ["),
    ],
)
def test_no_error_shows_what_a_file_holds(tmp_path: Path, text: str) -> None:
    problems = problems_of(tmp_path, text)

    assert problems
    assert all(problem.startswith(":") for problem in problems)
    assert not [one for one in problems if re.search("(?i)canary|4711|4111", one)]


@pytest.mark.parametrize(
    "change",
    [
        ("name: mine", "name: ${SECRET}"),
        ("currency_code: EUR", "currency_code: ${SECRET}"),
        ("currency_code: EUR", "time_zone: a/${SECRET}"),
        ("currency_code: EUR", "timestamps: ${SECRET}"),
        ("currency_code: EUR", "as_of: ${SECRET}"),
        ("currency_code: EUR", "own_hosts: ['https://${SECRET}/']"),
        ("url: 'postgresql://reader:secret@db/shop'", "url: '${SECRET}'"),
        ("url: 'postgresql://", "connect_timeout_seconds: '${SECRET}', url: 'postgresql://"),
        ("files: lines.csv", "files: '/${SECRET}'"),
        ("files: lines.csv", "files: lines.csv, system: '${SECRET}'"),
        ("files: lines.csv", "files: lines.csv, encoding: '${SECRET}'"),
        ("files: lines.csv", "files: lines.csv, delimiter: '${SECRET}'"),
        ("files: lines.csv", "files: lines.csv, format: '${SECRET}'"),
        ("files: lines.csv", "database: '${SECRET}', table: t, mode: full"),
        ("files: lines.csv", "database: shop, table: '${SECRET} x', mode: full"),
        ("files: lines.csv", "database: shop, query: x, name: '${SECRET} x', mode: full"),
        ("order_id: number", "order_id: {template: '{${SECRET}'}"),
        ("order_id: number", "order_id: {column: x, pattern: '(?P<${SECRET}>'}"),
        ("order_id: number", "order_id: {column: x, format: '${SECRET}'}"),
    ],
)
def test_no_error_shows_what_a_variable_holds(tmp_path: Path, change: tuple[str, str]) -> None:
    problems = problems_of(tmp_path, GOOD.replace(*change), SECRET=CANARY)

    assert not [problem for problem in problems if "canary" in problem or "4711" in problem]
    assert [problem for problem in problems if problem.endswith("comes from ${SECRET})")] or (
        "database: '${SECRET}'" in change[1]
    )


def test_keys_like_known_ones_are_named_with_what_was_meant(tmp_path: Path) -> None:
    text = GOOD.replace("title: Mine", "titel: Mine").replace("shop: {url:", "shop: {ulr: x, url:")
    text = text.replace("files: lines.csv", "fils: x, files: lines.csv")
    text = text.replace("order_id: number", "order_id: {colum: number}")

    problems = problems_of(tmp_path, text)

    meant = {"titel": "title", "ulr": "url", "fils": "files", "colum": "column"}
    for wrong, right in meant.items():
        assert [
            problem
            for problem in problems
            if f"{wrong}: there is no such key; did you mean '{right}'?" in problem
        ] or wrong == "ulr"
    assert [one for one in problems if "databases.*" in one and "did you mean 'url'?" in one]


def test_expression_that_python_cannot_take_is_a_mistake_of_the_file(tmp_path: Path) -> None:
    pattern = "(" * 6000 + ")" * 6000
    text = GOOD.replace("order_id: number", f"order_id: {{column: x, pattern: '{pattern}'}}")

    [problem] = problems_of(tmp_path, text)

    assert problem.endswith("the regular expression is too deep or too large; simplify it")


def test_no_more_problems_are_told_than_a_person_reads(tmp_path: Path) -> None:
    wrong = "".join(f"  feed_{number}: 1\n" for number in range(1_000))

    assert len(problems_of(tmp_path, GOOD + wrong)) == 100


def test_plain_values_are_those_of_yaml_1_2(tmp_path: Path) -> None:
    path = tmp_path / "some.yml"
    path.write_text("no: yes\non: 010\nat: 12:30\nof: 1_000\nup: TRUE\nit: 0b_\n")

    document = PositionedYaml.read(path, "name, title, feeds")

    expected = {"no": "yes", "on": "010", "at": "12:30", "of": "1_000", "up": True, "it": "0b_"}
    assert document.data == expected


def test_values_are_what_they_were(tmp_path: Path) -> None:
    path = tmp_path / "some.yml"
    path.write_text(
        "a: 1\nb: [x, 1.5, true, null, 2026-01-31, '=']\nc: {no: =, 2: 'y', d: {e: 0x1f}}\n"
        'f: "\\t"\ng: |\n  two\n  lines\n',
        encoding="utf-8-sig",
    )

    document = PositionedYaml.read(path, "name, title, feeds")

    assert document.data["b"][:4] == ["x", 1.5, True, None]
    assert str(document.data["b"][4]) == "2026-01-31"
    assert document.data["c"] == {"no": "=", 2: "y", "d": {"e": 31}}
    assert (document.data["f"], document.data["g"]) == ("\t", "two\nlines\n")
    assert document.positions["c", "d", "e"] == (3, 24)
    assert document.positions["b", 1] == (2, 8)
