"""The BigQuery export of Google Analytics 4: one record per event, as Parquet or JSON lines.

https://support.google.com/analytics/answer/7029846 describes its columns.
"""

from sources.clickstream.consent import consent, readable
from sources.clickstream.dialect import Dialect
from sources.clickstream.expressions import (
    country_code,
    device,
    event_type,
    host,
    is_foreign,
    is_own_host,
    normalised,
    rounded,
    whole_number,
    without_placeholders,
)
from sources.clickstream.nesting import at, first_of, structure
from sources.sql import literal

_KEYED = ("event_params", "user_properties")
_VALUES = ("string_value", "int_value", "double_value", "float_value")
_ITEM = ("item_id", "item_category", "affiliation", "price", "quantity")
_PATHS = (
    "event_timestamp",
    "event_name",
    "event_bundle_sequence_id",
    "event_server_timestamp_offset",
    "batch_page_id",
    "batch_ordering_id",
    "batch_event_index",
    "user_id",
    "user_pseudo_id",
    "platform",
    "privacy_info.analytics_storage",
    "privacy_info.ads_storage",
    "device.category",
    "geo.country",
    "collected_traffic_source.manual_campaign_id",
    "collected_traffic_source.manual_campaign_name",
    "collected_traffic_source.manual_source",
    "collected_traffic_source.manual_medium",
    "ecommerce.transaction_id",
    "ecommerce.purchase_revenue",
    "ecommerce.refund_value",
    *(f"items[].{name}" for name in _ITEM),
    "items[].item_params[].key",
    *(f"items[].item_params[].value.{name}" for name in _VALUES),
    *(f"{root}[].key" for root in _KEYED),
    *(f"{root}[].value.{name}" for root in _KEYED for name in _VALUES),
)
# What Google writes where it has no value, has removed it or will not tell it.
# A visit without a campaign has one of the second line's as its name.
_PLACEHOLDERS = ("(not set)", "(data deleted)", "<Other>", "(other)", "<obfuscated>", "NA")
_NO_CAMPAIGN = ("(direct)", "(organic)", "(referral)")
# The latest year that a count of microseconds may lie in, so that it can be cast at all.
_LATEST_MICROSECONDS = 7_258_118_400_000_000


def ga4(mapped: tuple[str, ...] = ()) -> Dialect:
    """The dialect, reading also the paths that a marketplace maps by itself."""
    in_items = tuple(path for path in mapped if path.startswith("items."))
    of_events = {path: _mapped(path) for path in mapped if path not in in_items}
    extra = [path for path in of_events if path.split(".")[0] not in _KEYED]
    extra += [
        path.replace("items", "items[]", 1)
        for path in in_items
        if not path.startswith("items.item_params.")
    ]
    return Dialect(
        name="ga4",
        document=structure([*_PATHS, *extra]),
        needed=("event_timestamp", "event_name"),
        prepared=_prepared(),
        judged={
            "is_foreign": is_foreign("referrer_host", "page_host"),
            "is_from_itself": is_own_host(_source(), "page_host"),
        },
        texts={**_who(), **_what(), **_where(), **_amounts()},
        items=at("items"),
        item_texts=_item_texts(),
        paths=of_events,
        item_paths={path: _mapped_item(path) for path in in_items},
        is_numbered=_has_no_batch(),
    )


def _prepared() -> dict[str, str]:
    """Keys and values of the parameters, side by side, so that each list is taken apart once."""
    given = ", ".join(f"pair.value.{name}" for name in _VALUES)
    lists = {}
    for root in _KEYED:
        lists[f"{root}_keys"] = f"list_transform({at(root)}, lambda pair: pair.key)"
        lists[f"{root}_values"] = f"list_transform({at(root)}, lambda pair: coalesce({given}))"
    return {
        **lists,
        "event_name": normalised(at("event_name")),
        "referrer_host": host(_param("page_referrer")),
        "page_host": host(_param("page_location")),
    }


def _looked_up(root: str, key: str) -> str:
    return f"list_extract({root}_values, list_position({root}_keys, {literal(key)}))"


def _param(*keys: str) -> str:
    return first_of(*(_told(_looked_up("event_params", key)) for key in keys))


def _told(value: str) -> str:
    return without_placeholders(value, _PLACEHOLDERS)


def _mapped(path: str) -> str:
    root, _, key = path.partition(".")
    return _told(_looked_up(root, key) if root in _KEYED else at(path))


def _mapped_item(path: str) -> str:
    name = path.removeprefix("items.")
    if name.startswith("item_params."):
        return _item_param(name.removeprefix("item_params."))
    return _told(at(name, "item"))


def _item_param(key: str) -> str:
    given = ", ".join(f"pair.value.{name}" for name in _VALUES)
    found = f"list_filter(item.item_params, lambda pair: pair.key = {literal(key)})"
    return _told(f"list_transform({found}, lambda pair: coalesce({given}))[1]")


_BATCH = ("batch_page_id", "batch_ordering_id", "batch_event_index")


def _has_no_batch() -> str:
    """Whether a record lacks what Google numbers the events of an upload by; exports once did."""
    return " and ".join(f"{at(part)} is null" for part in _BATCH)


