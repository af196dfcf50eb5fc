"""Whether a line of CSV is a record by itself, as DuckDB's strict reader judges the same line.

Only lines that are go to that reader where a file is read line by line: one that is not makes it
lose its neighbours.
"""

import re

# A closed value may be followed by blanks and opened again; that reader takes it all for one.
_QUOTED = rb' ?"(?:[^"]|"")*+"(?: +"(?:[^"]|"")*+")* *'


class LineJudge:
    """Judges the lines of one file, in their order, by its delimiter and its number of columns.

    A line that ends a value which an earlier line left open is as broken as that one, though it
    might pass for a record.
    """

    def __init__(self, delimiter: str, column_count: int) -> None:
        self._delimiter = delimiter.encode()
        self._column_count = column_count
        separator = re.escape(self._delimiter)
        bare = rb'(?! ?")(?:(?!%s).)*+' % separator
        value = rb"(?:%s|%s)" % (_QUOTED, bare)
        record = rb"%s((?:%s%s)*+)" % (value, separator, value)
        self._record = re.compile(record, re.DOTALL)
        self._value = re.compile(rb"%s%s" % (separator, value), re.DOTALL)
        self._empty_end = re.compile(rb'%s(?: ?"" *)?$' % separator)
        self._closing = re.compile(rb'[^ "]" *(?:%s|$)' % separator)
        self._is_open = False

    def fault_of(self, line: bytes) -> str | None:
        """What keeps a line from being a record; None where nothing does."""
        if b"\r" in line and self._has_bare_return(line):
            return "misplaced_line_end"
        if b'"' not in line:
            return self._of_count(line.count(self._delimiter) + 1, line)
        is_uneven = line.count(b'"') % 2 == 1
        if self._is_open and is_uneven and self._closing.search(line):
            self._is_open = False
            return "unclosed_quote"
        found = self._record.fullmatch(line)
        if found is None:
            self._is_open = self._is_open or is_uneven
            return "unclosed_quote" if is_uneven else "misplaced_quote"
        return self._of_count(1 + len(self._value.findall(found[1])), line)

    def _of_count(self, count: int, line: bytes) -> str | None:
        if count == self._column_count + 1 and self._empty_end.search(line):
            return None
        return None if count == self._column_count else "wrong_column_count"

    def _has_bare_return(self, line: bytes) -> bool:
        """Whether a carriage return stands outside of quotes, where the reader ends a record."""
        outside = line.split(b'"')[::2]
        return any(b"\r" in part for part in outside)
