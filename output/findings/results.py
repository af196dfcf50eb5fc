"""What the checks of feeds, exports and daily figures found."""

from typing import Final

from output.messages import counted, message

RESULTS: Final = {
    # Of a rule.
    "rule_holds": message("Passed: {rule}."),
    "rule_fails": message("Failed: {rule}."),
    "rule_fails_with": message("Failed: {rule} (found: {found})."),
    "rule_fails_with_share": message("Failed: {rule} (found: {found}%)."),
    "rows_fail": counted(
        "{n} of {checked} rows fails: {rule}.", "{n} of {checked} rows fail: {rule}."
    ),
    "few_rows_fail": counted(
        "Passed: {rule}; {n} of {checked} rows fails, which is within the limit.",
        "Passed: {rule}; {n} of {checked} rows fail, which is within the limit.",
    ),
    "rule_unchecked": message("Could not be checked ({fault}): {rule}."),
    "suite_unchecked": message(
        "The rules could not be checked: {why}. The next run checks them again."
    ),
    "checker_too_slow": message("it took longer than {seconds} seconds"),
    "checker_ended": message("the checker {ending}"),
    "checker_failed": message("the checker raised {error}"),
    # Of a day's figures.
    "history_too_short": message("{measure}: the history is too short to say what is usual."),
    "day_is_usual": message("{measure}: as usual for the weekday."),
    "day_is_unusual": message(
        "{measure} on {day}: {value}, where about {expected} is usual for the weekday"
        " ({deviations} deviations)."
    ),
    "day_blocks": message(
        "{measure} on {day}: {value}, where about {expected} is usual for the weekday"
        " ({deviations} deviations). Check the deliveries of that day. If the figure is right,"
        " publish with --as-of {before_day}, or wait: from the next day on this is only a warning."
    ),
    "measure_row_count": message("Rows"),
    "measure_vendor_count": message("Vendors"),
    "measure_empty": message("Share of rows without {column}"),
    "measure_gmv": message("Sales"),
    "measure_order_count": message("Orders"),
    "measure_average_order_value": message("Average order value"),
    # Of what was loaded.
    "columns_filled": message("The newest delivery fills the columns that its rows had before."),
    "columns_emptied": message(
        "The newest delivery empties {columns} in rows that had a value before. If the source"
        " renamed a column, map its new name."
    ),
    "no_stray_days": message("No isolated rows are dated more than a year before the rest."),
    "stray_days": counted(
        "{n} row is dated more than a year before the rest ({first_day} to {last_day}) and"
        " counts on that day. Check {column} in the source.",
        "{n} rows are dated more than a year before the rest ({first_day} to {last_day}) and"
        " count on those days. Check {column} in the source.",
    ),
    "values_fit": message("Every value fits its column."),
    "values_emptied": message("{found}."),
    "value_emptied": counted(
        "{n} value was emptied: {reason} ({path}, line {line})",
        "{n} values were emptied: {reason} ({path}, line {line})",
    ),
    "contact_details": message(
        "Free text contains e-mail addresses or phone numbers, which are masked in vendors'"
        " files: {found}."
    ),
    "contact_details_in": counted(
        "{n} value in {column} ({path}, line {line})",
        "{n} values in {column} (first: {path}, line {line})",
    ),
    "no_contact_details": message("Free text contains no e-mail address and no phone number."),
    "feed_is_fresh": message("The last rows arrived {days} days ago."),
    "feed_is_stale": message(
        "The last rows arrived {days} days ago; {allowed} days are usual. Check the delivery of"
        " {feed}."
    ),
    # What it means for those who read the pages.
    "all_held_back": message("Held back: the whole publication."),
    "checks_hold_back": counted(
        "{n} failed check holds back the publication",
        "{n} failed checks hold back the publication",
    ),
    "nothing_held_back": message("Nothing is held back."),
    "may_show_in": message("Nothing is held back; it may show in {marts}."),
    "may_show_in_more": counted(
        "Nothing is held back; it may show in {marts} and {n} more table.",
        "Nothing is held back; it may show in {marts} and {n} more tables.",
    ),
    "newer_days_missing": message(
        "Nothing is held back; whatever uses the feed lacks its newest days."
    ),
}
