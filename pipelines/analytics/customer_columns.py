"""The columns of the steps that say what customers are worth and why they leave."""

from collections.abc import Mapping
from typing import Final

CUSTOMER_VALUES: Final[Mapping[str, tuple[str, str]]] = {
    "customer_id": ("string", "The customer."),
    "segment": ("string", "The kind of customer that was fitted together."),
    "status": ("string", "Whether orders and their value are predicted, or why not."),
    "model": (
        "string",
        "bg_nbd or pareto_nbd; _by_channel with a fit for each.",
    ),
    "value_base": ("string", "What values are in: margin or net_sales."),
    "spend_correlation": ("double", "Of repeat orders and their value, in the segment."),
    "p_alive": ("double", "That the customer has not left for good."),
    "expected_orders_3m": ("double", "Orders expected within three months."),
    "expected_orders_6m": ("double", "Orders expected within six months."),
    "expected_orders_12m": ("double", "Orders expected within twelve months."),
    "expected_orders_12m_lower": ("double", "Lower end of the 80 % interval."),
    "expected_orders_12m_upper": ("double", "Upper end of the 80 % interval."),
    "expected_value": ("double", "What an order of the customer is expected to be worth."),
    "clv_12m": ("double", "Value expected within twelve months, discounted."),
    "clv_12m_lower": ("double", "Lower end of the 80 % interval."),
    "clv_12m_upper": ("double", "Upper end of the 80 % interval."),
}

CUSTOMER_VALUE_HOLDOUTS: Final[Mapping[str, tuple[str, str]]] = {
    "segment": ("string", "The kind of customer that was fitted together."),
    "model": (
        "string",
        "bg_nbd or pareto_nbd; _by_channel with a fit for each.",
    ),
    "holdout_begins": ("date", "The first day that the model did not know."),
    "decile": ("bigint", "Tenth of the customers by prediction; 10 is the highest."),
    "customers": ("bigint", "Customers in it."),
    "predicted_orders": ("double", "Orders that were foretold of them."),
    "actual_orders": ("double", "Orders that came."),
    "covered_share": ("double", "How many of them the 80 % interval held."),
    "holdout_covered_share": ("double", "How many of all customers it held."),
    "predicted_per_actual": ("double", "Orders foretold per order that came, of all."),
    "gini": ("double", "How well the ranking held: 0 by chance, 1 perfectly."),
    "top_decile_lift": ("double", "Orders of the highest tenth per average customer's."),
    "log_score": ("double", "Mean logarithm of the probability of what came."),
    "is_passed": ("boolean", "Whether the holdout was foretold well enough to predict."),
    "is_chosen": ("boolean", "Whether this model foretold the segment's holdouts best."),
}

CHURN_DRIVERS: Final[Mapping[str, tuple[str, str]]] = {
    "segment": ("string", "The kind of customer, or all."),
    "driver": ("string", "What an order met with."),
    "status": (
        "string",
        "By whether the interval holds zero, or why nobody can say.",
    ),
    "exposed_orders": ("bigint", "Orders that met with it."),
    "unexposed_orders": ("bigint", "Orders that could have and did not."),
    "matched_orders": ("bigint", "Exposed orders that found others like them."),
    "control_orders": ("bigint", "The different orders these were matched with."),
    "imbalance_before": ("double", "Largest standardised difference before matching."),
    "imbalance_after": ("double", "The same after matching."),
    "again_share_exposed": ("double", "Share of the exposed that ordered again."),
    "again_share_controls": ("double", "Share of those matched that ordered again."),
    "effect": ("double", "1 less the ratio of the two shares."),
    "effect_lower": ("double", "Lower end of its interval; all of a kind hold with 95 %."),
    "effect_upper": ("double", "Upper end of it."),
}
