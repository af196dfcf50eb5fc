"""Calls of Segment and RudderStack: one JSON object per line, as their specifications have it.

https://segment.com/docs/connections/spec/ and https://www.rudderstack.com/docs/event-spec/.
"""

from sources.clickstream.consent import (
    ALLOWED,
    ANALYTICS,
    DENIED,
    MARKETING,
    PREFERENCES,
    category_of,
    choice,
    is_unmapped,
)
from sources.clickstream.consent import prepared as consent_prepared
from sources.clickstream.dialect import Dialect
from sources.clickstream.expressions import (
    country_code,
    device,
    event_type,
    host,
    is_bot,
    is_foreign,
    normalised,
    rounded,
)
from sources.clickstream.nesting import at, first_of, structure
from sources.sql import identifier

_ITEMS = "properties.products"
_CALL = (
    "type",
    "event",
    "messageId",
    "anonymousId",
    "userId",
    "groupId",
    "previousId",
    "timestamp",
    "originalTimestamp",
    "sentAt",
    "receivedAt",
)
_CONTEXT = (
    "userAgent",
    "groupId",
    "sessionId",
    "page.path",
    "page.url",
    "page.referrer",
    "campaign.id",
    "campaign.name",
    "campaign.source",
    "campaign.medium",
    "device.type",
    "location.country",
)
_PROPERTIES = (
    "product_id",
    "sku",
    "category_id",
    "category",
    "vendor_id",
    "seller_id",
    "affiliation",
    "quantity",
    "price",
    "value",
    "revenue",
    "total",
    "currency",
    "cart_id",
    "checkout_id",
    "order_id",
    "quote_id",
    "content_id",
    "promotion_id",
    "campaign_id",
    "experiment_id",
    "session_id",
    "account_id",
    "query",
    "result_count",
    "step",
    "path",
    "url",
    "referrer",
)
_ITEM = (
    "product_id",
    "sku",
    "id",
    "category_id",
    "category",
    "vendor_id",
    "seller_id",
    "affiliation",
    "quantity",
    "price",
)
_PATHS = (
    *_CALL,
    *(f"context.{name}" for name in _CONTEXT),
    f"{PREFERENCES}{{}}",
    f"{ALLOWED}[]",
    f"{DENIED}[]",
    *(f"properties.{name}" for name in _PROPERTIES),
    *(f"{_ITEMS}[].{name}" for name in _ITEM),
)


def segment(mapped: tuple[str, ...] = ()) -> Dialect:
    """The dialect, reading also the paths that a marketplace maps by itself."""
    in_items = tuple(path for path in mapped if path.startswith(f"{_ITEMS}."))
    of_events = {path: _mapped(path) for path in mapped if path not in in_items}
    extra = [path for path in of_events if category_of(path) is None]
    extra += [path.replace(_ITEMS, f"{_ITEMS}[]", 1) for path in in_items]
    categories = [name for path in of_events if (name := category_of(path)) is not None]
    return Dialect(
        name="segment",
        document=structure([*_PATHS, *extra]),
        needed=("messageId",),
        prepared={
            "event_name": normalised(at("event")),
            "referrer_host": host(_referrer()),
            "page_host": first_of(host(at("context.page.url")), host(at("properties.url"))),
            **consent_prepared(),
        },
        judged={"is_foreign": is_foreign("referrer_host", "page_host")},
        texts={**_who(), **_what(), **_where(), **_amounts()},
        items=at(_ITEMS),
        item_texts=_item_texts(),
        paths=of_events,
        item_paths={path: at(path.removeprefix(f"{_ITEMS}."), "item") for path in in_items},
        notes={
            "unmapped_consent:has_analytics_consent": is_unmapped([*ANALYTICS, *categories]),
        },
    )


def _mapped(path: str) -> str:
    """A path of the mapping, which may name a category of the consent."""
    category = category_of(path)
    return at(path) if category is None else choice([category])


