"""Why an export waits for somebody's approval, or cannot be sent."""

from typing import Final

from output.messages import counted, message

EXPORTS: Final = {
    "export_always_approved": message("this export is approved each time before it is sent"),
    "export_delivers_less": message("rows that the destination took: {found} %, usually {usual} %"),
    "export_failed": message("the last attempt failed; `kontor export NAME` says why"),
    "export_rows_wait": counted(
        "rows have been waiting for {n} hour", "rows have been waiting for {n} hours"
    ),
    "export_silent": counted(
        "it was to run {n} hour ago and did not", "it was to run {n} hours ago and did not"
    ),
    "export_empty": message(
        "nobody is left to be sent; look at the segment and at the consents before you approve"
    ),
    "export_changes_much": message(
        "{before} were sent before and {after} would be now, a change of more than {most} %"
    ),
    "export_removes_much": counted(
        "{n} of {before} would be removed, more than {most} %",
        "{n} of {before} would be removed, more than {most} %",
    ),
    "export_hashed_already": counted(
        "{n} value is hashed already and would match nobody; map the plain value instead",
        "{n} values are hashed already and would match nobody; map the plain values instead",
    ),
    "export_key_not_unique": counted(
        "{n} key stands more than once in the segment; nothing is sent until it is unique",
        "{n} keys stand more than once in the segment; nothing is sent until they are unique",
    ),
}
