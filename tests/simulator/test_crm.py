"""Sales and service: what was planted in their feeds is found again by the usual estimators."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import polars as pl
import pytest

from sources.simulator.orders.requests import LOOK_AHEAD_DAYS
from tests.simulator.simulated_feeds import rows, truth

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.simulator

FIRST = datetime(2025, 2, 1)  # noqa: DTZ001 - UTC, as all instants of the feeds
LAST = datetime(2026, 4, 1)  # noqa: DTZ001 - by the end every quote of before has ended


def logistic(x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Maximum likelihood coefficients of a logistic regression and their standard errors."""
    beta = np.zeros(x.shape[1])
    for _ in range(30):
        p = 1 / (1 + np.exp(-x @ beta))
        information = x.T @ (x * (p * (1 - p))[:, None])
        beta += np.linalg.solve(information, x.T @ (y - p))
    return beta, np.sqrt(np.diag(np.linalg.inv(information)))


def answered_leads(laboratory: Path) -> pl.DataFrame:
    """Leads old enough to have ended: origin, how soon and by whom answered, whether converted."""
    events = rows(laboratory, "lead_events")
    first = events.filter(pl.col("event_type") == "contacted").select(
        "lead_id", "sales_rep_id", pl.col("occurred_at").alias("contacted_at")
    )
    converted = events.filter(pl.col("event_type") == "converted").select(
        "lead_id", pl.lit(1.0).alias("converted")
    )
    leads = rows(laboratory, "leads")
    old = leads.filter(pl.col("created_at") < leads["created_at"].max() - pl.duration(days=130))
    wait = (pl.col("contacted_at") - pl.col("created_at")).dt.total_seconds()
    return (
        old.join(first, on="lead_id")
        .join(converted, on="lead_id", how="left")
        .with_columns(
            pl.col("converted").fill_null(0.0),
            pl.when(wait < 3_600)
            .then(pl.lit("within_an_hour"))
            .when(wait < 86_400)
            .then(pl.lit("within_a_day"))
            .otherwise(pl.lit("later"))
            .alias("answer"),
        )
    )


def test_leads_convert_by_origin_speed_and_representative_as_planted(laboratory: Path) -> None:
    leads = answered_leads(laboratory)
    planted = truth(laboratory, "lead_conversion")
    base = {"origin": "organic_search", "answer": "later", "sales_rep": "rep-20"}
    columns, expected = [np.ones(leads.height), (leads["lead_kind"] == "vendor").to_numpy()], []
    for factor, level, odds in planted.select("factor", "level", "odds").iter_rows():
        if level != base[factor]:
            named = leads["sales_rep_id" if factor == "sales_rep" else factor]
            columns.append((named == level).to_numpy())
            expected.append(np.log(odds))

    beta, error = logistic(np.stack(columns, axis=1).astype(float), leads["converted"].to_numpy())

    z = (beta[2:] - expected) / error[2:]
    assert leads["converted"].sum() > 150
    assert (abs(z) < 4).all()
    assert (z**2).sum() < z.size + 4 * (2 * z.size) ** 0.5
    # And there is something to find: all odds being equal is out of the question.
    assert ((beta[2:] / error[2:]) ** 2).sum() > z.size + 4 * (2 * z.size) ** 0.5


def test_what_happens_to_a_lead_comes_in_order_and_says_where_it_stands(laboratory: Path) -> None:
    events = rows(laboratory, "lead_events").sort("occurred_at", "lead_event_id")
    at = {
        kind: events.filter(pl.col("event_type") == kind)
        .group_by("lead_id")
        .agg(pl.col("occurred_at").min().alias(kind))
        for kind in ("created", "contacted", "qualified", "handover_accepted", "converted")
    }
    steps = list(at)

    for earlier, later in pairwise(steps):
        both = at[later].join(at[earlier], on="lead_id", how="left")
        assert (both[later] > both[earlier]).all(), later
    refused = events.filter(pl.col("event_type") == "handover_refused")
    handed = events.filter(pl.col("event_type") == "handed_over").group_by("lead_id").len()
    again = handed.filter(pl.col("len") == 2)
    assert set(again["lead_id"]) <= set(refused["lead_id"])
    assert 0 < refused.height < 0.15 * handed.height
    ended = rows(laboratory, "leads").filter(pl.col("status") == "converted")
    assert set(ended["lead_id"]) == set(at["converted"]["lead_id"])


