"""What a rule may speak of: attributes of its subjects, and what they did; each declared once here.

An attribute is a column of the mart of the same name, which also says what it means; a test holds
the two together. What names or reaches a person is no attribute; of what people said of themselves
the mart holds only what they allowed to be used.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, Literal

from output.messages import Message, message

Kind = Literal["number", "text", "day", "yes_no"]
# Whom a segment is of.
SubjectKind = Literal["customer", "vendor", "lead"]

ATTRIBUTES_MART: Final = "mart_customer_attributes"


@dataclass(frozen=True, slots=True)
class Event:
    """Something that customers do or that is done for them, as rows of one mart.

    `counts` is the column whose distinct values are the times; every row is one where it is empty.
    `only` is a column and what it has to be, where other rows of the mart are something else.
    `fields` are the columns that a rule may ask for.
    """

    title: Message
    mart: str
    day: str
    fields: Mapping[str, Kind]
    counts: str = ""
    only: tuple[str, str] | None = None

    @property
    def which(self) -> str:
        """The condition on rows of the mart, in SQL."""
        return "{} = '{}'".format(*self.only) if self.only else "true"


ATTRIBUTES: Final[Mapping[str, Kind]] = MappingProxyType(
    {
        "customer_type": "text",
        "country_code": "text",
        "region": "text",
        "gender": "text",
        "age_band": "text",
        "next_birthday_date": "day",
        "industry": "text",
        "size_class": "text",
        "employee_band": "text",
        "account_country_code": "text",
        "root_account_id": "text",
        "is_in_group": "yes_no",
        "first_touch_channel": "text",
        "first_touch_device": "text",
        "last_channel": "text",
        "order_count": "number",
        "gmv": "number",
        "gmv_net": "number",
        "average_order_value": "number",
        "recency_days": "number",
        "age_days": "number",
        "vendor_count": "number",
        "category_count": "number",
        "product_count": "number",
        "discounted_share": "number",
        "returned_share": "number",
        "first_order_date": "day",
        "last_order_date": "day",
        "is_registered": "yes_no",
        "rfm_segment": "text",
        "lifecycle_stage": "text",
        "abc_class": "text",
        "r_score": "number",
        "f_score": "number",
        "m_score": "number",
        "value_status": "text",
        "p_alive": "number",
        "expected_orders_12m": "number",
        "clv_12m": "number",
    }
)


def _touchpoint(title: Message, kind: str, fields: Mapping[str, Kind]) -> Event:
    return Event(title, "mart_touchpoints", "touchpoint_date", fields, only=("kind", kind))


EVENTS: Final[Mapping[str, Event]] = MappingProxyType(
    {
        "order": Event(
            message("Orders"),
            "fct_orders",
            "order_date",
            {
                "channel": "text",
                "status": "text",
                "currency_code": "text",
                "gmv_net": "number",
                "line_count": "number",
                "is_cancelled": "yes_no",
                "is_late": "yes_no",
            },
        ),
        "purchase": Event(
            message("Orders with such an item"),
            "fct_order_lines",
            "order_date",
            {
                "vendor_id": "text",
                "category_id": "text",
                "product_id": "text",
                "promotion_id": "text",
                "channel": "text",
                "quantity": "number",
                "gmv_net": "number",
                "is_cancelled": "yes_no",
                "is_late": "yes_no",
            },
            counts="order_id",
        ),
        "session": Event(
            message("Visits"),
            "fct_sessions",
            "session_date",
            {
                "channel": "text",
                "device": "text",
                "campaign_id": "text",
                "event_count": "number",
                "viewed": "yes_no",
                "added_to_cart": "yes_no",
                "began_checkout": "yes_no",
                "purchased": "yes_no",
                "is_engaged": "yes_no",
            },
            only=("session_kind", "human"),
        ),
        "cart": Event(
            message("Carts"),
            "fct_carts",
            "cart_date",
            {
                "cart_state": "text",
                "checkout_state": "text",
                "channel": "text",
                "device": "text",
                "cart_value": "number",
            },
        ),
        "consent": Event(
            message("Consents and ways to reach somebody"),
            "mart_contactability",
            "stated_date",
            {
                "purpose": "text",
                "channel": "text",
                "consent_state": "text",
                "is_contactable": "yes_no",
                "has_address": "yes_no",
            },
        ),
        "message": _touchpoint(
            message("Messages"),
            "message",
            {"channel": "text", "direction": "text", "detail": "text"},
        ),
        "ticket": _touchpoint(
            message("Support tickets"), "ticket", {"channel": "text", "detail": "text"}
        ),
        "review": _touchpoint(
            message("Reviews"), "review", {"score": "number", "vendor_id": "text"}
        ),
        "survey": _touchpoint(
            message("Survey answers"), "survey", {"detail": "text", "score": "number"}
        ),
        "call": _touchpoint(message("Phone calls"), "call", {"direction": "text"}),
        "registration": _touchpoint(message("Product registrations"), "registration", {}),
    }
)


@dataclass(frozen=True, slots=True)
class Subject:
    """Whom a segment is of: a row each of the mart of attributes, by its key.

    Events are those of a mart with that key.
    """

    kind: SubjectKind
    mart: str
    key: str
    attributes: Mapping[str, Kind]
    events: Mapping[str, Event]


CUSTOMER: Final = Subject("customer", ATTRIBUTES_MART, "customer_id", ATTRIBUTES, EVENTS)
_VENDOR: Final = Subject(
    "vendor",
    "mart_vendor_attributes",
    "vendor_id",
    MappingProxyType(
        {
            "status": "text",
            "vendor_type": "text",
            "category_id": "text",
            "country_code": "text",
            "region": "text",
            "worst_state": "text",
            "act_metric_count": "number",
            "watch_metric_count": "number",
            "order_count_90d": "number",
            "gmv_net_90d": "number",
            "gmv_90d": "number",
            "gmv_before_90d": "number",
            "gmv_change_90d": "number",
            "review_score_90d": "number",
            "joined_date": "day",
            "first_order_date": "day",
            "last_order_date": "day",
        }
    ),
    MappingProxyType({}),
)
_LEAD: Final = Subject(
    "lead",
    "mart_lead_attributes",
    "lead_id",
    MappingProxyType(
        {
            "lead_kind": "text",
            "origin": "text",
            "status": "text",
            "last_event_type": "text",
            "score": "number",
            "contact_count": "number",
            "created_date": "day",
            "last_event_date": "day",
            "last_enquiry_date": "day",
            "last_contact_date": "day",
            "is_open": "yes_no",
        }
    ),
    MappingProxyType({}),
)
SUBJECTS: Final[Mapping[str, Subject]] = MappingProxyType(
    {subject.kind: subject for subject in (CUSTOMER, _VENDOR, _LEAD)}
)
