"""What is asked of one vendor has one answer, whoever asks: the vendor itself, or an operator."""

import re
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from dashboards import resources
from dashboards.components.lines import LINES
from dashboards.context import Context
from dashboards.listings.asked import read
from dashboards.listings.files import all_rows, as_csv, as_xlsx, table_of
from dashboards.queries.questions import SQL, question
from dashboards.settings import DashboardSettings
from dashboards.viewer import Viewer
from dashboards.words.words import words_in
from tests.worlds.everyday import CANARIES
from tests.worlds.homes import Home, make_home
from tests.worlds.workbooks import sheet_of

pytestmark = pytest.mark.app

SHARED = [
    asked
    for asked in (question(path.stem) for path in sorted(SQL.glob("*.sql")))
    if len(asked.audience) > 1
]
METRICS = (
    "late_shipment_rate", "on_time_delivery_rate", "vendor_cancellation_rate", "review_score",
)  # fmt: skip
ANSWERS: dict[str, list[Any]] = {
    "metric_id": [*METRICS],
    "window_id": ["last_30_days", "last_90_days", "all_time"],
    "window_end": [date(2025, 7, 1)],
    "from_date": [date(2025, 6, 1), date.min],
    "outcome": [None, "missed", "met"],
    "window_kind": [None, "days_30"],
    "row_limit": [60],
}


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    made = make_home(tmp_path_factory.mktemp("home"))
    resources.install(resources.open_resources(DashboardSettings(home=made.path)))
    yield made
    resources.current().close()
    made.store.dispose()


def context_of(home: Home, role: str, vendor_id: str | None) -> Context:
    viewer = Viewer("somebody", role, vendor_id, home.version)
    manifest = resources.current().manifest(home.version)
    return Context(viewer, manifest, None, words_in("en"), resources.now())


def parameters_of(sql: str) -> Iterator[dict[str, Any]]:
    """Every way in which a question is asked here, beside the vendor."""
    names = sorted(set(re.findall(r"\$(\w+)", sql)) - {"vendor_id"})
    ways: list[dict[str, Any]] = [{}]
    for name in names:
        ways = [way | {name: answer} for way in ways for answer in ANSWERS[name]]
    yield from ways


def test_there_are_shared_questions() -> None:
    assert {asked.name for asked in SHARED} >= {
        "metric_lines", "metrics", "scorecard", "vendor", "vendor_daily", "vendor_summary",
    }  # fmt: skip


@pytest.mark.parametrize("asked", SHARED, ids=lambda asked: asked.name)
def test_an_operator_and_the_vendor_get_the_same_rows(home: Home, asked: Any) -> None:
    reader, operator = resources.current().reader, context_of(home, "operator_admin", None).viewer
    found = 0
    for vendor_id in CANARIES:
        vendor = context_of(home, "vendor_owner", vendor_id).viewer
        named = {"vendor_id": vendor_id} if asked.is_of_vendor else {}
        for way in parameters_of(asked.sql):
            own = reader.rows(vendor, asked.name, **way)
            found += len(own)
            assert own == reader.rows(operator, asked.name, **way, **named), (vendor_id, way)
    assert found


@pytest.mark.parametrize("metric", METRICS)
def test_an_operator_and_the_vendor_get_the_same_file(home: Home, metric: str) -> None:
    vendor, operator = context_of(home, "vendor_owner", "v-002"), context_of(home, "analyst", None)
    wanted = {"metric": metric, "sort": "-gmv"}
    own = read(vendor, LINES, wanted)
    theirs = read(operator, LINES, wanted | {"vendor": "v-002"})

    assert all_rows(vendor, own) == all_rows(operator, theirs) != ()
    for written in (as_csv, lambda table: sheet_of(as_xlsx(table))):
        assert written(table_of(vendor, own)) == written(table_of(operator, theirs))