def test_who_converts_became_a_vendor_or_a_company_that_ordered(laboratory: Path) -> None:
    leads = rows(laboratory, "leads").filter(pl.col("status") == "converted")
    applications = rows(laboratory, "vendor_applications").drop_nulls("vendor_id")
    vendors = rows(laboratory, "vendors").select("vendor_id", "joined_at")
    won = rows(laboratory, "opportunities").filter(pl.col("stage") == "won").drop_nulls("lead_id")
    accounts = rows(laboratory, "accounts").select("account_id", "customer_id")

    joined = applications.join(vendors, on="vendor_id")

    assert set(applications["decision"]) == {"approved"}
    assert set(vendors["vendor_id"]) <= set(applications["vendor_id"])
    assert (joined["joined_at"] > joined["decided_at"]).all()
    assert set(leads["lead_id"]) == {*applications["lead_id"], *won["lead_id"]}
    assert won.join(accounts, on="account_id")["customer_id"].null_count() <= 2  # orders to come
    refused = rows(laboratory, "vendor_applications").filter(pl.col("decision") == "refused")
    steps = rows(laboratory, "vendor_steps").filter(pl.col("status") == "refused")
    assert set(steps["application_id"]) == set(refused["application_id"])


def test_applications_are_refused_with_a_reason_and_steps_take_their_planted_shares(
    laboratory: Path,
) -> None:
    laws = json.loads((laboratory / "truth" / "manifest.json").read_text())["parameters"]["crm"]
    planted = np.array(laws["application_step_days"])
    steps = rows(laboratory, "vendor_steps").drop_nulls("application_id")
    refused = steps.filter(pl.col("status") == "refused")
    done = steps.filter(pl.col("status") == "done")
    hours = (pl.col("finished_at") - pl.col("started_at")).dt.total_seconds() / 3_600
    share = done.filter(pl.len().over("application_id") == planted.size).with_columns(
        (hours / hours.sum().over("application_id")).alias("share"),
        pl.col("step_id").str.extract(r"-S(\d)$").cast(pl.Int64).alias("number"),
    )

    found = share.group_by("number").agg(
        pl.col("share").mean(), (pl.col("share").std() / pl.len().sqrt()).alias("error"), pl.len()
    )

    assert refused["reason_code"].null_count() == 0 < refused.height
    assert refused["reason_code"].n_unique() > 2
    assert found["len"].min() > 25  # type: ignore[operator]
    expected = (planted / planted.sum())[found["number"].to_numpy() - 1]
    assert (abs(found["share"].to_numpy() - expected) < 4 * found["error"].to_numpy()).all()


def test_nobody_works_after_leaving_or_before_coming(laboratory: Path) -> None:
    reps = rows(laboratory, "sales_reps").select("sales_rep_id", "started_on", "ended_on")
    instants = {"lead_events": "occurred_at", "activities": "started_at"}

    assert reps["ended_on"].drop_nulls().len() == 2
    for feed, instant in instants.items():
        done = rows(laboratory, feed).join(reps, on="sales_rep_id")
        late = done.filter(pl.col(instant).dt.date() > pl.col("ended_on"))
        assert late.height == 0, feed
        newcomers = done.filter(pl.col("sales_rep_id").is_in(["rep-9", "rep-26"]))
        assert (newcomers[instant].dt.date() >= newcomers["started_on"]).all(), feed


def test_an_approval_is_of_one_step_or_of_two_by_the_amount(laboratory: Path) -> None:
    # The limits are in euros.
    approvals = rows(laboratory, "approvals").filter(pl.col("currency_code") == "EUR")
    second = approvals.filter(pl.col("step_number") == 2)
    first = approvals.filter(pl.col("step_number") == 1)

    over = first.filter(pl.col("amount") > 1_000)
    both = second.join(first, left_on="requested_at", right_on="decided_at", suffix="_first")
    both = both.filter(pl.col("account_id") == pl.col("account_id_first"))

    assert set(approvals["decision"]) >= {"approved", "refused", "expired"}
    assert (second["amount"] > 1_000).all()
    assert 0 < second.height <= over.height
    # Two of one account may end in the same second.
    assert both["approval_id"].n_unique() == second.height
    assert set(both["decision_first"]) == {"approved"}
    limit = pl.col("reason") == "over_limit"
    assert (approvals.filter(limit)["amount"] > 500).all()
    assert (approvals.filter(~limit)["amount"] <= 500).all()
    assert first.filter(pl.col("decision") == "expired")["decided_at"].null_count() > 0


