"""What can be wrong with a database: a sentence with its place, and never the password."""

import logging
from pathlib import Path

import pytest

from sources.connectors import postgres, postgres_extension, postgres_slices
from sources.connectors.postgres_columns import columns_of, wanted_columns
from sources.contract import all_contracts
from sources.disk import RESERVE_BYTES, DiskFullError
from sources.errors import (
    ConfigurationError,
    PermanentSourceError,
    SourceError,
    TransientSourceError,
)
from tests.databases.conftest import INVOICES, ORDERS, VENDORS, DatabaseDesk
from tests.databases.shop_server import ADMIN_PASSWORD, READER_PASSWORD, ShopServer
from tests.worlds.small_disk import MIB, mounted

pytestmark = pytest.mark.databases

DATABASE_PLACE = "shop.yml:6:3: databases.shop: "


def refused(desk: DatabaseDesk, feed: str = "vendors") -> str:
    with pytest.raises(PermanentSourceError) as caught:
        desk.load(feed)
    return str(caught.value).replace(f"{desk.file.parent}/", "")


def test_wrong_password(desk: DatabaseDesk) -> None:
    desk.url = desk.url.replace("reader:", "reader:wrong-")
    desk.describe()

    assert refused(desk).startswith(DATABASE_PLACE + "the password is wrong; correct it in url")


def test_unreachable_host_may_come_back(desk: DatabaseDesk) -> None:
    desk.url = "postgresql://reader:secret@127.0.0.1:1/postgres"
    desk.describe()

    with pytest.raises(TransientSourceError) as caught:
        desk.load("vendors")

    message = str(caught.value)
    assert "databases.shop: the server cannot be reached (Connection refused); check" in message


def test_unknown_database(desk: DatabaseDesk) -> None:
    desk.url = desk.url.removesuffix("/postgres") + "/shopp"
    desk.describe()

    assert "correct the role's or the database's name" in refused(desk)


@pytest.mark.parametrize(
    ("entry", "expected"),
    [
        (
            VENDORS.replace("public.vendors", "public.vendor"),
            ("public.vendor cannot be read: there is no such table; correct the name"),
        ),
        (
            VENDORS.replace("name: name", "name: titel"),
            (
                "public.vendors has no column 'titel'; it has 'vendor_id', 'name', 'status', "
                "'country', 'internal_note'; change the mapping, or have the column restored "
                "(nothing was read, and the next run goes on where the last one ended)"
            ),
        ),
        (
            VENDORS.replace("table: public.vendors", "query: 'selec 1', name: v"),
            "the query v cannot be read (syntax error at or near …); correct it",
        ),
    ],
)
def test_what_the_server_does_not_have(desk: DatabaseDesk, entry: str, expected: str) -> None:
    desk.describe(vendors=entry)

    assert refused(desk).startswith(f"shop.yml:13:7: feeds.vendors.0: {expected}")


def test_missing_privilege(desk: DatabaseDesk) -> None:
    desk.url = desk.url.replace("reader:p%40ss%20word%2F%25", "stranger:s")
    desk.describe()

    assert "the role may not read it; grant select on it" in refused(desk)


@pytest.mark.parametrize(
    ("login", "what"),
    [("writer:w", "of url may write to public.vendors"), (f"admin:{ADMIN_PASSWORD}", "superuser")],
)
def test_a_role_that_could_write_is_refused_or_accepted_with_a_note(
    desk: DatabaseDesk, login: str, what: str
) -> None:
    desk.url = desk.url.replace("reader:p%40ss%20word%2F%25", login)
    desk.describe()
    assert what in refused(desk)
    assert "set accept_writing_role: true" in refused(desk)

    desk.describe(database=", accept_writing_role: true")

    assert what in desk.load("vendors").notes[0]


def test_a_query_cannot_write(desk: DatabaseDesk, server: ShopServer) -> None:
    server.execute(
        "create function sneak() returns text language sql as "
        "'insert into vendors (vendor_id) values (''x'') returning vendor_id'"
    )
    server.execute("grant insert on vendors to reader")
    desk.describe(
        database=", accept_writing_role: true",
        vendors="{database: shop, query: select sneak() as vendor_id, name: v, mode: full}",
    )

    assert "correct the query, which may only read" in refused(desk)
    with server.admin() as connection:
        assert connection.execute("select count(*) from vendors").fetchone() == (0,)


def test_statement_that_takes_too_long_says_what_to_do(
    desk: DatabaseDesk, server: ShopServer
) -> None:
    server.execute("insert into vendors (vendor_id) values ('v1')")
    slow = (
        "{database: shop, query: 'select vendor_id, pg_sleep(5) from vendors', name: v, mode: full}"
    )
    desk.describe(database=", statement_timeout_seconds: 1", vendors=slow)

    with pytest.raises(TransientSourceError, match="longer than statement_timeout_seconds"):
        desk.load("vendors")


