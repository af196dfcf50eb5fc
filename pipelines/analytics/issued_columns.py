"""The columns of the steps that forecast sales and measure events."""

from collections.abc import Mapping
from typing import Final

SALES_FORECASTS: Final[Mapping[str, tuple[str, str]]] = {
    "is_issued": ("boolean", "Whether it was said of the future; else of the past, to measure."),
    "series_kind": ("string", "marketplace, category, vendor or vendor_category."),
    "series_id": ("string", "The category, the vendor, both with a slash between, or all."),
    "vendor_id": ("string", "The vendor; NULL where the series has none."),
    "category_id": ("string", "The category; NULL where the series has none."),
    "frequency": ("string", "day, week or month."),
    "issued_on": ("date", "The last day that was known."),
    "forecast_date": ("date", "The first day of the period."),
    "horizon": ("bigint", "Periods after the last whole one; 1 is the next, or the one begun."),
    "interval_level": ("bigint", "Percent that the interval is to hold."),
    "y": ("double", "Sales of the period; NULL where they were not known when it was made."),
    "y_mean": ("double", "Sales that are expected."),
    "y_naive": ("double", "What the seasonal naive forecast said; NULL of the future."),
    "y_lower": ("double", "Lower end of the interval; NULL where none is published."),
    "y_upper": ("double", "Upper end of the interval; NULL where none is published."),
    "model": ("string", "The model of its class that was best in the past; Summed of its days."),
    "size_band": ("string", "The third of its kind that the series is in: large, medium, small."),
    "status": ("string", "ok, or what keeps a model from the series; NULL of the past."),
    "interval_status": ("string", "published, or why there is no interval."),
    "seasonal_mae": ("double", "Mean error of the seasonal naive forecast in sample; of the past."),
}

EVENT_EFFECTS: Final[Mapping[str, tuple[str, str]]] = {
    "kind": ("string", "sale, holiday or peak."),
    "event_name": ("string", "What the sources or the library of holidays call it."),
    "first_date": ("date", "Its first day."),
    "last_date": ("date", "Its last day."),
    "status": ("string", "measured, to_come, within_another or too_few_lines."),
    "event_days": ("bigint", "Its days times categories that were compared."),
    "compared_days": ("bigint", "Days times categories that they were compared with."),
    "line_count": ("bigint", "Order lines on its days."),
    "expected_line_count": ("double", "Order lines that comparable days let expect."),
    "effect": ("double", "Lines by those that were expected, less 1."),
    "effect_lower": ("double", "Lower end of the 80 % interval."),
    "effect_upper": ("double", "Upper end of the 80 % interval."),
}
