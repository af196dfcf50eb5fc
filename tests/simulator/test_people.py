"""Customers, companies and consents are as in life, and tell nothing that nobody allowed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl
import pytest

from sources.simulator.feeds.accounts import HAS_PARENT
from sources.simulator.world.addresses import SENT_ABROAD, SENT_ELSEWHERE
from sources.simulator.world.countries import COUNTRIES
from sources.simulator.world.people_laws import DEAL_FACTOR, DEAL_SEEKERS
from tests.simulator.simulated_feeds import local_date, rows, truth

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.simulator


def test_birth_dates_and_gender_are_told_only_by_those_who_allowed_it(laboratory: Path) -> None:
    customers = rows(laboratory, "customers")
    told = customers.drop_nulls("birth_date")
    consents = rows(laboratory, "consents").filter(
        pl.col("purpose") == "personalisation", "is_granted"
    )
    contacts = rows(laboratory, "contacts").drop_nulls("birth_date")

    assert 0.05 < told.height / customers.height < 0.3
    assert told.join(consents, on="customer_id", how="anti").height == 0
    assert set(told["customer_type"]) == {"consumer"}
    assert told["gender"].null_count() == 0
    assert customers.filter(pl.col("birth_date").is_null())["gender"].drop_nulls().len() == 0
    same = contacts.join(told.unique("customer_id"), on="customer_id", suffix="_of_customer")
    assert same.height > 100
    assert (same["birth_date"] == same["birth_date_of_customer"]).all()


def test_a_fifth_of_the_companies_belong_to_an_older_one(laboratory: Path) -> None:
    companies = rows(laboratory, "accounts").drop_nulls("payment_terms_days")
    both = companies.join(
        companies, left_on="parent_account_id", right_on="account_id", suffix="_of_parent"
    )

    assert both.height == companies["parent_account_id"].drop_nulls().len()
    assert (both["created_at_of_parent"] < both["created_at"]).all()
    assert both.height / companies.height == pytest.approx(HAS_PARENT, abs=0.03)


def test_people_and_companies_are_of_their_countries(laboratory: Path) -> None:
    customers = rows(laboratory, "customers").unique("customer_id")
    accounts = rows(laboratory, "accounts")
    forms = {
        row["country_code"]: set(row["legal_form"])
        for row in accounts.group_by("country_code").agg("legal_form").iter_rows(named=True)
    }

    for country in COUNTRIES:
        mine = customers.filter(pl.col("country_code") == country.code)
        share = mine.height / customers.height
        assert share == pytest.approx(country.share_of_buyers, abs=0.02), country.code
        assert (mine["language_code"] == country.language).mean() > 0.6, country.code  # type: ignore[operator]
    assert (
        customers.filter(pl.col("country_code") == "PL")["postal_code"]
        .str.contains(r"^\d\d-\d{3}$")
        .all()
    )
    assert forms["PL"].isdisjoint(forms["DE"])
    named = accounts.filter(pl.col("name").str.ends_with(pl.col("legal_form")))
    assert named.height == accounts.height


def test_whoever_shares_data_with_a_vendor_may_take_it_back(laboratory: Path) -> None:
    shared = rows(laboratory, "consents").filter(pl.col("purpose") == "vendor_sharing")
    given, taken = shared.filter("is_granted"), shared.filter(~pl.col("is_granted"))
    keys = ["customer_id", "vendor_id"]

    both = taken.join(given, on=keys, suffix="_given")

    assert shared["vendor_id"].null_count() == 0
    assert 0 < both.height == taken.height < given.height / 5
    assert (both["stated_at"] > both["stated_at_given"]).all()


def test_one_experiment_leaves_people_without_mail(laboratory: Path) -> None:
    plan = rows(laboratory, "experiments")
    silent = plan.filter(pl.col("kind") == "holdout")
    assigned = rows(laboratory, "experiment_assignments").filter(
        pl.col("experiment_id") == silent["experiment_id"][0]
    )
    mailed = rows(laboratory, "messages").filter(pl.col("sent_at") >= silent["started_at"][0])
    mailed = mailed.filter(pl.col("direction") == "outbound")
    share = assigned.group_by("variant").len().with_columns(pl.col("len") / pl.col("len").sum())

    planned = float(silent["planned_share"][0])
    treated = share.filter(pl.col("variant") == "mail")["len"][0]
    assert treated == pytest.approx(planned, abs=0.01)
    held = assigned.filter(pl.col("variant") == silent["control_variant"][0])
    assert mailed.join(held, left_on="customer_id", right_on="unit_id", how="semi").height == 0
    assert mailed.height > 1_000
    assert truth(laboratory, "experiments").height == 2 * plan.height


def test_deal_seekers_buy_mostly_while_something_is_on_sale(laboratory: Path) -> None:
    sales = truth(laboratory, "promotions").select("first_date", "last_date").unique()
    orders = rows(laboratory, "orders").with_columns(local_date("ordered_at").alias("date"))
    people = truth(laboratory, "customers").filter(pl.col("customer_type") == "consumer")
    days = orders.select("date").unique().join(sales, how="cross")
    on_sale = days.filter(pl.col("date").is_between("first_date", "last_date"))["date"].unique()
    share = (
        orders.join(people, on="customer_id")
        .group_by("is_deal_seeker")
        .agg(pl.col("date").is_in(on_sale.implode()).mean().alias("share"))
    )
    odds = {row["is_deal_seeker"]: row["share"] / (1 - row["share"]) for row in share.to_dicts()}

    assert people["is_deal_seeker"].mean() == pytest.approx(DEAL_SEEKERS, abs=0.01)
    assert share.filter("is_deal_seeker")["share"][0] > 0.5
    assert odds[True] / odds[False] == pytest.approx(DEAL_FACTOR, rel=0.15)


def test_most_orders_go_where_the_customer_lives_and_some_to_another_region_or_country(
    laboratory: Path,
) -> None:
    homes = rows(laboratory, "customers").unique("customer_id")
    orders = rows(laboratory, "orders").join(homes, on="customer_id", suffix="_of_customer")
    in_euros = orders.filter(pl.col("country_code").is_in(["DE", "AT"]))
    abroad = pl.col("ship_country_code") != pl.col("country_code")
    moved = pl.col("ship_postal_code") != pl.col("postal_code")

    share = in_euros.select(abroad.mean()).item()
    assert abs(share - SENT_ABROAD) < 3 * (SENT_ABROAD * (1 - SENT_ABROAD) / in_euros.height) ** 0.5
    # An eighth of the others is sent to other people, a few of whom live in the same street.
    own = orders.filter(~abroad)
    assert own.select(moved.mean()).item() == pytest.approx(1 / SENT_ELSEWHERE, abs=0.006)
    regions = own.select((pl.col("ship_region") != pl.col("region")).mean()).item()
    assert 0.08 < regions < 1 / SENT_ELSEWHERE
    gone = orders.filter(abroad)
    assert set(gone["ship_country_code"]) == {"DE", "AT"}
    assert set(gone["currency_code"]) == {"EUR"}