def test_added_column_is_noted_and_does_no_harm(desk: DatabaseDesk, server: ShopServer) -> None:
    server.execute("insert into vendors (vendor_id, status) values ('v1', 'active')")
    desk.load("vendors")
    server.execute("alter table vendors add column colour text default 'red'")

    outcome = desk.load("vendors")

    assert outcome.notes == ("shop/public.vendors: not mapped: internal_note, colour",)
    assert outcome.outcomes == ()  # what is read is as it was


def test_removed_column_is_named_and_nothing_is_lost(
    desk: DatabaseDesk, server: ShopServer
) -> None:
    insert = "insert into orders (order_id, customer_id, status, placed, updated_at) values "
    server.execute(f"{insert} (1, 'c', 'created', '2026-06-01', '2026-06-01')")
    desk.load("orders")
    server.execute("alter table orders rename column status to state")
    server.execute(
        insert.replace("status", "state") + "(2, 'c', 'created', '2026-06-20', '2026-06-20')"
    )

    message = refused(desk, "orders")

    assert "public.orders has no column 'status' (renamed to 'state'?)" in message
    desk.describe(orders=ORDERS.replace("status: status", "status: state"))
    desk.load("orders")
    assert desk.current("orders", "order_id") == [("1",), ("2",)]


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (
            "alter column is_corrected type date using null",
            "invoices.is_corrected is of type date, and invoices.is_corrected needs a boolean",
        ),
        (
            "alter column net type bytea using null",
            "public.invoices.net is of type bytea, and invoices.net_amount needs a decimal(18,2)",
        ),
    ],
)
def test_changed_type_that_does_not_fit_is_named(
    desk: DatabaseDesk, server: ShopServer, change: str, expected: str
) -> None:
    server.execute("alter table invoices alter column net drop not null")
    server.execute(f"alter table invoices {change}")

    message = refused(desk, "invoices")

    assert expected in message
    assert "map another column, or give a query that converts it" in message


def test_changed_type_that_still_fits_goes_on(desk: DatabaseDesk, server: ShopServer) -> None:
    insert = "insert into orders (order_id, customer_id, status, placed, updated_at) values "
    server.execute(f"{insert} (1, 'c', 'created', '2026-06-01', '2026-06-01')")
    desk.load("orders")
    server.execute("alter table orders alter column updated_at type timestamp")
    server.execute(f"{insert} (2, 'c', 'created', '2026-06-20', '2026-06-20')")

    desk.load("orders")

    assert desk.current("orders", "order_id") == [("1",), ("2",)]


def test_cursor_of_a_type_without_order_is_refused(desk: DatabaseDesk) -> None:
    desk.describe(invoices=INVOICES.replace("mode: full", "mode: cursor, cursor: extra"))

    assert "a cursor must be a time, a date or a whole number" in refused(desk, "invoices")


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (
            {"vendors": VENDORS.replace("database: shop", "database: shpo")},
            "feeds.vendors.0.database: databases has no such name; did you mean 'shop'?",
        ),
        (
            {"vendors": VENDORS.replace("mode: full", "mode: cursor")},
            "feeds.vendors.0: mode: cursor needs a cursor column, mode: full must not have one",
        ),
        (
            {"vendors": VENDORS.replace("table: public.vendors, ", "")},
            "feeds.vendors.0: give exactly one of table or query",
        ),
        (
            {"vendors": VENDORS.replace("name: name", "nmae: name")},
            "feeds.vendors.0.columns.nmae: vendors has no such column; did you mean 'name'?",
        ),
    ],
)
def test_mistakes_of_the_file_are_named_with_their_place(
    desk: DatabaseDesk, change: dict[str, str], expected: str
) -> None:
    with pytest.raises(ConfigurationError) as caught:
        desk.describe(**change)

    [problem] = caught.value.problems
    assert expected in problem
    assert problem.startswith(f"{desk.file}:13:")


def describe_and_load(desk: DatabaseDesk) -> None:
    desk.describe()
    desk.load("vendors")


@pytest.mark.parametrize("broken", ["mysql://u:top-secret@h/d", "postgresql://u:top secret@[h/d"])
def test_url_that_is_none_is_refused_without_being_shown(desk: DatabaseDesk, broken: str) -> None:
    desk.url = broken

    with pytest.raises(SourceError) as caught:
        describe_and_load(desk)

    assert "write it like postgresql://reader:password@host:5432/shop" in str(caught.value)
    assert "top" not in str(caught.value)


