"""Customer lifetime value: who is still a customer, how often they will order, what that is worth.

`fit` and `predict` take any frame of purchase histories and know nothing of the warehouse.
"""

from pipelines.analytics.lifetime_value.fitting import CannotFitError, Fit, fit
from pipelines.analytics.lifetime_value.histories import InvalidHistoriesError
from pipelines.analytics.lifetime_value.prediction import predict

__all__ = ["CannotFitError", "Fit", "InvalidHistoriesError", "fit", "predict"]
