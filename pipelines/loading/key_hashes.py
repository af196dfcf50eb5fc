"""The hashes by which rows of a key are found, kept in step with contracts and with DuckDB."""

import duckdb

from sources.contract import Contract
from sources.sql import scalar


def key_hash(contract: Contract) -> str:
    """The SQL of the hash by which a row's key is looked for."""
    return f"hash({', '.join(contract.key)})"


def renew_hashes(connection: duckdb.DuckDBPyConnection, contracts: list[Contract]) -> None:
    """Computes hashes anew where another DuckDB made them, or the contract names another key.

    Under another key other rows belong together, so what was overruled is judged again; the files
    themselves are read again under the new contract, and bring nothing that is not there already.
    """
    known = dict(connection.execute("select feed, sample from raw.hashed_keys").fetchall())
    samples = _samples(connection, contracts)
    changed = [
        contract for contract in contracts if known.get(contract.feed) != samples[contract.feed]
    ]
    if not changed:
        return
    connection.execute("begin transaction")
    for contract in changed:
        if scalar(connection, f"select count(*) from (from raw.{contract.feed} limit 1)"):
            connection.execute(f"update raw.{contract.feed} set _key_hash = {key_hash(contract)}")
            _judge_again(connection, contract)
        # The quarantine holds no keys to hash anew.
        connection.execute(
            "update quarantine.rows set key_hash = null where key_hash is not null and feed = ?",
            [contract.feed],
        )
        connection.execute("delete from raw.hashed_keys where feed = ?", [contract.feed])
        connection.execute(
            "insert into raw.hashed_keys values (?, ?)", [contract.feed, samples[contract.feed]]
        )
    connection.execute("commit")


def _samples(connection: duckdb.DuckDBPyConnection, contracts: list[Contract]) -> dict[str, int]:
    """By feed a hash that differs if DuckDB hashes differently or the key has other columns."""
    keys = [", ".join(contract.key) for contract in contracts]
    hashed = connection.execute(
        "select hash(listed.key, 1, timestamp '2026-01-01') "
        "from (select unnest(?) as key, generate_subscripts(?, 1) as place) as listed "
        "order by place",
        [keys, keys],
    ).fetchall()
    return {
        contract.feed: int(sample) for contract, (sample,) in zip(contracts, hashed, strict=True)
    }


def _judge_again(connection: duckdb.DuckDBPyConnection, contract: Contract) -> None:
    """Gives each key one row that stands: the one that would have won, had it been the key then.

    Keys that have one are left alone, so this changes nothing where only the hash is another.
    """
    feed, keys = contract.feed, ", ".join(f"history.{name}" for name in contract.key)
    version = f"history.{contract.version} desc nulls last, " if contract.version else ""
    connection.execute(
        f"""
        create or replace temp table standing as
        select history._row_id, overruled._row_id is null as _stands,
            row_number() over (
                partition by {keys}
                order by {version}history._is_deleted desc, history._sequence desc,
                    history._line desc nulls last, history._row_id desc
            ) as _place,
            count(*) filter (where overruled._row_id is null) over (partition by {keys}) as _count,
            max(history._sequence) over (partition by {keys}) as _last
        from raw.{feed} as history
        left join (select distinct _row_id from raw.{feed}_superseded) as overruled
            on history._row_id = overruled._row_id
        qualify _count <> 1
        """
    )
    if not scalar(connection, "select count(*) from standing"):
        return
    connection.execute(
        f"delete from raw.{feed}_superseded where _row_id in "
        "(select _row_id from standing where _place = 1)"
    )
    connection.execute(
        f"insert into raw.{feed}_superseded "
        "select _row_id, _last from standing where _place > 1 and _stands order by _row_id"
    )
    # The days are counted by what loads change, and here no load changed anything.
    connection.execute("delete from raw.feed_days_counted where feed = ?", [feed])
