"""Why a run did not publish is read on pages and terminals: no reason quotes a row."""

from collections.abc import Callable

import dagster as dg
import duckdb
import polars as pl
import pytest

from output.findings.finding import Finding
from pipelines.dbt.errors import in_short
from pipelines.runs.report import reasons_of
from sources.errors import PermanentSourceError

# What a row might hold: over two lines, the second of which looks like one of ours.
VALUE = "erika@mustermann.example\n9876543 Error in her street"
PIECES = ("erika", "mustermann", "9876543", "her street")


def ask(query: str) -> None:
    with duckdb.connect() as connection:
        connection.execute("create table people (name varchar, number integer primary key)")
        connection.execute("insert into people values (?, 9876543)", [VALUE])
        connection.execute(query).fetchall()


def reasons(fault: Callable[[], None]) -> list[Finding]:
    """What is told of a run whose only step ends with a fault."""

    @dg.asset
    def broken() -> None:
        fault()

    result = dg.materialize([broken], raise_on_error=False)
    return reasons_of(result.all_events)[1]


def quoted(reason: Finding) -> list[str]:
    """What of the value is told: by its sentence, or by what is written down of it."""
    return [piece for piece in PIECES if piece in f"{reason.english}\n{reason.json_text}"]


@pytest.mark.parametrize(
    ("query", "kind"),
    [
        ("select cast(name as integer) from people", "Conversion Error"),
        ("select cast(number as tinyint) from people", "Conversion Error"),
        ("select strptime(name, '%Y') from people", "Invalid Input Error"),
        ("select cast(name as json) from people", "Conversion Error"),
        ("select number::bigint * 9223372036854775807 from people", "Out of Range Error"),
        ("insert into people values ('x', 9876543)", "Constraint Error"),
    ],
)
def test_what_the_database_says_of_a_value_is_not_repeated(query: str, kind: str) -> None:
    [reason] = reasons(lambda: ask(query))

    assert kind in reason.english
    assert reason.english.startswith("broken: ")
    assert not quoted(reason)


def test_dbts_account_of_a_model_keeps_its_names_and_loses_the_value() -> None:
    said = (
        "Runtime Error in model int_orders (models/int_orders.sql)\n"
        f"  Conversion Error: Could not convert string '{VALUE}' to INT32\n\n"
        "  LINE 1: select 9876543\n\n"
        "  compiled code at target/int_orders.sql\n"
        "Runtime Error in model int_lines (models/int_lines.sql)\n"
        '  Binder Error: Referenced column "nothere" not found in FROM clause!'
    )

    def fault() -> None:
        raise dg.Failure(f"building the models: {said}", allow_retries=False)

    [reason] = reasons(fault)

    assert not quoted(reason)
    for kept in ("building the models: Runtime Error in model int_orders", "compiled code at"):
        assert kept in reason.english
    assert '"nothere" not found' in reason.english


def test_failures_of_dbt_are_a_line_each_and_none_keeps_a_value() -> None:
    """dbt's own words of three failures: of a contract, of a value and of a test."""
    said = (
        "1 of 4 ERROR creating sql table model main.bad ........ [ERROR in 0.42s]\n\n"
        "Failure in model bad (models/bad.sql)\n\n"
        "  Compilation Error in model bad (models/bad.sql)\n"
        "  This model has an enforced contract that failed.\n"
        "  Please ensure the name, data_type, and number of columns in your contract match.\n  \n"
        "  | column_name | definition_type | contract_type | mismatch_reason       |\n"
        "  | ----------- | --------------- | ------------- | --------------------- |\n"
        "  | extra       | VARCHAR         |               | missing in contract   |\n"
        "  | gmv         | DOUBLE          | DECIMAL(18,2) | data type mismatch    |\n\n"
        "  > in macro assert_columns_equivalent (macros/columns_spec_ddl.sql)\n\n"
        "Failure in test one_row (tests/one_row.sql)\n\n"
        "  Got 1 result, configured to fail if != 0\n\n"
        "Failure in model conv (models/conv.sql)\n\n"
        "  Runtime Error in model conv (models/conv.sql)\n"
        f"  Conversion Error: Could not convert string '{VALUE}' to INT32\n  \n"
        "  LINE 10:       select cast('secret' as integer) as n\n\n"
        "Failure in model last (models/last.sql)\n\n"
        "  Runtime Error in model last (models/last.sql)\n"
        f"  Invalid Input Error: {VALUE}"
    )

    def fault() -> None:
        raise dg.Failure(f"building the models: {in_short(said)}", allow_retries=False)

    [reason] = reasons(fault)

    assert not quoted(reason)
    *lines, converted, last = reason.english.partition("building the models: ")[2].splitlines()
    assert lines == [
        (
            "Failure in model bad (models/bad.sql): its columns are not those of its contract: "
            "extra is missing in contract; gmv is DOUBLE and not DECIMAL(18,2)"
        ),
        "Failure in test one_row (tests/one_row.sql): Got 1 result, configured to fail if != 0",
    ]
    assert converted.startswith("Failure in model conv (models/conv.sql): Conversion Error: what")
    assert last.startswith("Failure in model last (models/last.sql): Invalid Input Error: what")


def test_a_fault_that_nobody_foresaw_is_told_by_its_kind_and_place() -> None:
    def fault() -> None:
        pl.Series([VALUE]).str.to_integer(strict=True)

    def another() -> None:
        raise KeyError(VALUE)

    for found in (reasons(fault), reasons(another)):
        [reason] = found
        assert not quoted(reason)
        assert 'test_run_reasons.py", line ' in reason.english
    assert "KeyError" in reasons(another)[0].english


def test_what_speaks_of_the_statement_or_the_machine_is_told_as_it_is() -> None:
    def full() -> None:
        raise PermissionError(13, "Permission denied", "/srv/landing")

    [of_statement], [of_machine] = reasons(lambda: ask("from nowhere")), reasons(full)
    assert "Table with name nowhere does not exist" in of_statement.english
    assert "Permission denied: '/srv/landing'" in of_machine.english


def test_our_own_sentence_comes_before_what_it_was_made_of() -> None:
    def fault() -> None:
        try:
            ask("select cast(name as integer) from people")
        except duckdb.Error as error:
            raise PermanentSourceError("the table of people cannot be read; correct it") from error

    [reason] = reasons(fault)

    assert reason.english.endswith("the table of people cannot be read; correct it")
    assert not quoted(reason)
