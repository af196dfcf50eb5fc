"""What is planted in visits is found again by whoever makes sessions of the demo's events."""

from __future__ import annotations

import json
from functools import cache
from math import log, sqrt
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest

from tests.simulator.simulated_feeds import local_date
from tests.simulator.simulated_feeds import truth as table

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.simulator

Demo = tuple["Path", float]
OF_COMPANIES = ("approval_requested", "approval_granted", "quote_requested")
COLUMNS = (
    "event_id", "event_type", "visitor_id", "session_id", "customer_id", "vendor_id", "product_id",
    "category_id", "cart_id", "source", "medium", "device", "search_term", "result_count",
    "checkout_step", "occurred_at",
)  # fmt: skip
ONE_OF_EACH = {
    "buys": ("order_completed",),
    "adds": ("product_added",),
    "pays": ("checkout_started",),
    "asks": OF_COMPANIES,
    "sees": ("product_viewed",),
}


def truth(demo: Demo, name: str) -> pl.DataFrame:
    return table(demo[0], name)


@cache
def law(demo: Demo, name: str) -> Any:
    manifest = json.loads((demo[0] / "truth" / "manifest.json").read_text("utf-8"))
    return manifest["parameters"]["visits"][name]


@cache
def clicks(demo: Demo) -> pl.DataFrame:
    """People's events in sessions of our own: thirty minutes without one end a session."""
    events = (
        pl.scan_parquet(demo[0] / "feeds" / "events" / "*.parquet")
        .filter(pl.col("item_number") == 0, ~pl.col("is_bot"))
        .select(COLUMNS)
        .with_columns(pl.col("visitor_id", "event_type").cast(pl.Categorical))
        .sort(pl.col("visitor_id").to_physical(), "occurred_at", maintain_order=True)
        .with_columns(
            (
                (pl.col("visitor_id") != pl.col("visitor_id").shift())
                | (pl.col("occurred_at").diff() > pl.duration(minutes=30))
            )
            .fill_null(value=True)
            .cum_sum()
            .alias("session")
        )
        .collect()
    )
    # Who looks at so many products and fills no cart is no person, whatever it says.
    does = {name: pl.col("event_type").is_in(words) for name, words in ONE_OF_EACH.items()}
    events = events.with_columns(
        pl.col("visitor_id", "event_type").cast(pl.String), **does
    ).set_sorted("session")
    many = events.group_by("session").agg(pl.col("sees").sum(), pl.col("adds").any())
    robots = many.filter((pl.col("sees") >= 15) & ~pl.col("adds"))
    return events.join(robots, on="session", how="anti", maintain_order="left")


@cache
def sessions(demo: Demo) -> pl.DataFrame:
    return (
        clicks(demo)
        .group_by("session", maintain_order=True)
        .agg(
            pl.col("visitor_id", "source", "medium", "device", "occurred_at", "cart_id").first(),
            pl.col("customer_id").drop_nulls().first(),
            pl.len().alias("events"),
            pl.col("session_id").n_unique().alias("visits"),
            pl.col(*ONE_OF_EACH).any(),
        )
        .with_columns((~pl.col("buys") & ~pl.col("asks")).alias("leads_nowhere"))
    )


def z_of(hits: float, trials: float, share: float) -> float:
    """How many standard deviations a count lies from what a share of the trials lets expect."""
    return (hits - trials * share) / sqrt(trials * share * (1 - share))


def test_one_visit_in_twenty_buys_and_half_of_them_see_one_page(demo: Demo) -> None:
    visits, counted = sessions(demo), truth(demo, "visits")

    assert visits.height == pytest.approx(counted["visits"].sum(), rel=0.005)
    # Who orders twice within half an hour has made one session of ours.
    assert visits["buys"].sum() == pytest.approx(counted["orders"].sum(), rel=0.005)
    assert 0.04 < visits["buys"].mean() < 0.06  # type: ignore[operator]
    # Skewed: half of them are over after two events, one in a hundred goes on for a dozen.
    assert visits["events"].median() <= 2
    assert visits["events"].quantile(0.99) > 10  # type: ignore[operator]


