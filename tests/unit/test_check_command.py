"""`kontor check`: what a mapping makes of the first rows, and nothing that stays."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from pipelines.cli.main import app

MAPPING = """
name: mine
title: Mine
currency_code: EUR
folder: .
feeds:
  orders:
    - files: orders.csv
      columns:
        order_id: No
        customer_id: {expression: hashed(Mail)}
        status: {column: State, map: {offen: created}}
        ordered_at: {column: When, format: '%d.%m.%Y'}
  order_lines:
    - files: lines*.csv
      columns:
        order_line_id: {template: '{No}-{occurrence}'}
        order_id: No
        vendor_id: Who
        quantity: Pieces
        unit_price: {expression: Total / Pieces}
  customers:
    - files: orders.csv
      columns: {customer_record_id: No, customer_id: No, name: Person}
  vendors:
    - files: vendors.csv
      columns: {vendor_id: Id}
"""


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("KONTOR_HOME", str(tmp_path / "home"))
    (tmp_path / "mine.yml").write_text(MAPPING)
    (tmp_path / "orders.csv").write_text(
        "No,Mail,Person,State,When\nA1,eva@example.com,Eva Example,offen,31.01.2026\n"
    )
    (tmp_path / "lines1.csv").write_text("No,Who,Pieces,Total\nA1,s1,4,10.00\nA1,s1,0,10.00\n")
    (tmp_path / "vendors.csv").write_text("Id\ns1\n")
    return tmp_path


def check(shop: Path) -> tuple[int, list[list[str]]]:
    """The exit code, and the words of each line that was printed."""
    done = CliRunner().invoke(app, ["check", str(shop / "mine.yml")])
    return done.exit_code, [line.split() for line in done.output.splitlines()]


def said(lines: list[list[str]]) -> str:
    return " ".join(word for line in lines for word in line)


def test_ours_stands_beside_theirs_and_nothing_is_stored(shop: Path) -> None:
    before = sorted(path.name for path in shop.iterdir())

    code, lines = check(shop)

    assert ["status", "created", "State", "offen"] in lines
    assert ["ordered_at", "2026-01-31", "00:00:00", "When", "31.01.2026"] in lines
    assert ["unit_price", "2.5000", "Total,", "Pieces", "10.00", "|", "4"] in lines
    assert sorted(path.name for path in shop.iterdir()) == before
    assert code == 1
    assert "order_lines: lines1.csv: 1 of 2 rows fit, 1 quarantined" in said(lines)
    # What is wrong, what stands there, and what to do.
    assert "1 x below_minimum in quantity, first on line 3, where '0' stands" in said(lines)
    assert "quantity is below the smallest allowed value" in said(lines)


def test_what_is_a_persons_is_not_shown(shop: Path) -> None:
    _, lines = check(shop)

    assert "eva@example.com" not in said(lines)
    assert "Example" not in said(lines)
    assert ["name", "(personal)", "Person"] in lines


def test_what_stands_in_a_persons_column_is_not_shown_where_it_does_not_fit(shop: Path) -> None:
    (shop / "vendors.csv").write_text("Id,Mail\ns1,eva@example.com\n")
    mapped = "{vendor_id: Id, email: {column: Mail, pattern: '[0-9]+'}}"
    (shop / "mine.yml").write_text(MAPPING.replace("{vendor_id: Id}", mapped))

    _, lines = check(shop)

    told = "1 x pattern_mismatch in email, first on line 2 email does not match its pattern"
    assert told in said(lines)
    assert "eva" not in said(lines)


def test_a_file_that_does_not_fit_and_one_that_is_not_there_are_named(shop: Path) -> None:
    (shop / "vendors.csv").unlink()
    (shop / "orders.csv").write_text("Number,Mail,Person,State,When\nA1,,,offen,31.01.2026\n")

    code, lines = check(shop)

    assert code == 1
    assert "vendors: no file matches" in said(lines)
    assert "orders: orders.csv is rejected: line 1: column 'No' is missing" in said(lines)


def test_all_is_well_where_every_row_fits(shop: Path) -> None:
    (shop / "lines1.csv").write_text("No,Who,Pieces,Total\nA1,s1,4,10.00\n")

    assert check(shop)[0] == 0


def test_of_a_large_file_the_first_lines_are_read(shop: Path) -> None:
    rows = "".join(f"A{number},s1,1,1.00\n" for number in range(5_000))
    (shop / "lines1.csv").write_text("No,Who,Pieces,Total\n" + rows)

    _, lines = check(shop)

    assert "order_lines: lines1.csv (first lines): 999 of 999 rows fit" in said(lines)
