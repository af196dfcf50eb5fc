"""How vendors differ, against a second maximisation, and a simulated truth."""

import numpy as np
import pytest
from scipy import optimize, stats

from pipelines.analytics.empirical_bayes import Numbers, fitted_prior, in_the_light_of

SIZES = ((1, 5), (5, 20), (20, 100), (100, 10_000))


def a_marketplace(mean: float, weight: float, vendors: int, seed: int) -> tuple[Numbers, ...]:
    """True rates, successes and units of vendors of all sizes."""
    random = np.random.default_rng(seed)
    units = np.floor(np.exp(random.normal(2.5, 1.6, vendors))).clip(1, 5_000)
    rates = random.beta(weight * mean, weight * (1 - mean), vendors)
    return rates, random.binomial(units.astype(int), rates).astype(float), units


@pytest.mark.parametrize(
    ("mean", "weight"), [(0.08, 9.6), (0.94, 46.6), (0.01, 2.2)], ids=["late", "on time", "lost"]
)
def test_eighty_per_cent_cover_eighty_of_a_simulated_truth_in_every_size(
    mean: float, weight: float
) -> None:
    covered: dict[tuple[int, int], list[bool]] = {size: [] for size in SIZES}
    for seed in range(12):
        rates, successes, units = a_marketplace(mean, weight, 2_000, seed)
        lower, _, upper = in_the_light_of(fitted_prior(successes, units), successes, units)
        inside = (lower <= rates) & (rates <= upper)
        for smallest, next_one in SIZES:
            covered[smallest, next_one] += inside[(units >= smallest) & (units < next_one)].tolist()

    shares = {size: np.mean(each) for size, each in covered.items()}

    assert shares == {size: pytest.approx(0.80, abs=0.03) for size in SIZES}


def test_few_vendors_are_covered_at_least_as_often_as_promised() -> None:
    inside = []
    for seed in range(60):
        rates, successes, units = a_marketplace(0.08, 9.6, 30, seed)
        lower, _, upper = in_the_light_of(fitted_prior(successes, units), successes, units)
        inside += ((lower <= rates) & (rates <= upper)).tolist()

    assert 0.77 <= np.mean(inside) <= 0.88


def test_mean_and_weight_are_the_likeliest_by_another_likelihood_and_another_search() -> None:
    _, successes, units = a_marketplace(0.1, 8, 300, seed=5)

    def against(theta: Numbers) -> float:
        a, b = np.exp(theta)
        return -float(stats.betabinom.logpmf(successes, units.astype(int), a, b).sum())

    searched = optimize.minimize(against, [0.0, 2.0], method="Nelder-Mead", options={"xatol": 1e-6})
    a, b = np.exp(searched.x)
    prior = fitted_prior(successes, units)

    assert prior.fit == "fitted"
    assert prior.mean == pytest.approx(a / (a + b), rel=1e-3)
    assert prior.weight == pytest.approx(a + b, rel=1e-3)


def test_equal_vendors_are_said_to_be_equal() -> None:
    random = np.random.default_rng(3)
    units = random.integers(5, 200, 400).astype(float)
    successes = random.binomial(units.astype(int), 0.05).astype(float)

    prior = fitted_prior(successes, units)
    lower, middle, upper = in_the_light_of(prior, successes, units)

    assert prior.fit == "no_overdispersion"
    assert prior.weight > 500
    # all that is seen is chance, so all are estimated near the common rate
    assert middle == pytest.approx(0.05, abs=0.02)
    assert (upper - lower)[successes > 0].max() < 0.03


def test_nothing_is_read_from_a_handful_of_neighbours() -> None:
    prior = fitted_prior(np.array([1.0, 50.0]), np.array([100.0, 100.0]))
    lower, middle, upper = in_the_light_of(prior, np.array([1.0]), np.array([100.0]))

    # Jeffreys' prior, a half and a half, and one success of 100
    assert (prior.fit, prior.mean, prior.weight) == ("too_few_vendors", 0.5, 1.0)
    assert [lower[0], middle[0], upper[0]] == pytest.approx(
        stats.beta(1.5, 99.5).ppf([0.1, 0.5, 0.9])
    )


def test_two_kinds_of_vendors_are_no_beta() -> None:
    units = np.full(200, 100.0)
    random = np.random.default_rng(8)
    successes = random.binomial(100, np.repeat([0.3, 0.7], 100)).astype(float)

    assert fitted_prior(successes, units).fit == "poor_fit"


def test_the_same_counts_give_the_same_bytes_in_any_order() -> None:
    _, successes, units = a_marketplace(0.08, 9.6, 200, seed=1)
    order = np.random.default_rng(0).permutation(200)

    here = in_the_light_of(fitted_prior(successes, units), successes, units)
    there = in_the_light_of(
        fitted_prior(successes[order], units[order]), successes[order], units[order]
    )

    for one, other in zip(here, there, strict=True):
        assert one[order].tobytes() == other.tobytes()


def test_what_was_counted_may_be_true_where_it_is_nothing_or_everything() -> None:
    _, successes, units = a_marketplace(0.08, 9.6, 200, seed=1)
    successes[0], successes[1] = 0, units[1]

    lower, middle, upper = in_the_light_of(fitted_prior(successes, units), successes, units)

    assert (lower[0], upper[1]) == (0, 1)
    assert ((lower <= middle) & (middle <= upper)).all()


def test_vendors_of_an_order_or_two_are_covered_and_have_no_point_for_an_interval() -> None:
    inside, upper_ends = [], []
    for seed in range(40):
        random = np.random.default_rng(seed)
        units = random.choice([1.0, 2.0], 60)
        rates = random.beta(0.5, 49.5, 60)
        successes = random.binomial(units.astype(int), rates).astype(float)
        lower, _, upper = in_the_light_of(fitted_prior(successes, units), successes, units)
        inside += ((lower <= rates) & (rates <= upper)).tolist()
        upper_ends.append(np.median(upper[successes == 0]))

    # four in five rates of the prior itself are below 1.65 %
    assert stats.beta.ppf(0.8, 0.5, 49.5) == pytest.approx(0.0165, abs=1e-4)
    assert 0.77 <= np.mean(inside) <= 0.95
    assert min(upper_ends) > 0.0165 / 2
