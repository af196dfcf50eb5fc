"""Who sells: a column of the lines, of the orders or of the products, or one vendor for all."""

from pipelines.proposing.entry import Entry, found, values_of, written_as
from pipelines.proposing.samples import Sample
from pipelines.proposing.values import filled


def name_seller(
    feeds: dict[str, Entry], lines: Sample, orders: Sample, others: list[Sample]
) -> set[str]:
    """Completes what is proposed with vendors; returns which of the other files are read for it."""
    entry = feeds["order_lines"]
    source, column = lines, found(lines, "vendor_id")
    products = _of_products(others) if "product_id" in entry.columns else None
    if column is not None:
        entry.columns["vendor_id"] = column
    elif (column := found(orders, "vendor_id")) is not None:
        source = orders
        feeds["orders"].columns["vendor_id"] = column
    elif products is not None:
        source, column = products, found(products, "vendor_id")
        feeds["products"] = _products(products, str(column))
    else:
        entry.columns["vendor_id"] = {"constant": "shop"}
        entry.questions["vendor_id"] = "No column names who sells, so one vendor sells all. Right?"
        feeds["vendors"] = Entry(_same_rows(entry), {"vendor_id": {"constant": "shop"}})
        feeds["vendors"].columns["name"] = {"constant": "Own shop"}
        return set()
    register = next((other for other in others if _is_register(other)), None)
    if register is not None:
        source, column = register, found(register, "vendor_id")
    settings = _same_rows(entry) if source is lines else written_as(source)
    named = found(source, "vendor_name") if register is not None or source is orders else None
    feeds["vendors"] = Entry(settings, {"vendor_id": column, "name": named or column})
    return {source.name}


def _same_rows(entry: Entry) -> dict[str, object]:
    return {name: value for name, value in entry.settings.items() if name != "repeat"}


def _of_products(others: list[Sample]) -> Sample | None:
    """The file that tells the vendor of each product."""
    fitting = (
        other for other in others if found(other, "product_id") and found(other, "vendor_id")
    )
    return next(fitting, None)


def _products(sample: Sample, vendor: str) -> Entry:
    entry = Entry(written_as(sample), {"product_id": found(sample, "product_id")})
    entry.columns["vendor_id"] = vendor
    if name := found(sample, "product_name"):
        entry.columns["name"] = name
    return entry


def _is_register(sample: Sample) -> bool:
    """Whether each row of the file is another vendor, with a name."""
    column = found(sample, "vendor_id")
    if column is None or found(sample, "vendor_name") is None:
        return False
    values = filled(values_of(sample, column))
    return len(values) == len(set(values)) and found(sample, "product_id") is None