def _property(*names: str) -> str:
    return first_of(*(at(f"properties.{name}") for name in names))


def _referrer() -> str:
    return first_of(at("properties.referrer"), at("context.page.referrer"))


def _who() -> dict[str, str]:
    # An alias call names who the visitor was until now, and that is the browser we know.
    return {
        "event_id": at("messageId"),
        "visitor_id": first_of(at("anonymousId"), at("previousId")),
        "session_id": first_of(at("context.sessionId"), at("properties.session_id")),
        "customer_id": at("userId"),
        "account_id": first_of(at("groupId"), at("context.groupId"), at("properties.account_id")),
        "has_analytics_consent": choice(ANALYTICS),
        "has_marketing_consent": choice(MARKETING),
        "is_bot": is_bot(at("context.userAgent")),
    }


def _what() -> dict[str, str]:
    kind = at("type")
    # Calls that tell who someone is, and no event, are kept as `other`: they join the ids.
    return {
        "event_type": (
            f"case when {kind} in ('page', 'screen') then 'page_viewed' "
            f"when {kind} in ('identify', 'group', 'alias') then 'other' "
            f"else {event_type('segment')} end"
        ),
        "vendor_id": _property("vendor_id", "seller_id", "affiliation"),
        "product_id": _property("product_id", "sku"),
        "category_id": _property("category_id", "category"),
        "content_id": _property("content_id"),
        "cart_id": _property("cart_id", "checkout_id"),
        "order_id": _property("order_id"),
        "quote_id": _property("quote_id"),
        "promotion_id": _property("promotion_id"),
        "experiment_id": _property("experiment_id"),
        "occurred_at": _happened(),
        "received_at": at("receivedAt"),
    }


def _where() -> dict[str, str]:
    return {
        "campaign_id": first_of(
            at("context.campaign.id"),
            at("context.campaign.name"),
            at("properties.campaign_id"),
        ),
        "source": f"coalesce({first_of(at('context.campaign.source'))}, "
        "case when is_foreign then referrer_host end)",
        "medium": f"coalesce({first_of(at('context.campaign.medium'))}, "
        "case when is_foreign then 'referral' end)",
        "page_path": first_of(
            at("properties.path"),
            at("context.page.path"),
            at("properties.url"),
            at("context.page.url"),
        ),
        "device": device(
            at("context.userAgent"),
            at("context.device.type"),
            f"coalesce({at('type')} = 'screen', false)",
        ),
        "country_code": country_code(at("context.location.country")),
    }


def _amounts() -> dict[str, str]:
    return {
        "currency_code": f"upper({at('properties.currency')})",
        "quantity": _property("quantity"),
        "unit_price": rounded(at("properties.price"), 4),
        "value_amount": rounded(_property("value", "revenue", "total"), 2),
        "search_term": _property("query"),
        "result_count": _property("result_count"),
        "checkout_step": _property("step"),
    }


def _item_texts() -> dict[str, str]:
    def member(*names: str) -> str:
        return first_of(*(f"item.{identifier(name)}" for name in names))

    return {
        "vendor_id": member("vendor_id", "seller_id", "affiliation"),
        "product_id": member("product_id", "sku", "id"),
        "category_id": member("category_id", "category"),
        "quantity": member("quantity"),
        "unit_price": rounded('item."price"', 4),
    }


def _happened() -> str:
    """The corrected clock: `timestamp`, else the device's time moved by the device's error."""
    original, sent, received = (
        f"try_cast({at(name)} as timestamptz)"
        for name in ("originalTimestamp", "sentAt", "receivedAt")
    )
    corrected = f"cast({original} + ({received} - {sent}) as varchar)"
    return (
        f"case when nullif({at('timestamp')}, '') is not null then {at('timestamp')} "
        f"else coalesce({corrected}, {first_of(at('originalTimestamp'), at('receivedAt'))}) end"
    )
