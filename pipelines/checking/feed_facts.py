"""Sums and shares over a whole feed that its suite asks for; each query returns one row."""

from data_quality.suites import CONTRADICTING, TOO_OLD
from sources.contract import Contract

_RECENT = (
    "from raw.events_current where occurred_at > "
    "(select max(occurred_at) - interval {days} day from raw.events_current)"
)

_EVENT_FACTS = {
    "reused_event_id_count": (
        "select count(*) as reused_event_id_count from (select event_id "
        + _RECENT.format(days=7)
        + " group by event_id having count(distinct event_type) > 1 or "
        "count(distinct visitor_id) > 1 or max(occurred_at) > min(occurred_at) + interval 1 hour)"
    ),
    "anonymous_share": (
        "select coalesce(avg(case when visitor_id is null then 1.0 else 0.0 end) filter "
        "(where coalesce(has_analytics_consent, true)), 0) as anonymous_share "
        + _RECENT.format(days=28)
    ),
    "bot_share": (
        "select coalesce(avg(case when is_bot then 1.0 else 0.0 end), 0) as bot_share "
        + _RECENT.format(days=28)
    ),
    # By when they came: what is forty days late happened in no recent week.
    "late_share": (
        "select coalesce(avg(case when received_at > occurred_at + interval 2 day then 1.0 "
        "else 0.0 end), 0) as late_share from raw.events_current where received_at > "
        "(select max(received_at) - interval 7 day from raw.events_current)"
    ),
    "skew_share": (
        "select coalesce(avg(case when received_at < occurred_at - interval 5 minute then 1.0 "
        "else 0.0 end), 0) as skew_share " + _RECENT.format(days=28)
    ),
}
_REFUSED = (
    "not exists (select 1 from raw.consents_current as consent where not consent.is_granted and "
    "consent.{who} = message.{who} and consent.channel in (message.channel, 'any') and "
    "consent.stated_at >= message.unsubscribed_at - interval 1 day)"
)
_FACTS = {
    **_EVENT_FACTS,
    # Below twenty orders a share is chance.
    "lineless_share": (
        "select case when count(*) < 20 then 0.0 else "
        "avg(case when line.order_id is null then 1.0 else 0.0 end) end as lineless_share "
        "from raw.orders_current as placed left join "
        "(select distinct order_id from raw.order_lines_current) as line "
        "on placed.order_id = line.order_id "
        "where placed.status not in ('cancelled', 'unavailable') and placed.ordered_at > "
        "(select max(ordered_at) - interval 7 day from raw.orders_current)"
    ),
    "unsuppressed_count": (
        "select count(*) as unsuppressed_count from raw.messages_current as message "
        "where message.unsubscribed_at is not null and "
        f"{_REFUSED.format(who='contact_id')} and {_REFUSED.format(who='customer_id')}"
    ),
}


def fact_sql(contract: Contract, name: str) -> str:
    """The query of one fact, in a column of its name."""
    if name == CONTRADICTING:
        return _contradicting(contract)
    return _too_old(contract) if name == TOO_OLD else _FACTS[name]


def _contradicting(contract: Contract) -> str:
    """Rows that lost to another of the same version, so by chance; not those read anew."""
    feed, version = contract.feed, contract.version
    keys = " and ".join(f"loser.{name} = winner.{name}" for name in contract.key)
    return (
        f"select count(*) as {CONTRADICTING} from raw.{feed} as loser "
        f"semi join raw.{feed}_superseded as lost on loser._row_id = lost._row_id "
        f"join raw.{feed}_current as winner on {keys} and loser.{version} = winner.{version} "
        "join raw.loads as its_load on loser._sequence = its_load.sequence "
        "join raw.loads as other_load on winner._sequence = other_load.sequence "
        "where not loser._is_deleted and its_load.rules_version = other_load.rules_version "
        "and not coalesce(other_load.is_snapshot, false) "
        f"and loser._recorded_at > (select max(_recorded_at) - interval 7 day from raw.{feed})"
    )


def _too_old(contract: Contract) -> str:
    """Rows beyond 400 days and beyond the history that came at first."""
    feed, moment = contract.feed, contract.event_time
    return (
        f"select count(*) as {TOO_OLD} from raw.{feed}_current as feed cross join "
        f"(select min({moment}) as earliest, min(_recorded_at) as recorded_at from raw.{feed} "
        f"where _recorded_at = (select min(_recorded_at) from raw.{feed})) as history "
        f"where feed._recorded_at > history.recorded_at and feed.{moment} < history.earliest "
        f"and feed.{moment} < feed._recorded_at - interval 400 day"
    )
