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
    "not_computable": message(
        "{column} cannot be computed, as a part of its expression is no number or divides by zero;"
        " correct the row or the expression"
    ),
    "too_precise": message(
        "{column} has more decimals than the contract keeps; round it in the source, or set"
        " round: true"
    ),
    "invalid_boolean": message(
        "{column} is neither true nor false; map its words to true and false"
    ),
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

# Of a name below an inbox; it stands after the name.
FILE_REFUSALS: Final = {
    "is_link": message("is a symbolic link, which is not followed; replace it by the file itself"),
    "is_link_to_folder": message(
        "is a symbolic link to a folder, which is not followed; replace it by the folder itself, or"
        " set folder to its target"
    ),
    "is_no_file": message("is a pipe, a socket or a device; replace it by a file"),
    "has_bad_name": message("the name contains control characters or is not UTF-8; rename it"),
    "is_too_deep": counted(
        "lies more than {n} folder deep; move it up", "lies more than {n} folders deep; move it up"
    ),
    "leads_out": message("leads out of the folder; use a path below it"),
    "is_gone": message("disappeared while the folder was read; run again"),
    "is_unreadable": message(
        "cannot be read ({why}); make it readable for the user that runs Kontor"
    ),
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
    # Rows of one key, of which nothing tells which is right, and what to do about it.
    "keys_repeated": counted(
        "{path}: {n} key stands for {rows} rows that differ, and only the last of each would count:"
        " the same {keys} in lines {lines}, with different {columns}. What to do: {advice}",
        "{path}: {n} keys stand for {rows} rows that differ, and only the last of each would count:"
        " the same {keys} in lines {lines}, with different {columns}. What to do: {advice}",
    ),
    "rows_taken_over": counted(
        "{path}: {n} row took the place of a row of another file, and nothing says which is right:"
        " the same {keys} in line {lines}, with different {columns}. What to do: {advice}",
        "{path}: {n} rows took the place of rows of other files, and nothing says which is right:"
        " the same {keys} in lines {lines}, with different {columns}. What to do: {advice}",
    ),
    "give_own_keys": message(
        "give each row a key of its own: map {column} to a template of the columns that tell rows"
        " apart, or add {places} to it ({template})"
    ),
    "drop_other_rows": message("leave out rows that are none of {feed} with drop_when"),
    "name_file_in_ids": message(
        "where ids begin anew in each file, give them its name ({template})"
    ),
    "correct_in_place": message(
        "where rows were corrected, deliver them in the file that had them"
    ),
    "map_newer": message("map {column} to what says which is newer"),
    "model_test_failed": counted(
        "the test {test} of {model} failed for {n} row",
        "the test {test} of {model} failed for {n} rows",
    ),
}
