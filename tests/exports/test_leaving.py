"""What leaves is looked at once more, in the file that is sent; a broken rule stops the run."""

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from data_quality.runner import Checker
from operations.exports import runs
from pipelines.exporting import people
from pipelines.exporting.definitions import Export
from pipelines.exporting.identifiers.formats import GOOGLE, Format
from pipelines.exporting.leaving import UnfitRowsError, check_leaving
from pipelines.exporting.planning import ImpossiblePlanError
from pipelines.exporting.running import run_export
from tests.exports.worlds import World

pytestmark = pytest.mark.quality

EXPORT = Export.model_validate(
    {
        "title": "Mailing",
        "segment": "buyers",
        "destination": "somewhere",
        "purpose": "marketing",
        "channel": "email",
        "fields": {"email": "email", "phone": "phone", "city": "city"},
    }
)
DECIDED = """
create table decided as
select
    'c' || number as row_key,
    'upsert' as operation,
    '2025-01' as consent_version,
    cast(null as varchar) as reason,
    true as is_wanted,
    'c' || number || '@x.example' as email,
    '+49 171 99887' || (10 + number) as phone,
    'Ulm' as city
from range(30) as numbers (number)
"""
ALL = "select row_key, email, phone, city from decided"
ANN = "where row_key = 'c7'"


@pytest.fixture(scope="module")
def checker() -> Iterator[Checker]:
    with Checker() as opened:
        yield opened


def told(
    checker: Checker,
    folder: Path,
    *,
    plan_change: str = "",
    file: str = ALL,
    wanted: Format | None = GOOGLE,
) -> str:
    """Why the rows may not leave, and nothing where they may."""
    with duckdb.connect() as connection:
        connection.execute(DECIDED)
        path = folder / "run.parquet"
        connection.execute(f"copy ({file}) to '{path}' (format parquet)")
        if plan_change:
            connection.execute(plan_change)
        reader = people.Reader(connection, "v1")
        try:
            check_leaving(reader, checker, "mailing", EXPORT, wanted, path)
        except UnfitRowsError as error:
            return str(error)
        finally:
            assert list(folder.iterdir()) == [path]
    return ""


def test_rows_as_they_were_planned_leave(checker: Checker, tmp_path: Path) -> None:
    assert told(checker, tmp_path) == ""
    assert told(checker, tmp_path, wanted=None) == ""


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ("set reason = 'suppressed'", "everybody who is sent may be sent"),
        ("set is_wanted = false", "everybody who is sent may be sent"),
        ("set consent_version = null", "each row has the version of the consent it rests on"),
    ],
)
def test_who_may_not_be_sent_stops_the_run_and_is_named(
    checker: Checker, tmp_path: Path, change: str, rule: str
) -> None:
    why = told(checker, tmp_path, plan_change=f"update decided {change} {ANN}")

    assert rule in why
    assert why.endswith("(c7)")


def test_whoever_is_removed_needs_no_consent(checker: Checker, tmp_path: Path) -> None:
    gone = "set operation = 'remove', reason = 'withdrawn', consent_version = null"

    assert told(checker, tmp_path, plan_change=f"update decided {gone} {ANN}") == ""


@pytest.mark.parametrize(
    ("file", "why"),
    [
        (f"{ALL} union all {ALL} {ANN}", "no two rows have the same row_key"),
        ("select row_key, email, phone, city, '1980-01-01' as born from decided", "columns"),
        ("select row_key, email, phone from decided", "columns"),
        ("select row_key, city as email, phone, city from decided", "at least half of email"),
        ("select row_key, email, city as phone, city from decided", "at least half of phone"),
        ("select 'x' || row_key as row_key, email, phone, city from decided", "may be sent"),
    ],
)
def test_a_file_that_is_not_what_was_promised_stops_the_run(
    checker: Checker, tmp_path: Path, file: str, why: str
) -> None:
    assert why in told(checker, tmp_path, file=file)


def test_what_is_hashed_already_leaves_only_for_where_nothing_is_hashed(
    checker: Checker, tmp_path: Path
) -> None:
    file = """
    select row_key, if(row_key = 'c7', sha256(email), email) as email, phone, city from decided
    """

    assert "nothing is hashed before it is sent" in told(checker, tmp_path, file=file)
    assert told(checker, tmp_path, file=file, wanted=None) == ""


def test_rows_that_could_not_be_looked_at_do_not_leave(tmp_path: Path) -> None:
    with Checker(wall_seconds=0.01) as slow:
        assert "nothing is sent" in told(slow, tmp_path)


def test_a_run_that_breaks_a_rule_is_never_opened_and_keeps_no_file(
    world: World, checker: Checker
) -> None:
    world.publish({f"c{number}": "Ann Lee" for number in range(30)})

    with pytest.raises(ImpossiblePlanError, match="at least half of email"):
        run_export(world.job(checker=checker))

    assert runs.open_run(world.store, "shop", "somewhere") is None
    assert not list(world.home.exports.rglob("*.parquet"))


def test_whose_consent_has_no_version_is_left_out_and_keeps_nobody_waiting(
    world: World, checker: Checker
) -> None:
    world.publish({"a": "ann@x.example", "b": "bob@x.example"})
    world.consent({"a": "granted"}, text_version=None)

    ended = run_export(world.job(checker=checker))

    assert ended.status == "sent"
    assert (ended.counts["after"], ended.counts["not_consent_unproven"]) == (1, 1)
