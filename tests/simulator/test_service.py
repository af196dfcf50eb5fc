"""Customer service: how soon teams answer and what people say is found again in the feeds."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl
import pytest

from tests.simulator.simulated_feeds import rows

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.simulator


@pytest.fixture(scope="module")
def laws(laboratory: Path) -> dict[str, Any]:
    manifest = json.loads((laboratory / "truth" / "manifest.json").read_text())
    return dict(manifest["parameters"]["service"])


def least_squares(x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Coefficients and standard errors that allow for unequal spread (White 1980)."""
    inverse = np.linalg.inv(x.T @ x)
    beta = inverse @ x.T @ y
    meat = x.T @ (x * ((y - x @ beta) ** 2)[:, None])
    return beta, np.sqrt(np.diag(inverse @ meat @ inverse))


def test_each_team_takes_its_planted_time_until_the_first_answer(
    laboratory: Path, laws: dict[str, Any]
) -> None:
    events = rows(laboratory, "ticket_events")
    settled = events.filter(pl.col("event_type") == "closed").select("ticket_id")
    lies = (
        events.filter(pl.col("event_type").is_in(["assigned", "handed_over"]))
        .sort("occurred_at")
        .group_by("ticket_id")
        .agg(pl.col("occurred_at", "team").last())
    )
    answered = rows(laboratory, "tickets").join(settled, on="ticket_id").join(lies, on="ticket_id")
    hours = (pl.col("first_answered_at") - pl.col("occurred_at")).dt.total_seconds() / 3_600
    found = answered.group_by("team").agg(
        hours.mean().alias("mean"), (hours.std() / pl.len().sqrt()).alias("error"), pl.len()
    )
    planted = pl.DataFrame(laws["teams"]).rename({"name": "team"})

    both = found.join(planted, on="team")
    z = (both["mean"] - both["answer_hours"]) / both["error"]

    assert both.height == 4
    assert both["len"].min() > 100  # type: ignore[operator]
    assert z.abs().max() < 4  # type: ignore[operator]


def test_people_write_as_often_as_what_happened_makes_them(
    laboratory: Path, laws: dict[str, Any]
) -> None:
    sent = rows(laboratory, "shipments")
    late = sent.filter(
        pl.col("delivered_at") > pl.col("promised_at"),
        pl.col("delivered_at") < sent["delivered_at"].max() - pl.duration(days=10),
    )
    tickets = rows(laboratory, "tickets").filter(pl.col("topic") == "delivery")

    wrote = late.join(tickets, on=["order_id", "vendor_id"], how="semi").height

    share = laws["writes_of_late"]
    z = (wrote - late.height * share) / (late.height * share * (1 - share)) ** 0.5
    assert late.height > 500
    assert abs(z) < 4


def test_what_was_denied_comes_back_more_often(laboratory: Path, laws: dict[str, Any]) -> None:
    back = rows(laboratory, "ticket_events").filter(pl.col("event_type") == "reopened")
    closed = rows(laboratory, "tickets").filter(pl.col("status") == "closed")
    counted = closed.join(back, on="ticket_id", how="left").group_by(
        (pl.col("resolution") == "denied").alias("denied")
    )
    shares = counted.agg(pl.col("event_type").is_not_null().sum().alias("back"), pl.len())

    for denied, returned, all_of_them in shares.iter_rows():
        share = laws["reopened_when_denied" if denied else "reopened"]
        z = (returned - all_of_them * share) / (all_of_them * share * (1 - share)) ** 0.5
        assert all_of_them > 50
        assert abs(z) < 4


@pytest.mark.parametrize(
    ("survey", "law"),
    [("after-delivery", "nps_lost_by_lateness"), ("delivery-rating", "csat_lost_by_lateness")],
)
def test_lateness_takes_its_planted_points(
    laboratory: Path, laws: dict[str, Any], survey: str, law: str
) -> None:
    answers = rows(laboratory, "survey_responses").filter(pl.col("survey_id") == survey)
    told = answers.join(rows(laboratory, "shipments"), on=["order_id", "vendor_id"])
    late = (pl.col("delivered_at") > pl.col("promised_at")).cast(pl.Float64)
    told = told.with_columns(late.alias("late"), pl.col("score").cast(pl.Float64))
    # Who is late is liked less for other reasons as well: each vendor is compared with itself.
    within = told.select(
        (pl.col(name) - pl.col(name).mean().over("vendor_id")) for name in ("late", "score")
    )

    beta, error = least_squares(within["late"].to_numpy()[:, None], within["score"].to_numpy())

    assert told["late"].sum() > 30
    assert abs(beta[0] + laws[law]) < 4 * error[0]
    assert beta[0] < -4 * error[0]


