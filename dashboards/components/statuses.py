"""What orders and their lines are said to be, in words."""

from dashboards.words.messages import message
from dashboards.words.words import NOTHING, Words

OF_ORDERS = {
    "created": message("Created"),
    "approved": message("Approved"),
    "processing": message("Processing"),
    "invoiced": message("Invoiced"),
    "shipped": message("Shipped"),
    "delivered": message("Delivered"),
    "cancelled": message("Cancelled"),
    "unavailable": message("Unavailable"),
}
CHANNELS = {
    "web": message("Web shop"),
    "phone": message("Phone"),
    "edi": message("EDI"),
    "fax": message("Fax"),
    "in_person": message("In person"),
    "api": message("API"),
    "import": message("Import"),
}


def of_order(words: Words, status: str | None) -> str:
    """Return the status of an order, of a vendor's part of one, or of a line."""
    return words.code(OF_ORDERS, status) if status else NOTHING


def channel(words: Words, code: str | None) -> str:
    """Return how an order came in."""
    return words.code(CHANNELS, code) if code else NOTHING
