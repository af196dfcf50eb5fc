"""The products that a customer registered as in use, with age and warranty."""

from dashboards.components import customers
from dashboards.listings import columns
from dashboards.listings.filters import Id
from dashboards.listings.listing import Empty, Listing
from dashboards.queries.paging import Order
from dashboards.words.messages import counted, message

PRODUCTS = Listing(
    name="customer-products",
    caption=message("Products in use"),
    query="customer_products",
    key=("registration_id",),
    default_order=(Order("registered_date", is_descending=True),),
    columns=(
        columns.said(
            "product_name",
            message("Product"),
            lambda _context, row: str(row["product_name"] or row["product_id"]),
            kind="strong",
        ),
        columns.day("registered_date", message("Registered on")),
        columns.day("purchased_date", message("Bought on")),
        columns.said("age_band", message("Age"), customers.age),
        columns.said("warranty_state", message("Warranty"), customers.warranty),
        columns.day("warranty_end_date", message("Warranty until")),
        columns.plain("successor_product_id", message("Successor"), is_shown=False),
    ),
    filters=(Id("customer", "customer_id"),),
    count=counted("{first} to {last} of {n} product", "{first} to {last} of {n} products"),
    empty=Empty(
        message("No products registered"),
        message("The customer registered no product, or the shop delivers no registrations."),
    ),
    phone=("product_name", "age_band", "warranty_state", "warranty_end_date"),
)
