"""Why a publication was refused: what differs from the contracts, or got lost on the way."""

from typing import Final

from output.messages import counted, message

PUBLICATION: Final = {
    # Of a contract. A `column` is written with its table before it: fct_orders.gmv.
    "type_unknown": message("{column} promises the unknown type {type}"),
    "table_unreadable": message("{table} does not exist or cannot be read"),
    "table_without_contract": message("{table} has no contract"),
    "column_lacking": message("{table} lacks the column {column}"),
    "column_without_contract": message("{table} has the column {column} without a contract"),
    "type_differs": message("{column} is {actual}, its contract says {promised}"),
    # Of what vendors may have.
    "personal_for_vendors": message("{column} is personal data and must not reach vendors"),
    "vendor_id_lacking": message("{table} has no vendor_id and is not marked as shared"),
    "shared_with_vendor_id": message("{table} is marked as shared and has a vendor_id"),
    "vendors_lacking": message("{table}, which says for whom to publish, is not among the models"),
    "vendors_without_id": counted(
        "{table} has {n} row without a vendor_id", "{table} has {n} rows without a vendor_id"
    ),
    "vendor_repeated": message("{table} has several rows of one vendor"),
    "rows_of_no_vendor": counted(
        "{table} has {n} row whose vendor is not in dim_vendors",
        "{table} has {n} rows whose vendor is not in dim_vendors",
    ),
    # Of the files that were written. Amounts are texts: a cent too few must show.
    "in_operator_file": message("operator's file: {finding}"),
    "in_vendor_files": message("vendors' files: {finding}"),
    "in_file_of_vendor": message("file of {vendor}: {finding}"),
    "rows_differ": counted(
        "{table} has {n} row, expected {expected}", "{table} has {n} rows, expected {expected}"
    ),
    "rows_of_others": counted(
        "{table} holds {n} row of another vendor", "{table} holds {n} rows of other vendors"
    ),
    "gmv_differs": message("the gmv of {table} adds up to {found}, that of {other} to {expected}"),
    "file_count_differs": message("files written: {found}, vendors: {expected}"),
    "vendor_files_ended": message("the process that writes vendors' files {ending}"),
    "files_are_no_databases": counted("{n} file is not a database", "{n} files are not databases"),
}
