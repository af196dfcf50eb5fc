"""What exactly is wrong with a file that was not loaded, and what to do. None quotes a value."""

from typing import Final

from output.messages import counted, message

REJECTIONS: Final = {
    "on_line": message("line {line}: {finding}"),
    # Of its bytes.
    "no_bytes": message("the file has no bytes; deliver it again"),
    "empty_once_unpacked": message("the file is empty once unpacked; deliver it again"),
    "is_archive": message("the file is a {kind} archive; unpack it"),
    "is_zip_or_workbook": message(
        "the file is a ZIP archive or an Excel workbook; unpack it, or set format to xlsx"
    ),
    "sheet_lacking": counted(
        "the workbook has {n} sheet, and not the one that sheet names; correct sheet",
        "the workbook has {n} sheets, and not the one that sheet names; correct sheet",
    ),
    "is_empty_archive": message("the file is an empty ZIP archive; deliver it again"),
    "is_old_workbook": message("the file is an old Excel workbook; save the sheet as CSV"),
    "is_pdf": message("the file is a PDF; deliver the rows as CSV"),
    "is_packed_otherwise": message(
        "the file is compressed with {method}; use gzip, zstd, bzip2 or xz"
    ),
    "packed_damaged": message("the {method} data is damaged or cut off; deliver the file again"),
    "unpacks_to_too_much": message(
        "it unpacks to more than {allowed} bytes; split it into several files"
    ),
    "unpacks_to_many_times": message(
        "{packed} bytes unpack to more than {times} times as much; check where the file comes from,"
        " or deliver it unpacked"
    ),
    "not_in_encoding": message(
        "the file is not valid {encoding}; set encoding or deliver it again"
    ),
    "parquet_damaged": message("not a Parquet file, or a damaged one; deliver it again"),
    "parquet_too_dense": message(
        "{bytes} bytes hold {rows} rows of {columns} columns, {values} values; a file of this size"
        " may hold {allowed}; split it into files of fewer rows, or deliver it as CSV"
    ),
    # Of its columns.
    "no_header": message("line {line} has no header with column names; deliver it with one"),
    "header_not_utf8": message("line {line}, column {place}: not valid UTF-8; set encoding"),
    "columns_lacking": message(
        "{missing}; {found}; deliver it again with these columns, or change the mapping"
    ),
    "column_lacking_here": message("column '{column}' is missing"),
    "column_renamed": message("column '{column}' is missing (renamed to '{likely}'?)"),
    "file_has_columns": counted("the file has {n} column", "the file has {n} columns"),
    "file_has_unknown": counted(
        "the file has {n} column, unknown are those at {places}",
        "the file has {n} columns, unknown are those at {places}",
    ),
    "and_more": message("{examples} and {n} more"),
    "is_it_a_header": message("{found}; is it a header at all?"),
    "columns_repeated": message(
        "more than one column has the name {columns}; rename all but one of each"
    ),
    "columns_differ_in_case": message(
        "'{one}' and '{other}' differ in capital letters only; change the mapping"
    ),
    "columns_moved": message(
        "line {line} repeats the column names in another order, so files whose columns differ were"
        " joined; deliver them one by one"
    ),
    "no_such_export": message("no column {columns}; is it a {dialect} export?"),
    # Of its lines.
    "quote_left_open": message(
        "a quote is opened and not closed, so the records cannot be told apart; deliver the file"
        " again, or set multiline: false to keep all lines but the broken one"
    ),
    "objects_not_together": message(
        "lines that are objects one by one are none together; deliver the file again"
    ),
    "not_of_its_format": message(
        "a line or a value is not what its format allows; look at format, delimiter, encoding and"
        " the mapping's patterns, or deliver the file again ({error})"
    ),
    "not_read_to_its_end": message(
        "it could not be read to its end, or the disk is full; free space, or deliver the file"
        " again ({error})"
    ),
    "needs_too_much_memory": message(
        "it needs more memory than one file may have; split the file ({error})"
    ),
    # Of the process that read it.
    "reading_too_long": message("reading took longer than {seconds} seconds; split the file"),
    "parser_ended": message("the parser, reading the file, {ending}"),
    "ended_with_code": message("ended with exit code {exit_code}; {advice}"),
    "killed_for_memory": message(
        "was killed by signal {signal}, most likely because the machine ran out of memory; lower"
        " KONTOR_MEMORY_LIMIT or free memory, then run again"
    ),
    "killed_for_time": message(
        "was killed by signal {signal}: it used up its processor time; {advice}"
    ),
    "killed_by_signal": message("was killed by signal {signal}; {advice}"),
    "run_again": message("run again"),
    "look_at_file": message("look at the file"),
    # Of a snapshot.
    "rows_missing": message(
        "{missing} of {known} known rows are missing, more than {share}%; nothing was deleted;"
        " deliver it whole, or set snapshot_may_lose higher if they are really gone"
    ),
}