def test_origins_differ_by_how_often_visits_end_at_once(demo: Demo) -> None:
    # Two visits within half an hour make one session of ours, which cannot end at once.
    visits = sessions(demo).filter("leads_nowhere", pl.col("visits") == 1)
    found = visits.group_by("source", "medium").agg(
        (pl.col("events") == 1).sum().alias("left"), pl.len()
    )

    both = found.join(pl.DataFrame(law(demo, "origins")), on=["source", "medium"])

    assert both.height == len(law(demo, "origins"))
    for row in both.iter_rows(named=True):
        assert abs(z_of(row["left"], row["len"], row["bounces"])) < 3.5, row  # of eight, 0.4 %


def test_origins_differ_by_the_odds_that_a_visit_buys(demo: Demo) -> None:
    """Of the visits that no campaign caused; how many of each origin one did, the truth counts."""
    causes = truth(demo, "attribution_paths").filter("is_cause")
    visits = sessions(demo).filter(pl.col("buys") | pl.col("leads_nowhere"))
    found = visits.group_by("source", "medium").agg(
        pl.col("buys").sum(), (~pl.col("buys")).sum().alias("leaves")
    )
    at_once = causes.filter("is_order").group_by("source", "medium").len("caused_orders")
    counted = truth(demo, "visits").group_by("source", "medium").agg(pl.col("caused_visits").sum())
    both = found.join(pl.DataFrame(law(demo, "origins")), on=["source", "medium"])
    both = both.join(counted, on=["source", "medium"])
    both = both.join(at_once, on=["source", "medium"], how="left").with_columns(
        pl.col("caused_orders").fill_null(0)
    )
    both = both.with_columns(
        pl.col("buys") - pl.col("caused_orders"),
        pl.col("leaves") - (pl.col("caused_visits") - pl.col("caused_orders")),
    )
    direct = both.row(by_predicate=pl.col("source") == "direct", named=True)

    for row in both.filter(pl.col("source") != "direct").iter_rows(named=True):
        counts = (row["buys"], row["leaves"], direct["buys"], direct["leaves"])
        ratio = log(counts[0] / counts[1]) - log(counts[2] / counts[3])
        spread = sqrt(sum(1 / count for count in counts))
        # Of two visits within half an hour our session keeps the first one's origin.
        assert abs(ratio - log(row["buying_odds"])) < 3 * spread + 0.02, row
    paid = both.filter(pl.col("channel").is_in(["paid_search", "affiliate"]))
    assert (paid["caused_visits"] > paid["leaves"]).all()


def test_devices_differ_by_the_odds_that_a_visit_buys(demo: Demo) -> None:
    found = sessions(demo).group_by("device").agg(pl.col("buys").mean())
    laws = {device["name"]: device for device in law(demo, "devices")}
    odds = {device: share / (1 - share) for device, share in found.iter_rows()}

    assert set(odds) == set(laws)
    for device in ("mobile", "app", "tablet"):
        # The same person orders again and again on the same device: it scatters more than orders.
        assert odds[device] / odds["desktop"] == pytest.approx(
            laws[device]["buying_odds"], rel=0.15 if device == "mobile" else 0.3
        )


def test_three_carts_of_four_are_left(demo: Demo) -> None:
    events = clicks(demo).drop_nulls("cart_id")
    carts = events.group_by("cart_id").agg(
        (pl.col("event_type") == "order_completed").any().alias("bought"),
        (pl.col("event_type") == "product_added").any().alias("filled"),
        (pl.col("event_type") == "product_added").sum().alias("lines"),
        # An approval that is pending, or was given, is no cart that was left.
        pl.col("event_type").is_in(OF_COMPANIES).any().alias("asks"),
        pl.col("session").n_unique().alias("sessions"),
    )
    left = carts.filter("filled", ~pl.col("bought"), ~pl.col("asks"))
    bought = carts.filter("bought")

    assert left.height / (left.height + bought.height) == pytest.approx(0.75, abs=0.03)
    again = left.filter(pl.col("sessions") > 1).height
    assert again / left.height == pytest.approx(law(demo, "abandoned_cart_revisited"), abs=0.04)
    for lines, share in enumerate(law(demo, "lines_of_a_cart_left"), start=1):
        assert (left["lines"] == lines).mean() == pytest.approx(share, abs=0.01)


