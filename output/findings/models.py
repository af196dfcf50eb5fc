"""What the tests of the models found that warn and do not stop the build."""

from typing import Final

from output.messages import counted, message

MODELS: Final = {
    "test_passed": message("None found."),
    "rows_found": counted("{test}: {n} row found.", "{test}: {n} rows found."),
    "rows_found_such_as": counted(
        "{test}: {n} row found: {examples}", "{test}: {n} rows found: {examples}"
    ),
    "and_others": message("{examples} and others"),
    "orders_without_exchange_rate": counted(
        "{n} order is in a currency without an exchange rate of its day and is in no sum:"
        " {examples}",
        "{n} orders are in a currency without an exchange rate of their day and are in no sum:"
        " {examples}",
    ),
    "payments_without_exchange_rate": counted(
        "{n} order was paid in a currency without an exchange rate of its day; what was paid is"
        " in no sum: {examples}",
        "{n} orders were paid in a currency without an exchange rate of their day; what was paid"
        " is in no sum: {examples}",
    ),
    "orders_with_total_and_no_lines": counted(
        "{n} order states a total and has no lines; its sales are unknown and in no sum:"
        " {examples}",
        "{n} orders state a total and have no lines; their sales are unknown and in no sum:"
        " {examples}",
    ),
    "orders_with_total_unlike_their_lines": counted(
        "The total of {n} order is not what its lines, shipping, discount and tax make: {examples}",
        "The totals of {n} orders are not what their lines, shipping, discounts and taxes make:"
        " {examples}",
    ),
    "order_lines_with_amount_unlike_their_price": counted(
        "The amount of {n} order line is not its quantity times its unit price; the amount"
        " counts: {examples}",
        "The amounts of {n} order lines are not their quantity times their unit price; the"
        " amounts count: {examples}",
    ),
    "order_lines_with_parts_of_a_piece": counted(
        "{n} order line counts a part of a piece; its thousands separator may have been read as a"
        " decimal point, or its unit is missing: {examples}",
        "{n} order lines count parts of a piece; their thousands separator may have been read as a"
        " decimal point, or their units are missing: {examples}",
    ),
    "order_lines_without_vendor": counted(
        "{n} order line names no vendor, nor do its order and its product; it is in no sum:"
        " {examples}",
        "{n} order lines name no vendor, nor do their orders and their products; they are in no"
        " sum: {examples}",
    ),
    "order_lines_with_vendor_unlike_their_order": counted(
        "{n} order line names another vendor than its order; the line counts: {examples}",
        "{n} order lines name other vendors than their orders; the lines count: {examples}",
    ),
    "sales_outside_their_interval": counted(
        "{n} series sold outside the interval that was forecast for the last week: {examples}",
        "{n} series sold outside the intervals that were forecast for the last week: {examples}",
    ),
    "returns_without_known_line": counted(
        "{n} return names no line, and its customer had bought no such product; it lowers no"
        " sales: {examples}",
        "{n} returns name no line, and their customers had bought no such products; they lower no"
        " sales: {examples}",
    ),
    "returns_beyond_ordered_quantity": counted(
        "Of {n} order line more units came back than were ordered; it counts as returned whole:"
        " {examples}",
        "Of {n} order lines more units came back than were ordered; they count as returned whole:"
        " {examples}",
    ),
}
