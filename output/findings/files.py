"""Why rows and files were not loaded, and why a run did not publish what was loaded."""

from typing import Final

from output.messages import counted, message

ROW_REASONS: Final = {
    "missing_value": message("{column} is required but empty; fill it in the source"),
    "word_for_nothing": message(
        "{column} holds a word that stands for nothing, like NULL or nan, where an id is needed;"
        " add the word to null_values, or map it to another value"
    ),
    "invalid_integer": message(
        "{column} is not a whole number; check decimal_separator and thousands_separator"
    ),
    "invalid_decimal": message(
        "{column} is not a number; write it like 1234.56, or set decimal_separator and"
        " thousands_separator"
    ),
    "too_precise": message(
        "{column} has more decimals than the contract keeps; round it in the source, or set"
        " round: true"
    ),
    "invalid_boolean": message("{column} is neither true nor false"),
    "invalid_date": message("{column} is not a date; write it like 2026-01-31, or set format"),
    "invalid_timestamp": message(
        "{column} is not a timestamp; write it like 2026-01-31 13:45:00, or set format"
    ),
    "out_of_range": message("{column} is outside the range that can be stored or is plausible"),
    "below_minimum": message("{column} is below the smallest allowed value"),
    "above_maximum": message("{column} is above the largest allowed value"),
    "scientific_notation": message(
        "{column} was written in scientific notation, as spreadsheets do, so digits are lost;"
        " export the column as text"
    ),
    "not_allowed": message(
        "{column} is not one of the allowed values; map it in the marketplace's file"
    ),
    "pattern_mismatch": message("{column} does not match its pattern"),
    "in_the_future": message(
        "{column} lies more than a day after the file was received; check the source's clock"
    ),
    "none_given": message("{column} is empty, and so is every column that could replace it"),
    "repeated_header": message("the line repeats the column names; two files were joined"),
    "wrong_column_count": message("the line has more or fewer values than the header has columns"),
    "unclosed_quote": message(
        "a quote is opened and not closed on the line; if values may contain line breaks, set"
        " multiline: true"
    ),
    "misplaced_quote": message("a quote inside a value; double it or quote the whole value"),
    "misplaced_line_end": message(
        "a carriage return inside the line; remove it, or quote the value"
    ),
    "line_too_long": message("the line is longer than the limit"),
    "invalid_encoding": message("the line is not valid in the file's encoding; set encoding"),
    "invalid_json": message("the line is not a JSON object"),
    "duplicate_member": message(
        "a name occurs twice in the JSON object, so its value is ambiguous"
    ),
    "json_too_deep": message("the JSON is nested deeper than allowed"),
    "unexpected_structure": message(
        "{column} is a value where the dialect has an object or a list, or the other way round;"
        " check dialect"
    ),
    "unmapped_consent": message(
        "{column} lists consent categories, none of which is known; map the one for analytics"
    ),
}

FILE_REASONS: Final = {
    "empty_file": message("the file is empty and lacks even a header; deliver it again"),
    "missing_column": message("a mapped column is missing"),
    "duplicate_column": message("two columns have the same name"),
    "not_readable": message("the file cannot be read in its format"),
    "moved_columns": message("a later line repeats the column names in another order"),
    "too_large": message("the file is larger than allowed once it is unpacked"),
    "compression_bomb": message("the file unpacks to many times its size"),
    "snapshot_shrank": message("too many known rows are missing from a full snapshot"),
    "parser_crashed": message("the parser crashed on the file; other files are not affected"),
    "parser_timed_out": message("reading the file took too long"),
}

FILES: Final = {
    "as_written": message("{text}"),
    "a_value": message("a value"),
    "found_of": message("{subject}: {finding}"),
    "load_unbalanced": message("{path}: {received} rows received, but {accounted} accounted for"),
    "history_unbalanced": message(
        "the history holds {held} rows, but the ledger applied {applied}"
    ),
    "file_rejected": message("rejected ({reason}): {detail}"),
    "mostly_quarantined": counted(
        "{path}: {n} of {received} rows is quarantined",
        "{path}: {n} of {received} rows are quarantined",
    ),
    "model_test_failed": counted(
        "the test {test} of {model} failed for {n} row",
        "the test {test} of {model} failed for {n} rows",
    ),
}