def test_the_truth_says_of_every_cart_whose_it_is_and_what_became_of_it(demo: Demo) -> None:
    carts = truth(demo, "carts")
    events = clicks(demo).drop_nulls("cart_id")
    ordered = events.filter(pl.col("event_type") == "order_completed")
    orders = pl.read_csv(demo[0] / "feeds" / "orders" / "*.csv", infer_schema=False)

    told = carts.join(events.select("cart_id").unique(), on="cart_id", how="semi")
    bought = carts.filter(pl.col("outcome") == "bought")
    paid = bought.join(orders, on=["cart_id", "order_id"])

    assert carts["cart_id"].is_unique().all()
    assert told.height == events["cart_id"].n_unique()
    assert set(carts["outcome"]) == {"bought", "abandoned", "open"}
    assert paid.height == bought.height
    assert (paid["customer_id"] == paid["customer_id_right"]).all()
    left = carts.filter(pl.col("outcome") == "abandoned")
    assert left.join(ordered, on="cart_id", how="semi").height == 0
    assert 0.3 < left["customer_id"].null_count() / left.height < 0.8
    assert left.height > 10_000


def test_a_cart_of_the_phone_is_bought_days_later_at_the_desk(demo: Demo) -> None:
    events = clicks(demo).drop_nulls("cart_id")
    done = events.filter(pl.col("event_type") == "order_completed").select(
        "cart_id", "session", "device", pl.col("occurred_at").alias("ordered_at")
    )
    begun = (
        events.filter(pl.col("event_type") == "product_added")
        .group_by("cart_id", maintain_order=True)
        .agg(pl.col("session", "device", "occurred_at").sort_by("occurred_at").first())
    )
    both = done.join(begun, on="cart_id", suffix="_begun")
    earlier = both.filter(pl.col("session") != pl.col("session_begun"))
    # Each visit before an order fills a cart as often as any other without order.
    shares = law(demo, "visits_before_an_order")
    expected = 1 - sum(share * 0.85**count for count, share in enumerate(shares))

    assert both.height == done.height
    assert earlier.height / both.height == pytest.approx(expected, abs=0.03)
    away = earlier.filter(pl.col("device") == "desktop", pl.col("device_begun") == "mobile")
    assert away.height > 100
    waited = (earlier["ordered_at"] - earlier["occurred_at"]).dt.total_hours()
    assert waited.median() > 48  # type: ignore[operator]


def test_each_device_has_its_share_of_checkouts_given_up(demo: Demo) -> None:
    paying = sessions(demo).filter("pays", ~pl.col("asks"))
    found = paying.group_by("device").agg((~pl.col("buys")).sum().alias("left"), pl.len())
    both = found.join(pl.DataFrame(law(demo, "devices")), left_on="device", right_on="name")

    assert both.height == len(law(demo, "devices"))
    for row in both.iter_rows(named=True):
        assert abs(z_of(row["left"], row["len"], row["checkout_abandonment"])) < 4, row
    steps = clicks(demo).drop_nulls("checkout_step")
    assert set(steps["checkout_step"].unique()) == {1, 2, 3}


