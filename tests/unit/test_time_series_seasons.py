"""What series have in common: their season, what events bring, and that they add up."""

from datetime import date

import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy.sparse import csr_array

from pipelines.analytics.special_days import peaks, special_days
from pipelines.analytics.time_series.adding_up import better, errors_of, ways
from pipelines.analytics.time_series.lifts import lifted
from pipelines.analytics.time_series.pooled_season import pooled_season
from pipelines.analytics.time_series.reconciliation import Sums, reconciler


def test_series_too_noisy_for_a_season_of_their_own_have_that_of_their_sum() -> None:
    # forty series that sell once in four days, of a pool whose Saturday is twice a usual day
    random = np.random.default_rng(3)
    week = np.array([1, 1, 1, 1, 1, 2, 0.5])
    expected = week / week.mean()
    filled = random.poisson(0.25 * np.tile(expected, 60), (40, 420)).astype(float)

    found = pooled_season(filled, np.array(["one"] * 40), 7, 7)

    assert found.shape == (40, 427)
    assert_allclose(found[7, 420:], expected, atol=0.15)


def test_a_season_that_was_seen_once_is_believed_to_seven_tenths() -> None:
    # sales double from season to season; of the second one half was seen
    season = np.array([0.5, 1.5, 1.0, 0.75, 1.25, 0.6, 1.4, 0.8, 1.2, 1.0])
    filled = (season[np.arange(15) % 10] * 2 ** (np.arange(15) / 10))[None, :]

    found = pooled_season(filled, np.array(["a"]), 10, 5)

    assert_allclose(found[0], (1 + 0.7 * (season - 1))[np.arange(20) % 10], rtol=1e-9)


def test_a_pool_of_little_more_than_a_season_has_none() -> None:
    filled = np.arange(1.0, 13.0)[None, :]

    found = pooled_season(filled, np.array(["a"]), 10, 3)

    assert_allclose(found, np.ones((1, 15)))


@pytest.mark.parametrize("share", [1.0, 0.25])
def test_what_an_event_brings_is_learnt_of_all_series_together(share: float) -> None:
    # an event of full weight adds 80 %, one of a quarter a fifth; another one adds nothing
    random = np.random.default_rng(5)
    drivers = np.zeros((30, 314, 2))
    drivers[:, random.choice(314, 25, replace=False), 0] = share
    drivers[:, random.choice(314, 25, replace=False), 1] = 1.0
    lifts = 1 + 0.8 * drivers[:, :, 0]
    filled = random.poisson(10 * lifts[:, :300]).astype(float)

    found = lifted(filled, drivers, np.array(["shops"] * 30), 7)

    # 25 days x 30 series x 10 sales: the standard error of 0.8 is 0.02 / share
    assert_allclose(found, lifts, atol=0.09)


def test_the_wholes_own_forecast_stands_or_gives_way() -> None:
    # 20 above parts of 60 and 40, all as doubtful: a third each, or the parts take half each
    parts = csr_array([[1.0, 1.0]])  # type: ignore[no-untyped-call]
    sums = Sums(np.array([0]), np.array([1, 2]), parts)
    mean = np.array([[120.0], [60.0], [40.0]])
    is_closed, stands = np.zeros((3, 1), dtype=bool), np.array([True, False, False])

    standing, giving = ways(reconciler(sums), mean, np.ones(3), is_closed, stands)

    assert_allclose(standing.ravel(), [120, 70, 50], rtol=1e-6)
    assert_allclose(giving.ravel(), [340 / 3, 200 / 3, 140 / 3], rtol=1e-6)


def test_of_two_ways_to_add_up_that_is_taken_which_was_better_in_what_came_true() -> None:
    came = np.array([[10.0, 10.0], [np.nan, 4.0]])
    first, second, naive = (np.full((2, 2), value) for value in (9.0, 10.0, 8.0))
    groups = np.array(["whole", "part"])

    errors = errors_of([first, second, naive], came, groups)

    # parts: 5 and 6 by 4; whole: 2 and 0 by 4, of its first step 1 and 0 by 2
    assert errors.sum(axis=2).tolist() == [[5.0, 2.0], [6.0, 0.0], [4.0, 4.0]]
    assert better(100, [(90, errors)]) == 1
    # the first step alone had come true
    assert better(91, [(90, errors[:, :, ::-1])]) == 1
    assert better(90, [(90, errors)]) == 0


def test_black_friday_follows_the_fourth_thursday() -> None:
    # Thanksgiving was the 28th in 2024 and the 23rd in 2023
    assert peaks(2024)[0] == (date(2024, 11, 29), "Black Friday")
    assert peaks(2023) == (
        (date(2023, 11, 24), "Black Friday"),
        (date(2023, 11, 27), "Cyber Monday"),
    )


def test_holidays_are_those_of_the_countries_that_are_known() -> None:
    found = special_days(["PL", "XX"], date(2026, 5, 1), date(2026, 5, 4))

    # Poland's Labour Day and Constitution Day
    days = found.select("kind", "country_code", "order_date").rows()
    assert days == [
        ("holiday", "PL", date(2026, 5, 1)),
        ("holiday", "PL", date(2026, 5, 3)),
    ]