def _who() -> dict[str, str]:
    # The export gives events no id. These four tell most of them apart, the place in its upload the
    # others; where a record has none, a number does. All are written in one way: the same event has
    # one id, whoever wrote its numbers. The parts are joined by what none of them holds.
    parts = (
        f"coalesce({at('user_pseudo_id')}, '')",
        f"coalesce(cast({_microseconds()} as varchar), {at('event_timestamp')}, '')",
        f"coalesce({at('event_name')}, '')",
        f"coalesce({whole_number(at('event_bundle_sequence_id'))}, '')",
    )
    places = ", ".join(f"coalesce({whole_number(at(part))}, '')" for part in _BATCH)
    batch = f"case when not ({_has_no_batch()}) then concat_ws('/', {places}) end"
    return {
        "event_id": f"md5(concat_ws(chr(31), {', '.join(parts)}, {batch}))",
        "visitor_id": at("user_pseudo_id"),
        "session_id": _session(),
        "customer_id": _told(at("user_id")),
        "account_id": _param("account_id"),
        "has_analytics_consent": _storage("analytics"),
        "has_marketing_consent": _storage("ads"),
    }


def _storage(kind: str) -> str:
    """Yes or No; Unset where nobody was asked."""
    told = without_placeholders(at(f"privacy_info.{kind}_storage"), ("Unset", ""))
    return readable(consent(told), "privacy_info")


def _session() -> str:
    """Google numbers a session within its visitor, by the second it began."""
    session = whole_number(_looked_up("event_params", "ga_session_id"))
    return f"{at('user_pseudo_id')} || '-' || {session}"


def _what() -> dict[str, str]:
    happened = _microseconds()
    offset = whole_number(at("event_server_timestamp_offset"))
    uploaded = f"{happened} + try_cast({offset} as bigint)"
    return {
        "event_type": f"case when {at('event_name')} is not null then {event_type('ga4')} end",
        "vendor_id": _param("vendor_id", "seller_id", "affiliation"),
        "product_id": _param("product_id", "item_id"),
        "category_id": _param("category_id", "item_category"),
        "content_id": _param("content_id"),
        "cart_id": _param("cart_id"),
        "order_id": first_of(_param("transaction_id"), _told(at("ecommerce.transaction_id"))),
        "quote_id": _param("quote_id"),
        "promotion_id": _param("promotion_id"),
        "experiment_id": _param("experiment_id"),
        "occurred_at": f"coalesce({_at_microseconds(happened)}, {at('event_timestamp')})",
        "received_at": _at_microseconds(uploaded),
    }


def _microseconds() -> str:
    """When it happened, in microseconds since 1970, also where a view made a time of them."""
    moment = f"epoch_us(try_cast({at('event_timestamp')} as timestamptz))"
    return f"coalesce(try_cast({whole_number(at('event_timestamp'))} as bigint), {moment})"


def _at_microseconds(count: str) -> str:
    is_believable = f"{count} between 0 and {_LATEST_MICROSECONDS}"
    return f"case when {is_believable} then cast(make_timestamp({count}) as varchar) end"


def _source() -> str:
    manual = at("collected_traffic_source.manual_source")
    return first_of(_told(manual), _param("source"))


def _where() -> dict[str, str]:
    # `traffic_source` is the source of a visitor's first visit ever, not of this one.
    manual = "collected_traffic_source.manual"
    source = _source()
    medium = first_of(_told(at(f"{manual}_medium")), _param("medium"))
    campaign = first_of(
        _told(at(f"{manual}_campaign_id")),
        _told(at(f"{manual}_campaign_name")),
        _param("campaign_id", "campaign"),
    )
    return {
        "campaign_id": without_placeholders(campaign, _NO_CAMPAIGN),
        # A page of the shop is no place that a visit came from, though Google says so.
        "source": f"case when not is_from_itself then coalesce(trim({source}, '()'), "
        "case when is_foreign then referrer_host end) end",
        "medium": f"case when not is_from_itself then coalesce(trim({medium}, '()'), "
        "case when is_foreign then 'referral' end) end",
        "page_path": _looked_up("event_params", "page_location"),
        "device": device(
            "cast(null as varchar)",
            at("device.category"),
            f"coalesce({at('platform')} in ('ANDROID', 'IOS'), false)",
        ),
        "country_code": country_code(_told(at("geo.country"))),
    }


def _amounts() -> dict[str, str]:
    worth = first_of(
        _param("value"), at("ecommerce.purchase_revenue"), at("ecommerce.refund_value")
    )
    milliseconds = f"try_cast({_looked_up('event_params', 'engagement_time_msec')} as double)"
    return {
        "currency_code": f"upper({_param('currency')})",
        "quantity": _param("quantity"),
        "unit_price": rounded(_param("price"), 4),
        "value_amount": rounded(worth, 2),
        "search_term": _param("search_term"),
        "result_count": _param("result_count"),
        "checkout_step": _param("checkout_step"),
        "engagement_seconds": f"cast(cast(round({milliseconds} / 1000) as bigint) as varchar)",
    }


def _item_texts() -> dict[str, str]:
    vendor = (_item_param("vendor_id"), _item_param("seller_id"), _told('item."affiliation"'))
    return {
        "vendor_id": first_of(*vendor),
        "product_id": _told('item."item_id"'),
        "category_id": _told('item."item_category"'),
        "quantity": 'item."quantity"',
        "unit_price": rounded('item."price"', 4),
    }