def test_searches_find_nothing_as_often_as_is_true_and_only_for_what_nobody_sells(
    demo: Demo,
) -> None:
    searches = clicks(demo).filter(pl.col("event_type") == "products_searched")
    empty = searches.filter(pl.col("result_count") == 0)
    terms = truth(demo, "search_terms")
    asked = empty.join(terms.unique("search_term"), on="search_term", how="left")

    assert abs(z_of(empty.height, searches.height, law(demo, "zero_results"))) < 4
    assert set(asked["kind"]) == {"unserved", "misspelt"}
    unserved = asked.filter(pl.col("kind") == "unserved")
    assert abs(z_of(unserved.height, empty.height, law(demo, "unserved_of_zero_results"))) < 4
    found = searches.filter(pl.col("result_count") > 0)["search_term"].unique()
    gaps = terms.filter(pl.col("kind") == "unserved")["search_term"]
    assert set(found).isdisjoint(gaps)
    german = unserved.filter(pl.col("language") == "de")
    for term, share in (
        terms.filter(pl.col("kind") == "unserved", pl.col("language") == "de")
        .select("search_term", "share_of_unserved")
        .iter_rows()
    ):
        hits = german.filter(pl.col("search_term") == term).height
        assert abs(z_of(hits, german.height, share)) < 4, term


def test_a_search_leads_to_products_of_its_category(demo: Demo) -> None:
    same = pl.col("session").shift(-1) == pl.col("session")
    events = clicks(demo).with_columns(
        pl.when(same).then(pl.col(name).shift(-1)).alias(f"{name}_next")
        for name in ("event_type", "category_id")
    )
    terms = truth(demo, "search_terms").unique(["search_term", "category_id"])
    searches = events.filter(pl.col("event_type") == "products_searched")
    followed = searches.filter(pl.col("event_type_next") == "product_viewed")
    meant = followed.join(
        terms,
        left_on=["search_term", "category_id_next"],
        right_on=["search_term", "category_id"],
        how="semi",
    )
    finds = pl.col("result_count") > 0

    assert meant.filter(finds).height > 0.97 * followed.filter(finds).height
    leads = (pl.col("event_type_next") == "product_viewed").fill_null(value=False)
    lucky, unlucky = (searches.filter(sees).select(leads.mean()).item() for sees in (finds, ~finds))
    assert lucky > unlucky + 0.2


def test_visitors_are_known_from_their_first_order_on_and_are_one_person_mostly(
    demo: Demo,
) -> None:
    identities = truth(demo, "identities")
    visits = sessions(demo)
    owners = visits.drop_nulls("customer_id").select("visitor_id", "customer_id").unique()
    mine = visits.drop("customer_id").join(owners, on="visitor_id")
    firsts = visits.filter("buys").group_by("customer_id").agg(pl.col("occurred_at").min())
    known = truth(demo, "customers").filter(pl.col("customer_type") != "test")
    # First orders by phone come before any visit that orders.
    fresh = firsts.join(known, on="customer_id").filter(
        (pl.col("first_order_at") - pl.col("occurred_at")).is_between(
            pl.duration(), pl.duration(hours=2)
        )
    )
    earlier = mine.join(
        fresh.select("customer_id", pl.col("occurred_at").alias("known_at")), on="customer_id"
    ).filter(pl.col("occurred_at") < pl.col("known_at") - pl.duration(hours=2))
    told = visits.drop_nulls("customer_id").join(
        fresh.select("customer_id", pl.col("occurred_at").alias("known_at")), on="customer_id"
    )

    assert owners.join(identities, on=["visitor_id", "customer_id"], how="anti").height == 0
    assert told.filter(pl.col("occurred_at") < pl.col("known_at")).height == 0
    # Whoever buys for the first time has mostly looked around before, on the same browser or not.
    assert earlier["customer_id"].n_unique() / fresh.height > 0.3
    people = identities.group_by("visitor_id").len()
    shared = people.filter(pl.col("len") > 1).height / people.height
    assert 0 < shared < law(demo, "shared_browsers")
    assert owners.group_by("visitor_id").len().filter(pl.col("len") > 1).height > 0


