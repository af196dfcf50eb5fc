"""Our sessions of a real shop's GA4 export, against those that Google counted itself."""

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from pipelines.home import Home
from pipelines.loading.warehouse import open_warehouse
from pipelines.settings import PROJECT_ROOT, environment_value
from sources.parsing.client import Parser
from tests.unit.loading_desk import Desk, a_marketplace
from tests.warehouse.dbt import create_tables

pytestmark = pytest.mark.olist

MODELS = "stg_tracking__events stg_shop__orders int_session_spans int_session_steps fct_sessions"


@pytest.fixture(scope="module")
def sessions(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    """The sample with our sessions, and Google's beside them as `google`."""
    given = environment_value("KONTOR_GA4_DIR")
    folder = Path(given) if given else PROJECT_ROOT.parent / "shared" / "data" / "ga4_sample"
    if not (folder / "events_20201101.parquet").is_file():
        pytest.skip(f"the sample of GA4's export is not in {folder}; set KONTOR_GA4_DIR")
    home = Home(tmp_path_factory.mktemp("ga4") / "home")
    with Parser() as parser:
        feeds = {"events": [{"files": "*.parquet", "dialect": "ga4"}]}
        Desk(home, a_marketplace(folder, **feeds), parser).ingest("events")
    create_tables(home, MODELS, '{"as_of_date": "2021-12-31"}')
    with open_warehouse(home.warehouse) as connection:
        connection.execute("create view ours as select * from marts.fct_sessions")
        connection.execute(
            "create table google as select visitor_id, session_id, min(occurred_at) as started_at, "
            "max(occurred_at) as ended_at, count(distinct event_id) as event_count, "
            "bool_or(event_type = 'order_completed') as purchased "
            "from raw.events_current where session_id is not null group by all"
        )
        yield connection


def test_sessions_are_as_many_as_google_counts(sessions: duckdb.DuckDBPyConnection) -> None:
    [(ours, google)] = sessions.execute(
        "select (select count(*) from ours), (select count(*) from google)"
    ).fetchall()

    assert ours == pytest.approx(google, rel=0.03)


def test_most_sessions_of_google_are_one_of_ours_with_the_same_events(
    sessions: duckdb.DuckDBPyConnection,
) -> None:
    [(share,)] = sessions.execute(
        "select avg(cast(ours.visitor_id is not null as int)) from google left join ours "
        "on google.visitor_id = ours.visitor_id and google.started_at = ours.started_at "
        "and google.ended_at = ours.ended_at and google.event_count = ours.event_count"
    ).fetchall()

    assert share > 0.95


def test_conversion_is_that_of_googles_sessions(sessions: duckdb.DuckDBPyConnection) -> None:
    [(ours, google)] = sessions.execute(
        "select (select avg(cast(purchased as int)) from ours), "
        "(select avg(cast(purchased as int)) from google)"
    ).fetchall()

    assert ours == pytest.approx(google, rel=0.05)


def test_hardly_a_visitor_of_a_shop_of_people_is_taken_for_a_program(
    sessions: duckdb.DuckDBPyConnection,
) -> None:
    [(share,)] = sessions.execute(
        "select avg(cast(session_kind = 'bot' as int)) from ours"
    ).fetchall()

    assert share < 0.005
