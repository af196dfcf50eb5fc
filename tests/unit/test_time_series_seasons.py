"""What series have in common: their season, and what events bring."""

from datetime import date

import numpy as np
import pytest
from numpy.testing import assert_allclose

from pipelines.analytics.special_days import peaks, special_days
from pipelines.analytics.time_series.lifts import lifted
from pipelines.analytics.time_series.pooled_season import pooled_season


def test_series_too_noisy_for_a_season_of_their_own_have_that_of_their_sum() -> None:
    # forty series that sell once in four days, of a pool whose Saturday is twice a usual day
    random = np.random.default_rng(3)
    week = np.array([1, 1, 1, 1, 1, 2, 0.5])
    expected = week / week.mean()
    filled = random.poisson(0.25 * np.tile(expected, 60), (40, 420)).astype(float)

    found = pooled_season(filled, np.array(["one"] * 40), 7, 7)

    assert found.shape == (40, 427)
    assert_allclose(found[7, 420:], expected, atol=0.15)


def test_a_pool_without_two_seasons_has_none() -> None:
    found = pooled_season(np.ones((2, 13)), np.array(["a", "a"]), 7, 3)

    assert_allclose(found, np.ones((2, 16)))


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
