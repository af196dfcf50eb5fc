"""The columns of the step that judges vendors' metrics, and of the one that says how it errs."""

from collections.abc import Mapping
from typing import Final

VENDOR_POSTERIORS: Final[Mapping[str, tuple[str, str]]] = {
    "vendor_id": ("string", "The vendor."),
    "metric_id": ("string", "The metric."),
    "window_kind": ("string", "The length of the window, or the year to date."),
    "window_end": ("date", "The day after the window's last."),
    "numerator": ("double", "Units that met the metric."),
    "denominator": ("double", "Units that were looked at."),
    "prior_mean": ("double", "The rate of a vendor of its kind of which nothing is known yet."),
    "prior_weight": ("double", "How many units that is worth, as the vendors differ."),
    "prior_fit": ("string", "fitted, no_overdispersion, too_few_vendors or poor_fit."),
    "prior_group": ("string", "Whose mean it has: category, marketplace; or fixed."),
    "prior_vendors": ("bigint", "How many vendors with data it was read from."),
    "rate_estimate": ("double", "The middle of what the true rate may be."),
    "rate_lower": ("double", "Lower end of the 80 % interval."),
    "rate_upper": ("double", "Upper end of the 80 % interval."),
    "probability_over_threshold": ("double", "That the true rate is on the wrong side."),
    "state": ("string", "ok, watch, act or no_data."),
    "probability_by_fixed_prior": ("double", "The same under a prior worth 50 units."),
    "state_by_fixed_prior": ("string", "What the rule with priors of 50 and 200 units says."),
    "score_numerator": ("bigint", "Of the vendor score: weights by points, rounded."),
    "score_denominator": ("bigint", "Of the vendor score: weights of metrics with data."),
    "score_weight_share": ("double", "These weights by those of all metrics."),
    "worst_metric_id": ("string", "Of the score: the metric that stands worst."),
}
VENDOR_RULE_ERRORS: Final[Mapping[str, tuple[str, str]]] = {
    "vendor_id": ("string", "The vendor."),
    "metric_id": ("string", "The metric."),
    "level": ("string", "What the vendor is accused of: watch or act."),
    "window_end": ("date", "The day after the window's last."),
    "unit_count": ("double", "The vendor's units, by which it is judged; NULL of a score."),
    "innocent_rate": ("double", "A true rate that should be left alone: half of the limit's."),
    "guilty_rate": ("double", "A true rate that should be found: three times the limit's."),
    "innocent_rating": ("double", "Of ratings, whose way from the best is what fails."),
    "guilty_rating": ("double", "Of ratings, a true mean that should be found."),
    "from_count": ("bigint", "From how many failing units on; NULL where no count would do."),
    "from_rating": ("double", "Of ratings: from which mean down; NULL where none would do."),
    "accused_share": ("double", "Of innocent vendors of this size, how many are accused."),
    "caught_share": ("double", "Of guilty vendors of this size, how many are found."),
    "from_count_by_fixed_prior": ("bigint", "The same by the rule with the fixed prior."),
    "from_rating_by_fixed_prior": ("double", "The same by the rule with the fixed prior."),
    "accused_share_by_fixed_prior": ("double", "The same by the rule with the fixed prior."),
    "caught_share_by_fixed_prior": ("double", "The same by the rule with the fixed prior."),
    "turning_limit": ("double", "The limit at which the vendor as it stands comes to the level."),
}