def test_what_is_bought_was_looked_at_before(demo: Demo) -> None:
    paths = truth(demo, "attribution_paths").filter(~pl.col("is_order"))
    fills = (pl.col("event_type") == "product_added").any().over("session_id")
    seen = clicks(demo).filter(~fills, pl.col("event_type") == "product_viewed")
    lines = pl.read_csv(demo[0] / "feeds" / "order_lines" / "*.csv", infer_schema=False)
    before = seen.select("session_id", "product_id").join(
        paths.select("session_id", pl.col("order_id").alias("leads_to")), on="session_id"
    )
    bought = before.join(
        lines.select(pl.col("order_id").alias("leads_to"), "product_id").unique(),
        on=["leads_to", "product_id"],
        how="semi",
    )

    assert bought.height / before.height == pytest.approx(
        law(demo, "looks_at_what_it_buys"), abs=0.04
    )


def test_nothing_out_of_stock_is_put_into_a_cart_that_is_left(demo: Demo) -> None:
    added = clicks(demo).filter(pl.col("event_type") == "product_added")
    left = added.join(
        clicks(demo).filter(pl.col("event_type") == "order_completed"), on="cart_id", how="anti"
    ).select("vendor_id", "product_id", local_date("occurred_at").alias("date"))
    gone = left.join(
        truth(demo, "stock_outs").unique(["vendor_id", "product_id", "first_date"]),
        on=["vendor_id", "product_id"],
    ).filter(pl.col("date").is_between("first_date", "last_date"))

    assert left.height > 10_000
    assert gone.height == 0


def test_a_campaign_that_caused_an_order_is_touched_before_it(demo: Demo) -> None:
    caused = truth(demo, "order_causes").select("order_id", "campaign_id")
    touches = truth(demo, "attribution_paths").filter("is_cause")

    assert touches.join(caused, on=["order_id", "campaign_id"], how="anti").height == 0
    assert touches["order_id"].n_unique() == touches.height > 500


def test_the_shop_credits_the_last_link_on_the_browser_and_mostly_errs(demo: Demo) -> None:
    orders = pl.read_csv(demo[0] / "feeds" / "orders" / "*.csv", infer_schema=False)
    orders = orders.select("order_id", "channel", credited="campaign_id")
    paths = truth(demo, "attribution_paths")
    browsers = paths.filter("is_order").select("order_id", "visitor_id")
    links = paths.join(browsers, on=["order_id", "visitor_id"]).drop_nulls("campaign_id")
    last = links.sort("touch_number").group_by("order_id").agg(pl.col("campaign_id").last())
    causes = truth(demo, "order_causes").select("order_id", cause="campaign_id")

    both = orders.join(last, on="order_id", how="left").join(causes, on="order_id", how="left")
    given, caused = both.drop_nulls("credited"), both.drop_nulls("cause")
    right = given.filter(pl.col("credited") == pl.col("cause")).height

    assert both.select(pl.col("credited").eq_missing(pl.col("campaign_id")).all()).item()
    assert both.filter(pl.col("channel") != "web")["credited"].is_null().all()
    # Most of those who follow a link would have come anyway, and mail is read by people who then
    # come by another way, or telephone.
    assert 0.15 < right / given.height < 0.35
    assert 0.5 < right / caused.height < 0.8


def test_mail_brings_as_many_further_visits_as_its_campaigns_cause(demo: Demo) -> None:
    visits = sessions(demo).filter("leads_nowhere")
    counts = dict(visits.group_by("medium").len().iter_rows())
    laws = {origin["medium"]: origin["share"] for origin in law(demo, "origins")}
    usual = counts["organic"] * laws["email"] / laws["organic"]
    by_mail = truth(demo, "visits").filter(pl.col("medium") == "email")
    spread = sqrt(counts["email"] + usual**2 / counts["organic"])

    further = counts["email"] - usual

    assert abs(further - by_mail["caused_visits"].sum()) < 4 * spread
    assert further > 3 * spread
