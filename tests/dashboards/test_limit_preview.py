"""Whom a new limit would change, worked by hand, and who keeps a limit of its own."""

from datetime import UTC, date, datetime
from typing import Any

import duckdb
import pytest

from dashboards.limit_setting import Standing, Wish, keeps_its_own
from dashboards.queries.questions import question

WINDOW_END, TOMORROW = date(2025, 7, 1), date(2025, 7, 2)

# vendor, category, state now, and the limits at which watch and act begin; none does of v-4
LATE = [
    ("v-1", "shoes", "ok", 0.039, 0.030),
    ("v-2", "shoes", "watch", 0.060, 0.035),
    ("v-3", "books", "act", 0.120, 0.090),
    ("v-4", "books", "ok", None, None),
]
STARS = [("v-1", "shoes", "ok", 4.2, 4.5), ("v-2", "shoes", "act", 3.4, 3.9)]


def changed(
    vendors: list[tuple[Any, ...]], unit: str, now: float, then: float, category: str | None = None
) -> dict[str, str]:
    """The new states of the vendors whose state another limit changes."""
    with duckdb.connect() as connection:
        connection.execute("create schema marts")
        connection.execute(
            "create table marts.mart_vendor_scorecard (vendor_id text, metric_id text, unit text,"
            " window_end date, is_judged boolean, is_higher_better boolean, numerator double,"
            " denominator double, rate double, rate_estimate double, threshold double, state text)"
        )
        connection.execute(
            "create table marts.dim_vendors (vendor_id text, vendor_name text, country_code text,"
            " category_id text)"
        )
        connection.execute(
            "create table marts.mart_vendor_rule_errors (vendor_id text, metric_id text,"
            " window_end date, level text, turning_limit double)"
        )
        for vendor_id, category_id, state, watch, act in vendors:
            scored = [vendor_id, "m", unit, WINDOW_END, True, unit == "score"]
            scored += [1, 2, 0.5, 0.5, now, state]
            marks = ", ".join("?" * len(scored))
            connection.execute(f"insert into marts.mart_vendor_scorecard values ({marks})", scored)
            connection.execute(
                "insert into marts.dim_vendors values (?, ?, 'DE', ?)",
                [vendor_id, vendor_id, category_id],
            )
            connection.execute(
                "insert into marts.mart_vendor_rule_errors values (?, 'm', ?, 'watch', ?),"
                " (?, 'm', ?, 'act', ?)",
                [vendor_id, WINDOW_END, watch, vendor_id, WINDOW_END, act],
            )
        asked = {"metric_id": "m", "window_end": WINDOW_END, "threshold": then}
        asked |= {"country_code": None, "category_id": category}
        found = connection.execute(question("limit_effect").sql, asked).pl()
    return dict(found.select("vendor_id", "state_then").iter_rows())


@pytest.mark.parametrize(
    ("limit", "states"),
    [
        (0.05, {}),  # the present one
        (0.038, {"v-1": "watch"}),
        (0.032, {"v-1": "watch", "v-2": "act"}),
        (0.029, {"v-1": "act", "v-2": "act"}),
        (0.07, {"v-2": "ok"}),
        (0.1, {"v-2": "ok", "v-3": "watch"}),
        (0.2, {"v-2": "ok", "v-3": "ok"}),
    ],
)
def test_a_limit_on_what_fails_changes_who_has_passed_where_a_state_begins(
    limit: float, states: dict[str, str]
) -> None:
    assert changed(LATE, "rate", 0.05, limit) == states


@pytest.mark.parametrize(
    ("limit", "states"),
    [
        (4.0, {}),
        (4.3, {"v-1": "watch"}),
        (4.6, {"v-1": "act"}),
        (3.8, {"v-2": "watch"}),
        (3.0, {"v-2": "ok"}),
    ],
)
def test_a_limit_on_stars_is_the_stricter_the_higher_it_is(
    limit: float, states: dict[str, str]
) -> None:
    assert changed(STARS, "score", 4.0, limit) == states


def test_a_limit_of_a_category_changes_nobody_elses_state() -> None:
    assert changed(LATE, "rate", 0.05, 0.2, category="shoes") == {"v-2": "ok"}


def a_limit(
    country: str | None, category: str | None, threshold: float | None, since: date = TOMORROW
) -> Standing:
    decided_at = datetime(2025, 7, 1, tzinfo=UTC)
    return Standing("m", country, category, threshold, since, "olga", decided_at, "because")


@pytest.mark.parametrize(
    ("country", "category", "limits", "is_kept"),
    [
        (None, None, [], False),
        (None, None, [a_limit("DE", None, 0.1)], True),
        (None, None, [a_limit("FR", None, 0.1)], False),
        ("DE", None, [a_limit("DE", None, 0.1)], False),  # what the wish replaces
        ("DE", None, [a_limit(None, "shoes", 0.1)], False),  # a country goes before a category
        (None, "shoes", [a_limit("DE", None, 0.1)], True),
        ("DE", None, [a_limit("DE", "shoes", 0.1)], True),
        ("DE", None, [a_limit("DE", "books", 0.1)], False),
        # one that was ended, and one that is yet to begin
        (None, None, [a_limit("DE", None, 0.1, WINDOW_END), a_limit("DE", None, None)], False),
        (None, None, [a_limit("DE", None, 0.1, date(2025, 8, 1))], False),
    ],
)
def test_a_vendor_keeps_the_limit_of_a_narrower_scope(
    country: str | None, category: str | None, limits: list[Standing], *, is_kept: bool
) -> None:
    wish = Wish("m", "rate", country, category, 0.07, TOMORROW)

    assert keeps_its_own(wish, limits, "DE", "shoes") is is_kept