def test_the_service_is_judged_by_waiting_and_by_asking_again(
    laboratory: Path, laws: dict[str, Any]
) -> None:
    events = rows(laboratory, "ticket_events")

    def count(kind: str) -> pl.DataFrame:
        return (
            events.filter(pl.col("event_type") == kind)
            .group_by("ticket_id")
            .agg(pl.len().cast(pl.Float64).alias(kind))
        )

    told = rows(laboratory, "survey_responses").drop_nulls("ticket_id")
    told = told.join(rows(laboratory, "tickets"), on="ticket_id")
    for kind in ("customer_replied", "handed_over"):
        told = told.join(count(kind), on="ticket_id", how="left")
    waited = pl.col("first_answered_at") - pl.col("opened_at")
    told = told.with_columns(
        (waited > pl.duration(hours=12)).cast(pl.Float64).alias("slow"),
        pl.col("customer_replied", "handed_over").fill_null(0.0),
    )
    effort = told.filter(pl.col("question_kind") == "ces")
    content = told.filter(pl.col("question_kind") == "csat")

    for frame, causes in (
        (effort, {"customer_replied": "ces_lost_by_reply", "handed_over": "ces_lost_by_handover"}),
        (content, {"slow": "csat_lost_by_slowness"}),
    ):
        x = np.column_stack([np.ones(frame.height), *(frame[name] for name in causes)])
        beta, error = least_squares(x, frame["score"].cast(pl.Float64).to_numpy())
        planted = np.array([laws[law] for law in causes.values()])
        assert (abs(beta[1:] + planted) < 4 * error[1:]).all()
        assert (beta[1:] < -2 * error[1:]).all()


def test_a_ticket_stands_where_its_last_event_left_it(laboratory: Path) -> None:
    events = rows(laboratory, "ticket_events").sort("occurred_at", "ticket_event_id")
    words = {"closed": "closed", "reopened": "reopened", "solved": "solved"}
    last = events.group_by("ticket_id", maintain_order=True).last()

    both = rows(laboratory, "tickets").join(last, on="ticket_id", how="left")

    assert (both["updated_at"] == both["occurred_at"]).all()
    for kind, status in words.items():
        assert set(both.filter(pl.col("event_type") == kind)["status"]) <= {status}
    answered = events.filter((pl.col("event_type") == "answered") & ~pl.col("is_automatic"))
    first = answered.group_by("ticket_id").agg(pl.col("occurred_at").min().alias("first"))
    told = both.join(first, on="ticket_id", how="left")
    assert told["first"].equals(told["first_answered_at"].alias("first"))
    assert {"agent", "vendor"} <= set(answered["actor"])


def test_owners_register_as_often_as_planted_and_until_the_warranty_ends(
    laboratory: Path,
) -> None:
    laws = json.loads((laboratory / "truth" / "manifest.json").read_text())["parameters"]["crm"]
    products = rows(laboratory, "products").filter(pl.col("warranty_months") > 0)
    orders = rows(laboratory, "orders").filter(~pl.col("is_test"))
    sent = rows(laboratory, "shipments").select("order_id", "vendor_id", "delivered_at")
    sold = (
        rows(laboratory, "order_lines")
        .join(products, on="product_id")
        .join(sent, on=["order_id", "vendor_id"])
        .join(orders.select("order_id", "customer_id", "account_id"), on="order_id")
        .filter(pl.col("delivered_at") < sent["delivered_at"].max() - pl.duration(days=45))
    )
    registered = rows(laboratory, "product_registrations")

    both = registered.drop_nulls("order_line_id").join(sold, on="order_line_id", suffix="_line")
    months = (pl.col("warranty_until").dt.year() - pl.col("delivered_at").dt.year()) * 12 + (
        pl.col("warranty_until").dt.month().cast(pl.Int64) - pl.col("delivered_at").dt.month()
    )

    assert registered["serial_hash"].n_unique() == registered.height
    assert (both["product_id"] == both["product_id_line"]).all()
    assert (both["customer_id"] == both["customer_id_line"]).all()
    assert (both["registered_at"] > both["delivered_at"]).all()
    # A parcel of the last hours of a month arrived on the next day where the marketplace is.
    assert both.select((months - pl.col("warranty_months")).is_between(0, 1).all()).item()
    for kind, is_company in (("consumers", False), ("companies", True)):
        owned = sold.filter(pl.col("account_id").is_not_null() == is_company)
        share = 0.9 * laws["registered"][kind]  # one owner in ten names no order
        found = both.filter(pl.col("account_id").is_not_null() == is_company).height
        z = (found - owned.height * share) / (owned.height * share * (1 - share)) ** 0.5
        assert owned.height > 500
        assert abs(z) < 4
