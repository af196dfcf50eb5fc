"""Whether what an export offers will be there: nobody is offered what is about to run out."""

import duckdb

from pipelines.exporting.definitions import Offer
from pipelines.exporting.subjects import PUBLISHED


def is_short(connection: duckdb.DuckDBPyConnection, offer: Offer | None) -> bool:
    """Whether the stock of an offer lasts fewer days than it has to, or is not known.

    Stock without demand lasts; what is not on sale is not offered.
    """
    if offer is None:
        return False
    row = connection.execute(
        f"""
        select
            offer_state in ('offered', 'partly_out_of_stock')
            and quantity_on_hand > 0
            and coalesce(days_of_cover >= $days, true)
        from {PUBLISHED}.marts.mart_vendor_assortment
        where vendor_id = $vendor and product_id = $product
        """,
        {
            "days": offer.least_days_of_cover,
            "vendor": offer.vendor_id,
            "product": offer.product_id,
        },
    ).fetchone()
    return not (row and row[0])