def test_the_quote_of_an_order_is_its_account_s_and_the_only_one_accepted(laboratory: Path) -> None:
    quotes = rows(laboratory, "quotes")
    asked = ["account_id", "requested_at"]

    several = quotes.group_by(asked).agg(pl.len(), (pl.col("status") == "accepted").sum())
    deals = quotes.drop_nulls("opportunity_id").join(
        rows(laboratory, "opportunities"), on="opportunity_id", suffix="_deal"
    )

    assert several["status"].max() == 1
    assert several["len"].max() > 1  # type: ignore[operator]
    assert (deals["account_id"] == deals["account_id_deal"]).all()
    assert (deals["requested_at"] > deals["created_at"]).all()
    sent = quotes.drop_nulls("sent_at")
    assert (sent["sent_at"] >= sent["requested_at"]).all()
    decided = sent.drop_nulls("decided_at")
    assert (decided["decided_at"] > decided["sent_at"]).all()
    expired = quotes.filter(pl.col("status") == "expired")
    assert expired["decided_at"].null_count() == expired.height > 0


def companies_orders(laboratory: Path) -> pl.DataFrame:
    """Orders of companies with the price of their goods, and whether the company was new."""
    firsts = rows(laboratory, "customers").filter(pl.col("customer_type") == "business")
    firsts = firsts.group_by("customer_id").agg(pl.col("created_at").min())
    lines = rows(laboratory, "order_lines").with_columns(
        pl.col("line_amount", "discount_amount").cast(pl.Float64),
    )
    goods = pl.col("line_amount") - pl.col("discount_amount").fill_null(0.0)
    orders = rows(laboratory, "orders").filter(~pl.col("is_test")).join(firsts, on="customer_id")
    return orders.join(lines.group_by("order_id").agg(goods.sum().alias("goods")), on="order_id")


def shares_differ_by(hits: int, trials: int, share: float) -> float:
    """How many standard errors a share of the trials is from what was planted."""
    return float((hits - trials * share) / (trials * share * (1 - share)) ** 0.5)


def test_approvals_are_asked_for_and_refused_as_often_as_planted(laboratory: Path) -> None:
    laws = json.loads((laboratory / "truth" / "manifest.json").read_text())["parameters"]["crm"]
    orders = companies_orders(laboratory).filter(pl.col("currency_code") == "EUR")
    approvals = rows(laboratory, "approvals")
    # The first days' requests came before anything was told, the last ones are not decided.
    told = pl.col("requested_at").is_between(FIRST, LAST)
    granted = approvals.drop_nulls("order_id")["order_id"].unique()
    ends = approvals.filter(told, pl.col("decision").is_in(["refused", "expired"]))
    settled = approvals.filter(told).drop_nulls("order_id")["order_id"].n_unique()

    band = orders.filter(pl.col("ordered_at").is_between(FIRST, LAST)).group_by(
        above=pl.col("goods") > laws["approval_limit_cents"] / 100
    )
    is_granted = pl.col("order_id").is_in(granted.implode())
    counts = band.agg(is_granted.sum().alias("hits"), pl.len()).iter_rows()
    asked = {above: (hits, trials) for above, hits, trials in counts}

    assert abs(shares_differ_by(*asked[True], laws["approved_above_limit"])) < 3
    assert abs(shares_differ_by(*asked[False], laws["approved_below_limit"])) < 3
    odds = laws["denied_per_approved_order"]
    assert ends.height > 300
    assert abs(shares_differ_by(ends.height, settled + ends.height, odds / (1 + odds))) < 3
    refused = ends.filter(pl.col("decision") == "refused").height
    assert abs(shares_differ_by(refused, ends.height, laws["approval_ends"]["refused"])) < 3


def test_quotes_are_asked_for_and_lost_as_often_as_planted(laboratory: Path) -> None:
    laws = json.loads((laboratory / "truth" / "manifest.json").read_text())["parameters"]["crm"]
    quotes = rows(laboratory, "quotes")
    asked = quotes.filter(pl.col("requested_at").is_between(FIRST, LAST)).group_by(
        "account_id", "requested_at"
    )
    requests = asked.agg(
        (pl.col("status") == "accepted").any().alias("won"), pl.col("status").first()
    )
    lost = requests.filter(~pl.col("won"))
    orders = companies_orders(laboratory).filter(
        pl.col("ordered_at").is_between(FIRST, LAST),
        pl.col("created_at") < pl.col("ordered_at") - timedelta(days=LOOK_AHEAD_DAYS),
    )
    quoted = orders.join(quotes.drop_nulls("order_id"), on="order_id", how="semi")

    assert abs(shares_differ_by(quoted.height, orders.height, laws["quoted"])) < 3
    odds = laws["lost_quotes_per_quoted_order"]
    assert lost.height > 400
    assert abs(shares_differ_by(lost.height, requests.height, odds / (1 + odds))) < 3
    assert set(lost["status"]) == set(laws["quote_ends"])
    for end, share in laws["quote_ends"].items():
        hits = lost.filter(pl.col("status") == end).height
        assert abs(shares_differ_by(hits, lost.height, share)) < 3, end
