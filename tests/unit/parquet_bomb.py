"""Parquet files of a few hundred bytes that claim any number of rows, written by hand.

A column is one dictionary page with one value and one page that repeats it, as a run of that
length: https://parquet.apache.org/docs/file-format/. Whoever reads them has to make all the values.
"""

from collections.abc import Mapping, Sequence

_I32, _I64, _BINARY, _LIST, _STRUCT = 5, 6, 8, 9, 12
_BYTE_ARRAY, _UTF8, _REQUIRED = 6, 0, 0
_PLAIN, _RLE, _RLE_DICTIONARY = 0, 3, 8
_DATA_PAGE, _DICTIONARY_PAGE = 0, 2
_MAGIC = b"PAR1"

# A struct of Thrift's compact protocol: its fields by number, each with its type.
_Fields = Mapping[int, tuple[int, object]]


def repeated_text(columns: Mapping[str, str], rows: int, row_groups: int = 1) -> bytes:
    """A file of `rows` equal rows in each of its row groups, which all lie at the same place."""
    body = bytearray(_MAGIC)
    chunks: list[_Fields] = []
    for name, text in columns.items():
        start = len(body)
        value = len(text.encode()).to_bytes(4, "little") + text.encode()
        body += _page(_DICTIONARY_PAGE, value, {7: (_STRUCT, {1: (_I32, 1), 2: (_I32, _PLAIN)})})
        data_at = len(body)
        run = b"\x01" + _varint(rows << 1) + b"\x00"
        data = {1: (_I32, rows), 2: (_I32, _RLE_DICTIONARY), 3: (_I32, _RLE), 4: (_I32, _RLE)}
        body += _page(_DATA_PAGE, run, {5: (_STRUCT, data)})
        size = len(body) - start
        meta: _Fields = {
            1: (_I32, _BYTE_ARRAY),
            2: (_LIST, (_I32, [_PLAIN, _RLE_DICTIONARY])),
            3: (_LIST, (_BINARY, [name.encode()])),
            4: (_I32, 0),
            5: (_I64, rows),
            6: (_I64, size),
            7: (_I64, size),
            9: (_I64, data_at),
            11: (_I64, start),
        }
        chunks.append({2: (_I64, start), 3: (_STRUCT, meta)})
    group = {1: (_LIST, (_STRUCT, chunks)), 2: (_I64, len(body)), 3: (_I64, rows)}
    root = {4: (_BINARY, b"root"), 5: (_I32, len(columns))}
    leaves = [
        {
            1: (_I32, _BYTE_ARRAY),
            3: (_I32, _REQUIRED),
            4: (_BINARY, name.encode()),
            6: (_I32, _UTF8),
        }
        for name in columns
    ]
    footer = _struct(
        {
            1: (_I32, 1),
            2: (_LIST, (_STRUCT, [root, *leaves])),
            3: (_I64, rows * row_groups),
            4: (_LIST, (_STRUCT, [group] * row_groups)),
        }
    )
    return bytes(body + footer + len(footer).to_bytes(4, "little") + _MAGIC)


def _page(kind: int, content: bytes, header: _Fields) -> bytes:
    size = len(content)
    return _struct({1: (_I32, kind), 2: (_I32, size), 3: (_I32, size), **header}) + content


def _struct(fields: _Fields) -> bytes:
    written, last = bytearray(), 0
    for number, (kind, value) in sorted(fields.items()):
        written.append((number - last) << 4 | kind)
        written += _value(kind, value)
        last = number
    return bytes(written) + b"\x00"


def _value(kind: int, value: object) -> bytes:
    if isinstance(value, int):
        return _varint(value << 1)  # zigzag of a number that is not negative
    if isinstance(value, bytes):
        return _varint(len(value)) + value
    if isinstance(value, tuple):
        return _list(*value)
    assert kind == _STRUCT
    assert isinstance(value, Mapping)
    return _struct(value)


def _list(kind: int, values: Sequence[object]) -> bytes:
    count = len(values)
    head = bytes([count << 4 | kind]) if count < 15 else bytes([0xF0 | kind]) + _varint(count)
    return head + b"".join(_value(kind, value) for value in values)


def _varint(number: int) -> bytes:
    written = bytearray()
    while number > 0x7F:
        written.append(number & 0x7F | 0x80)
        number >>= 7
    return bytes(written) + bytes([number])