def test_the_password_is_nowhere(
    desk: DatabaseDesk, server: ShopServer, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    messages = [repr(desk.marketplace), desk.marketplace.model_dump_json()]
    server.execute("insert into vendors (vendor_id, status) values ('v1', 'active')")
    desk.load("vendors", messages.append)
    with pytest.raises(SourceError) as caught:
        desk.load("vendors", lambda note: server.stop() if "reading" in note else None)
    server.start()
    messages += [str(caught.value), repr(caught.value.__cause__), caplog.text]
    written = [path for path in Path(desk.home.path).rglob("*") if path.is_file()]

    secrets = [READER_PASSWORD, "p%40ss", "p@ss"]
    assert not [secret for secret in secrets for message in messages if secret in message]
    assert not [
        path for path in written for secret in secrets if secret.encode() in path.read_bytes()
    ]
    assert not [path for path in written if "ss" in path.name and "p@" in path.name]


def test_a_full_disk_is_not_the_servers_fault(desk: DatabaseDesk, tmp_path: Path) -> None:
    database = desk.marketplace.databases["shop"]
    [entry] = desk.marketplace.database_feeds("vendors")
    with postgres.session(database) as connection:
        found = columns_of(connection, entry)
    columns = wanted_columns(entry, all_contracts()["vendors"], found)
    part = postgres_slices.whole(entry, columns)
    with (
        mounted(tmp_path / "disk", 1) as disk,
        postgres_extension.reader(database) as reader,
    ):
        (disk.folder / "other").write_bytes(bytes(RESERVE_BYTES + MIB))
        with pytest.raises(DiskFullError, match="the disk is full"):
            postgres_extension.extract(reader, database, entry, part, disk.folder / "rows.parquet")
        (disk.folder / "other").unlink()

        postgres_extension.extract(reader, database, entry, part, disk.folder / "rows.parquet")


SECRET = "canary4711"


ADDRESSES = [
    # A password with an @, a / or a quote that is not written as %40, %2F or %22.
    f"postgresql://reader:pa@{SECRET}@127.0.0.1/shop",
    f"postgresql://reader:pa/{SECRET}@127.0.0.1/shop",
    f"postgresql://reader:{SECRET}/x@127.0.0.1/shop",
    f'postgresql://reader:pa@x"{SECRET}"x@127.0.0.1/shop',
    f"postgresql://{SECRET}:x@127.0.0.1:1/{SECRET}",
    f"postgresql://reader:x@{SECRET}.invalid/shop",
    f"postgresql://reader:x@127.0.0.1:{SECRET}/shop",
    f"postgresql://reader:x@127.0.0.1/shop?sslmode={SECRET}",
    f"postgresql://reader:x@127.0.0.1/shop?{SECRET}=1",
    f"postgresql://reader:x@127.0.0.1:1/shop?sslmode=verify-full&sslrootcert=/{SECRET}",
]


def test_no_part_of_an_address_is_shown(desk: DatabaseDesk) -> None:
    own = desk.url
    # The server's own answer to a role and a database that it does not have.
    answered = [own.replace("reader:", f"{SECRET}:"), own.removesuffix("postgres") + SECRET]
    for url in ADDRESSES + answered:
        desk.url = url
        with pytest.raises(SourceError) as caught:
            describe_and_load(desk)

        assert SECRET not in str(caught.value)
        assert DATABASE_PLACE.rstrip(": ") in str(caught.value)


QUERIES = [
    f"selec {SECRET}",
    f"select {SECRET}",
    f"select {SECRET} from vendors",
    f"select ''{SECRET}''::int as vendor_id",
    f"select ''{SECRET}''::date as vendor_id",
    f"select * from {SECRET}",
    f"select {SECRET}(1)",
    # Told when rows are read, through DuckDB.
    "select internal_note::int as vendor_id from vendors",
    "select (internal_note || chr(34) || internal_note)::int as vendor_id from vendors",
    "select refuse(internal_note) as vendor_id from vendors",
]


def test_neither_the_text_of_a_query_nor_a_row_is_shown(
    desk: DatabaseDesk, server: ShopServer
) -> None:
    server.execute(f"insert into vendors (vendor_id, internal_note) values ('v1', '{SECRET}')")
    server.execute(
        "create function refuse(note text) returns text language plpgsql as "
        "$$ begin raise exception '% is refused', note; end $$"
    )
    for query in QUERIES:
        desk.describe(vendors=f"{{database: shop, query: '{query}', name: v, mode: full}}")
        with pytest.raises(SourceError) as caught:
            desk.load("vendors")

        assert "the query v cannot be read" in str(caught.value)
        assert SECRET not in str(caught.value)
