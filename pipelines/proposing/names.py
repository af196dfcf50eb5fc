"""By which names columns go in the exports of shops and ERPs."""

import re
from collections.abc import Iterable

# In small letters with single spaces; the first that a file has is proposed.
NAMES: dict[str, tuple[str, ...]] = {
    "order_id": (
        *("order number", "order id", "orderid", "order no", "order", "amazon order id", "name"),
        *(
            "bestellnummer",
            "bestell nr",
            "auftragsnummer",
            "auftrags nr",
            "auftrag",
            "invoice no",
            "invoiceno",
        ),
        *("invoice number", "invoice", "po number", "po no", "purchase order", "entity id"),
        *("increment id", "number", "nummer", "commande", "belegnummer", "beleg nr"),
    ),
    "ordered_at": (
        *("created at", "order date", "orderdate", "purchase date", "sale date", "verkauft am"),
        *("bestelldatum", "created time", "invoice date", "invoicedate", "ordered at", "placed"),
        *("placed at", "created on", "order purchase timestamp", "auftragsdatum", "belegdatum"),
        *("angelegt am", "erstellt am", "date", "datum", "buchungsdatum"),
    ),
    "customer_id": (
        *("customer id", "customerid", "customer no", "customer number", "buyer username"),
        *("nutzername des käufers", "kundennummer", "kunde", "user id", "customer", "buyer"),
        *("email", "customer email", "buyer email", "e mail", "requested by", "kostenstelle"),
        *("cost center", "cost centre", "kunden nr", "debitor", "debitorennummer", "debitor nr"),
    ),
    "status": (
        *("order status", "status", "state", "fulfillment status", "bestellstatus"),
        "auftragsstatus",
    ),
    "currency_code": (
        *("currency", "currency code", "order currency", "order currency code", "currencycode"),
        *("währung", "devise"),
    ),
    "order_line_id": (
        *(
            "order line id",
            "order item id",
            "transaction id",
            "line id",
            "line no",
            "position",
            "pos",
            "sku id",
        ),
        *("item id", "pos nr", "positionsnummer"),
    ),
    "vendor_id": (
        *("vendor", "vendor id", "vendor no", "vendor name", "seller", "seller id", "supplier"),
        *("supplier id", "supplierid", "merchant", "lieferant", "lieferantennummer", "verkäufer"),
        *("supplier no", "supplier number", "kreditor", "kreditor nr", "kreditorennummer"),
        *("lieferanten nr", "händler", "händlernummer"),
    ),
    "product_id": (
        *("lineitem sku", "item sku", "seller sku", "sku", "stock code", "stockcode"),
        *(
            "product id",
            "productid",
            "artikelnummer",
            "artikel nr",
            "bestandseinheit",
            "article",
            "item number",
        ),
        *("item no", "asin", "listing id", "product", "material", "materialnummer", "part no"),
    ),
    "quantity": (
        *("lineitem quantity", "quantity", "qty", "qty ordered", "quantity purchased", "pieces"),
        *("anzahl", "menge", "stückzahl", "stück", "quantité"),
    ),
    "unit_price": (
        *("lineitem price", "unit price", "unitprice", "sku unit original price", "price"),
        *("einzelpreis", "stückpreis", "verkauft für", "preis", "prix", "nettopreis", "net price"),
    ),
    "line_amount": (
        *("row total", "line total", "line amount", "item total", "item price", "subtotal"),
        *("nettowert", "net value", "total", "amount", "betrag", "gesamtpreis", "summe"),
        *("positionswert", "zeilenbetrag", "nettobetrag"),
    ),
    # In so many pieces at once the price is stated.
    "price_unit": ("price unit", "pe", "preiseinheit", "per"),
    "cancelled_at": (
        *("cancelled at", "canceled at", "cancelled time", "canceled time", "cancellation date"),
        *("storniert am", "stornodatum"),
    ),
    # Of the line; what is only called a discount may be the order's.
    "discount_amount": (
        *("lineitem discount", "line discount", "item discount"),
        *("positionsrabatt", "rabattbetrag"),
    ),
    "discount_rate": ("discount", "discount rate", "rabatt"),
    "product_name": ("product name", "productname", "name", "title", "kurztext", "description"),
    "vendor_name": (
        *("company name", "vendor name", "supplier name", "name", "seller name"),
        *("name des lieferanten", "firma", "firma 1", "name 1", "title"),
    ),
}


def plain(name: str) -> str:
    """A column's name in small letters, its words set apart by single spaces."""
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name)
    return " ".join(re.findall(r"[^\W_]+", spaced.lower()))


def named_like(column: str, found: Iterable[str]) -> str | None:
    """The one of a file's columns that goes by a name of ours, if there is one."""
    names = {plain(name).replace(" ", ""): name for name in reversed(list(found))}
    wanted = (name.replace(" ", "") for name in NAMES[column])
    return next((names[name] for name in wanted if name in names), None)
