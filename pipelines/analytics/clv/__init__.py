"""Customer lifetime value: who is still a customer, how often they will order, what that is worth.

`fit` and `predict` take any frame of purchase histories and know nothing of the warehouse.
"""

from pipelines.analytics.clv.fitting import CannotFitError, Fit, fit
from pipelines.analytics.clv.histories import InvalidHistoriesError
from pipelines.analytics.clv.prediction import predict

__all__ = ["CannotFitError", "Fit", "InvalidHistoriesError", "fit", "predict"]
