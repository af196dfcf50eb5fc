"""The mart of effects finds what contact truly caused, and is as sure of it as scipy is."""

from pathlib import Path

import duckdb
import polars as pl
import pytest
from polars.testing import assert_frame_equal
from scipy import stats

from tests.simulator.effects import effect, effects
from tests.simulator.simulated_feeds import truth

pytestmark = pytest.mark.simulator

# Standard errors; and of 95 in 100 intervals that hold the truth, of some thirty, as few as happens
# once in a thousand times.
SURE, SEEN = 3.0, 2.0
COVERED = 0.8


@pytest.fixture(scope="module")
def laboratory_effects(
    laboratory: Path, effect_models: dict[str, str]
) -> tuple[duckdb.DuckDBPyConnection, pl.DataFrame]:
    connection = effects(laboratory, effect_models)
    followed = connection.execute("select * from intermediate.int_contacts_followed").pl()
    return connection, followed


@pytest.mark.parametrize("estimator", ["holdout", "adjusted", "before_after"])
def test_what_all_campaigns_truly_caused_lies_within_the_interval_of_each_estimator(
    laboratory: Path,
    laboratory_effects: tuple[duckdb.DuckDBPyConnection, pl.DataFrame],
    estimator: str,
) -> None:
    connection, followed = laboratory_effects
    reached = followed.filter(~pl.col("is_holdout")).group_by("campaign_id").len()
    told = truth(laboratory, "campaigns").join(reached, on="campaign_id")
    caused = (told["len"] * told["incremental_orders_per_person"]).sum() / told["len"].sum()

    orders, error = effect(connection, "orders", estimator)
    margin, margin_error = effect(connection, "margin", estimator)

    assert caused > 0
    assert abs(orders - caused) < SURE * error
    assert orders > SEEN * error
    assert abs(margin - 10 * caused) < SURE * margin_error


def test_the_intervals_of_single_campaigns_hold_what_each_truly_caused(
    laboratory: Path, laboratory_effects: tuple[duckdb.DuckDBPyConnection, pl.DataFrame]
) -> None:
    connection, _ = laboratory_effects
    found = connection.execute(
        "select * from marts.mart_export_effect where metric = 'orders' and lift_lower is not null"
    ).pl()

    both = found.join(
        truth(laboratory, "campaigns").drop_nulls("incremental_orders_per_person"),
        on="campaign_id",
    ).with_columns(
        is_covered=pl.col("incremental_orders_per_person").is_between("lift_lower", "lift_upper")
    )

    covered = both.group_by("estimator").agg(pl.col("is_covered").mean(), pl.len())
    assert set(covered["estimator"]) == {"holdout", "adjusted", "before_after"}
    assert covered["len"].min() >= 20  # type: ignore[operator]
    assert covered["is_covered"].min() >= COVERED  # type: ignore[operator]


def test_what_exports_sent_is_judged_as_what_campaigns_sent(
    laboratory: Path,
    effect_models: dict[str, str],
    laboratory_effects: tuple[duckdb.DuckDBPyConnection, pl.DataFrame],
) -> None:
    as_campaigns, _ = laboratory_effects
    as_exports = effects(laboratory, effect_models, are_exported=True)
    query = (
        "select contact_kind, coalesce(export_name, campaign_id) as name, metric, estimator, "
        "sent_count, holdout_count, lift_mean, lift_lower from marts.mart_export_effect "
        "order by name nulls first, metric, estimator"
    )
    by_campaign, by_export = as_campaigns.execute(query).pl(), as_exports.execute(query).pl()

    assert set(by_campaign["contact_kind"]) == {"all", "campaign"}
    assert set(by_export["contact_kind"]) == {"all", "export"}
    assert_frame_equal(by_campaign.drop("contact_kind"), by_export.drop("contact_kind"))


def test_the_past_makes_the_estimate_surer_and_leaves_it_unbiased(
    laboratory_effects: tuple[duckdb.DuckDBPyConnection, pl.DataFrame],
) -> None:
    connection, _ = laboratory_effects

    plain, error = effect(connection, "orders", "holdout")
    adjusted, adjusted_error = effect(connection, "orders", "adjusted")

    assert adjusted_error < error
    assert abs(adjusted - plain) < SURE * error


def test_lift_and_error_are_those_of_welchs_test_and_of_the_past_subtracted_by_hand(
    laboratory_effects: tuple[duckdb.DuckDBPyConnection, pl.DataFrame],
) -> None:
    connection, followed = laboratory_effects
    largest = followed.group_by("campaign_id").len().sort("len")["campaign_id"][-1]
    mine = followed.filter(pl.col("campaign_id") == largest)

    found = {
        str(name): (lift, lower)
        for name, lift, lower in connection.execute(
            "select estimator, lift_mean, lift_lower from marts.mart_export_effect "
            "where metric = 'orders' and campaign_id = $campaign",
            {"campaign": largest},
        ).fetchall()
    }

    for estimator, outcome in {
        "holdout": pl.col("orders_after"),
        "before_after": pl.col("orders_after") - pl.col("orders_before"),
    }.items():
        sent, held = (
            mine.filter(pl.col("is_holdout") == side).select(outcome).to_series().to_numpy()
            for side in (False, True)
        )
        welch = stats.ttest_ind(sent, held, equal_var=False)
        lift, lower = found[estimator]
        assert lift == pytest.approx(sent.mean() - held.mean(), abs=1e-5)
        assert lift - lower == pytest.approx(1.96 * lift / welch.statistic, rel=1e-3)
