"""What people call tables and columns whose names alone are published."""

# What is a metric is called as the registry of metrics calls it; a test compares the two.
_KNOWN = {
    "gmv": "Sales",
    "gmv_net": "Net sales",
    "original_gmv": "Sales in the order's own currency",
    "gmv_rank": "Rank by sales",
    "gmv_share": "Share of sales",
    "commission_amount": "Commission",
    "order_count": "Orders",
    "unit_count": "Units",
    "active_vendors": "Selling vendors",
    "active_customers": "Buying customers",
    "paid_amount": "Paid",
    "refunded_amount": "Paid back",
    "late_delivery_rate": "Late deliveries",
    "cancelled_order_count": "Cancelled orders",
    "lost_order_count": "Lost orders",
    "unattributed_lost_order_count": "Lost orders without a vendor",
    "session_count": "Sessions",
    "conversion_rate": "Conversion",
    "bounce_rate": "Bounces",
    "cart_abandonment_rate": "Abandoned carts",
    "checkout_abandonment_rate": "Abandoned checkouts",
    "visitor_conversion_rate": "Visitors who order within seven days",
    "as_of_date": "Data to",
    "p_alive": "Probability of being active",
    "expected_orders_3m": "Expected orders, 3 months",
    "expected_orders_6m": "Expected orders, 6 months",
    "expected_orders_12m": "Expected orders, 12 months",
    "expected_orders_12m_lower": "Expected orders, lower end",
    "expected_orders_12m_upper": "Expected orders, upper end",
    "clv_12m": "Lifetime value, 12 months",
    "clv_12m_lower": "Lifetime value, lower end",
    "clv_12m_upper": "Lifetime value, upper end",
    "historic_value": "Net sales to date",
    "mart_clv_calibration": "Calibration of lifetime value",
    "predicted_per_actual": "Predicted per actual order",
    "order_count_90d": "Orders, 90 days",
    "gmv_90d": "Sales, 90 days",
    "gmv_net_90d": "Net sales, 90 days",
    "gmv_before_90d": "Sales, the 90 days before",
    "gmv_change_90d": "Change of sales, 90 days",
    "review_score_90d": "Ratings, 90 days",
    "act_metric_count": "Metrics beyond their limit",
    "watch_metric_count": "Metrics near their limit",
}
_SPELT = {"id": "ID", "gtin": "GTIN", "abc": "ABC", "xyz": "XYZ", "rfm": "RFM", "clv": "CLV"}
_TABLE_KINDS = ("mart_", "fct_", "dim_")
_QUESTION = "is_"
_BEFORE = "previous_"


def title_of(name: str) -> str:
    """Return a title made from a column's or a table's name: "order_id" is "Order ID"."""
    if name in _KNOWN:
        return _KNOWN[name]
    if name.startswith(_BEFORE):
        return f"{title_of(name.removeprefix(_BEFORE))}, period before"
    for kind in (*_TABLE_KINDS, _QUESTION):
        name = name.removeprefix(kind)
    words = [_SPELT.get(word, word) for word in name.split("_") if word]
    title = " ".join(words)
    return title[:1].upper() + title[1:]
