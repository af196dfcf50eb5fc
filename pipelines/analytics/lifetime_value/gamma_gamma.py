"""Gamma-Gamma: how much is spent per order, by people who differ in what they usually spend.

Fader and Hardie, "The Gamma-Gamma Model of Monetary Value", 2013. m is the mean value of a
customer's x repeat orders; whoever has none says nothing about spending.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
import polars as pl
from scipy import special

from pipelines.analytics.lifetime_value.histories import Numbers, Places, distinct_values

NAMES: Final = ("p", "q", "gamma")


@dataclass(frozen=True, slots=True)
class Spending:
    """Mean values of repeat orders; `orders` are distinct, `order_place` says which is whose."""

    mean: Numbers
    frequency: Numbers
    log_mean: Numbers
    orders: Numbers
    order_place: Places

    @property
    def size(self) -> int:
        """How many customers there are."""
        return self.mean.size

    @property
    def customer_count(self) -> float:
        """As many: each has a mean of their own."""
        return float(self.mean.size)

    def at(self, places: Places | slice) -> "Spending":
        """Some of the customers."""
        return Spending(
            self.mean[places],
            self.frequency[places],
            self.log_mean[places],
            self.orders,
            self.order_place[places],
        )

    def sample(self, customers: int) -> "Spending":
        """So many of the customers, who stand evenly among all."""
        return self.at(np.arange(customers) * self.size // customers)


def spending_of(frame: pl.DataFrame) -> Spending:
    """The customers with repeat orders of a positive mean value."""
    money = frame.select("frequency", "monetary")
    repeats = money.filter((pl.col("frequency") > 0) & (pl.col("monetary") > 0))
    mean, frequency = repeats["monetary"].to_numpy(), repeats["frequency"].to_numpy()
    orders, place = distinct_values(frequency)
    return Spending(mean, frequency, np.log(mean), orders, place)


def start(spending: Spending) -> Numbers:
    """Parameters to begin a search with: the data's mean at moderate spread."""
    return np.array([4.0, 4.0, 0.75 * float(spending.mean.mean())])


def likelihood(parameters: Numbers, spending: Spending) -> tuple[float, Numbers]:
    """Log-likelihood (equation 1a, summed over customers) and its gradient by p, q, gamma."""
    p, q, gamma = parameters
    x, frequency = spending.orders, spending.frequency
    customers = np.bincount(spending.order_place, minlength=x.size)
    shape = p * x
    all_spent = gamma + spending.mean * frequency
    log_spent, inverse = np.log(all_spent), 1 / all_spent
    # times the number of orders and summed
    log_share, share = frequency @ (spending.log_mean - log_spent), frequency @ inverse
    all_log_spent, all_inverse = log_spent.sum(), inverse.sum()
    joint, own = special.digamma(shape + q), special.digamma(shape)
    gammas = special.gammaln(shape + q) - special.gammaln(shape) - special.gammaln(q)
    value = (
        customers @ (gammas + q * np.log(gamma) + shape * np.log(x))
        + p * log_share
        - spending.log_mean.sum()
        - q * all_log_spent
    )
    slope = np.array(
        [
            customers @ (x * (joint - own + np.log(x))) + log_share,
            customers @ (joint - special.digamma(q) + np.log(gamma)) - all_log_spent,
            spending.size * q / gamma - p * share - q * all_inverse,
        ]
    )
    return float(value), slope


def expected_value(parameters: Numbers, orders: Numbers, mean: Numbers) -> Numbers:
    """E[M | m, x]: what a customer is expected to spend per order (equation 5).

    Without a repeat order it is the mean over all customers. NaN where there is no mean: a tail as
    heavy as that of q <= 1 has none until a customer's own orders tell one.
    """
    p, q, gamma = parameters
    spent = np.where(orders > 0, mean * orders, 0)
    weight = p * orders + q - 1
    return np.where(weight > 0, p * (gamma + spent) / np.where(weight > 0, weight, 1), np.nan)
