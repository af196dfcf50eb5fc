"""Why a row or a file was not loaded: a closed list of codes, each with what to do about it."""

from typing import Final

ROW_REASONS: Final = {
    "missing_value": "is required and empty; fill it in the source",
    "word_for_nothing": "holds a word that stands for nothing, like NULL or nan, where an id is "
    "needed; name the word in null_values, or give it another in map",
    "invalid_integer": "is not a whole number; check decimal_separator and thousands_separator",
    "invalid_decimal": "is not a number; write it like 1234.56, or set decimal_separator "
    "and thousands_separator",
    "too_precise": "has more decimals than the contract keeps; round it in the source, or set "
    "round: true",
    "invalid_boolean": "is neither true nor false",
    "invalid_date": "is not a date; write it like 2026-01-31, or set format",
    "invalid_timestamp": "is not a point in time; write it like 2026-01-31 13:45:00, or set format",
    "out_of_range": "is beyond what can be stored or believed",
    "below_minimum": "is below the smallest allowed value",
    "above_maximum": "is above the largest allowed value",
    "scientific_notation": "was written in scientific notation, as spreadsheets do, so its digits "
    "are lost; export the column as text",
    "not_allowed": "is none of the allowed values; map it in the marketplace's file",
    "pattern_mismatch": "is not written as the pattern asks",
    "in_the_future": "lies more than a day after the file was received; check the source's clock",
    "none_given": "is empty, and so is every column that could stand in for it",
    "repeated_header": "the line repeats the column names; two files were joined",
    "wrong_column_count": "the line has more or fewer values than the header has columns",
    "unclosed_quote": "a quote is opened and not closed on the line; if values may hold line "
    "breaks, set multiline: true",
    "misplaced_quote": "a quote stands inside a value; double it or quote the whole value",
    "misplaced_line_end": "a carriage return stands inside the line; remove it, or quote the value",
    "line_too_long": "the line is longer than one value could reasonably be",
    "invalid_encoding": "the line is not valid in the file's encoding; set encoding",
    "invalid_json": "the line is not a JSON object",
    "duplicate_member": "one name is there twice in the JSON object, so its value cannot be told",
    "json_too_deep": "the JSON is nested deeper than allowed",
    "unexpected_structure": "is a value where the dialect has an object or a list, or the other "
    "way round; check dialect",
    "unmapped_consent": "is told by categories of which none is known; map the one about analysis",
}

FILE_REASONS: Final = {
    "empty_file": "the file is empty, it lacks even a header; deliver it again",
    "missing_column": "a mapped column is missing",
    "duplicate_column": "two columns have one name",
    "not_readable": "the file cannot be read in its format",
    "moved_columns": "a later line repeats the column names in another order",
    "too_large": "the file is larger than allowed once it is unpacked",
    "compression_bomb": "the file unpacks to many times its size",
    "snapshot_shrank": "too many known rows are missing from what should hold them all",
    "parser_crashed": "reading the file ended the parser; the other files are not affected",
    "parser_timed_out": "reading the file took longer than allowed",
}


class FileRejectedError(Exception):
    """The whole file cannot be used; the code is one of FILE_REASONS."""

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(detail)
        self.code = code
        self.detail = detail


def row_detail(code: str, column: str | None) -> str:
    """A sentence for people: which column, what is wrong, what to do. It holds no value."""
    text = ROW_REASONS[code]
    return f"{column} {text}" if column else text
