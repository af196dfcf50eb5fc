"""What an operator reads about one order: every step once, in its order, lateness by its limits."""

from collections.abc import Iterator
from dataclasses import dataclass

import duckdb
import pytest

from dashboards import resources
from dashboards.components import order_trace
from dashboards.context import Context
from dashboards.queries.orders import whole_order, whole_order_lines
from dashboards.settings import DashboardSettings
from dashboards.viewer import Viewer
from dashboards.words.words import words_in
from tests.worlds.homes import Home, make_home

pytestmark = pytest.mark.app


@dataclass(frozen=True)
class Facts:
    """What the published file says of all orders."""

    orders: list[str]
    happened: int
    late: int


@pytest.fixture(scope="module")
def facts(tmp_path_factory: pytest.TempPathFactory) -> Facts:
    made = make_home(tmp_path_factory.mktemp("facts"))
    with duckdb.connect(str(made.operator_file), read_only=True) as connection:
        orders = connection.execute("select order_id from marts.fct_orders").fetchall()
        counts = connection.execute(
            "select count(shipped_at) + count(delivered_at), "
            "count_if(shipped_at > ship_by_at) + count_if(delivered_at > promised_at) "
            "from marts.fct_vendor_orders"
        ).fetchone()
    made.store.dispose()
    assert counts is not None
    return Facts([str(order) for (order,) in orders], *counts)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    made = make_home(tmp_path_factory.mktemp("home"))
    resources.install(resources.open_resources(DashboardSettings(home=made.path)))
    yield made
    resources.current().close()
    made.store.dispose()


def test_each_step_of_an_order_is_told_once_and_in_its_order(home: Home, facts: Facts) -> None:
    viewer = Viewer("somebody", "analyst", None, home.version)
    manifest = resources.current().manifest(home.version)
    context = Context(viewer, manifest, None, words_in("en"), resources.now())

    told = late = 0
    for order_id in facts.orders:
        order = whole_order(viewer, order_id)
        assert order is not None
        trace = order_trace.of(context, order, whole_order_lines(viewer, order_id))
        dated = [step["occurred_at"] for step in trace if step["occurred_at"] is not None]
        assert dated == sorted(dated)
        assert [step["step"] for step in trace].count("ordered") == 1
        told += sum(step["step"] in {"shipped", "delivered"} for step in trace)
        late += sum(step["is_late"] for step in trace)

    assert facts.late
    assert (told, late) == (facts.happened, facts.late)
