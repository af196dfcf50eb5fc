"""Files that are broken as files, whatever their rows say."""

import gzip

from tests.mutation.delivery import Delivery
from tests.mutation.plants import Corruption, kind, line, raw, replaced, rows


def half(content: bytes) -> bytes:
    return content[: len(content) // 2]


def _mixed_up(delivery: Delivery) -> None:
    delivery.put_raw(b"payment_id,amount,paid_at\nP-1,12.00,2026-06-30 10:00:00\n")


def _packed_garbage(delivery: Delivery) -> None:
    delivery.path.write_bytes(b"\x1f\x8b" + b"no archive at all" * 20)


def _cut_archive(delivery: Delivery) -> None:
    delivery.path.write_bytes(half(delivery.path.read_bytes()))


def _bomb(delivery: Delivery) -> None:
    delivery.path.write_bytes(gzip.compress(b" " * 300_000_000))


def _few_categories(delivery: Delivery) -> None:
    delivery.put(delivery.known.head(2))


def _segment_of_lists(delivery: Delivery) -> None:
    call = (
        b'{"type":"track","event":"Product Viewed","messageId":"s1","anonymousId":"a1",'
        b'"timestamp":"2026-06-30T10:00:00Z","receivedAt":"2026-06-30T10:00:01Z",'
        b'"properties":[1,2]}\n'
    )
    delivery.put_beside("foreign/segment/2026-06-30.jsonl", call)


def _deep(_: bytes) -> bytes:
    return b'{"payment_id":' + b'{"a":' * 400 + b"1" + b"}" * 401


FILES: list[Corruption] = [
    kind("an empty file", "orders/rejected/empty_file", raw(lambda _: b"")),
    kind(
        "a header and no row",
        "orders/volume/row_count",
        raw(lambda content: content.split(b"\n")[0] + b"\n"),
    ),
    kind(
        "a file cut off in the middle of a line",
        "order_lines/quarantine/wrong_column_count",
        raw(lambda content: content[: content.rfind(b",", 0, len(content) // 2)]),
    ),
    kind(
        "the first half of a file",
        "orders/volume/row_count",
        rows(lambda frame: frame.head(frame.height // 2)),
    ),
    kind(
        "a required column under another name",
        "orders/rejected/missing_column",
        replaced("ordered_at", "order_date"),
    ),
    kind(
        "an optional column under another name",
        "shipments/volume/emptied_columns",
        replaced("carrier", "carrier_name"),
    ),
    kind(
        "two columns with the same name",
        "orders/rejected/duplicate_column",
        replaced("cancelled_at", "approved_at"),
    ),
    kind(
        "a delimiter that nobody knows",
        "shipments/rejected/missing_column",
        raw(lambda content: content.replace(b",", b"^")),
    ),
    kind("another feed's file", "orders/rejected/missing_column", _mixed_up),
    kind(
        "UTF-16 for UTF-8, and nothing that says so",
        "customers/rejected/missing_column",
        raw(lambda content: content.decode().encode("utf-16-le")),
    ),
    kind(
        "Latin-1 for UTF-8",
        "customers/quarantine/invalid_encoding",
        line(1, lambda text: text[:-6] + "Köln".encode("latin-1") + text[-6:]),
    ),
    kind(
        "a quotation mark that never ends",
        "reviews/quarantine/unclosed_quote",
        line(3, lambda text: text.replace(b",,", b',"good,', 1)),
    ),
    kind(
        "a comma that nobody quoted",
        "shipments/quarantine/wrong_column_count",
        line(2, lambda text: text + b",left over"),
    ),
    kind(
        "zeros where the disk was full",
        "invoices/quarantine/wrong_column_count",
        raw(lambda content: half(content) + b"\0" * 4096 + b"\n"),
    ),
    kind("a line that is no JSON", "payments/quarantine/invalid_json", line(2, half)),
    kind("JSON nested without end", "payments/quarantine/json_too_deep", line(2, _deep)),
    kind("an archive of garbage", "payments/rejected/not_readable", _packed_garbage),
    kind("an archive cut off", "payments/rejected/not_readable", _cut_archive),
    kind("an archive that unpacks without end", "payments/rejected/compression_bomb", _bomb),
    kind("a Parquet file cut off", "events/rejected/not_readable", _cut_archive),
    kind(
        "a foreign event whose object is a list",
        "events/volume/misfits",
        _segment_of_lists,
    ),
    kind(
        "a snapshot without most of its rows",
        "categories/rejected/snapshot_shrank",
        _few_categories,
    ),
]
