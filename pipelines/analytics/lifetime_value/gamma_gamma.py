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

    def by_order(self, per_customer: Numbers | None = None) -> Numbers:
        """Sums over the customers of each distinct number of orders, or how many they are."""
        sums: Numbers = np.bincount(self.order_place, per_customer, self.orders.size).astype(float)
        return sums


def spending_of(frame: pl.DataFrame) -> Spending:
    """The customers with repeat orders of a positive mean value."""
    repeats = frame.filter((pl.col("frequency") > 0) & (pl.col("monetary") > 0))
    mean, frequency = repeats["monetary"].to_numpy(), repeats["frequency"].to_numpy()
    orders, place = distinct_values(frequency)
    return Spending(mean, frequency, np.log(mean), orders, place)


def start(spending: Spending) -> Numbers:
    """Parameters to begin a search with: the data's mean at moderate spread."""
    return np.array([4.0, 4.0, 0.75 * float(spending.mean.mean())])


def likelihood(parameters: Numbers, spending: Spending) -> tuple[float, Numbers]:
    """Log-likelihood (equation 1a, summed over customers) and its gradient by p, q, gamma."""
    p, q, gamma = parameters
    x, customers = spending.orders, spending.by_order()
    shape = p * x
    all_spent = gamma + spending.mean * spending.frequency
    log_spent = spending.by_order(np.log(all_spent))
    log_mean = spending.by_order(spending.log_mean)
    inverse = spending.by_order(1 / all_spent)
    gammas = special.gammaln(shape + q) - special.gammaln(shape) - special.gammaln(q)
    value = np.sum(
        customers * (gammas + q * np.log(gamma) + shape * np.log(x))
        + (shape - 1) * log_mean
        - (shape + q) * log_spent
    )
    joint = special.digamma(shape + q)
    by_p = customers * (joint - special.digamma(shape) + np.log(x)) + log_mean - log_spent
    slope = np.array(
        [
            x @ by_p,
            np.sum(customers * (joint - special.digamma(q) + np.log(gamma)) - log_spent),
            np.sum(customers * q / gamma - (shape + q) * inverse),
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
