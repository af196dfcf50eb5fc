"""What an export reads of customers, vendors and leads: whether each may be sent, and its fields.

`allowed` says of whom, for $purpose and $channel, on which basis and in which state. `withdrawn` is
whether that has ended by what arrived since; `joined` is where fields are read from (fields.py).
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from operations.segments.vocabulary import SubjectKind

BUILD, PUBLISHED = "warehouse", "published"


@dataclass(frozen=True, slots=True)
class Source:
    """The SQL of what is read of a kind of subjects."""

    allowed: str
    withdrawn: str
    joined: str
    # `allowed` where a vendor asks, $vendor.
    allowed_to_vendor: str = ""
    # What `withdrawn` reads beside the rows themselves: further tables, and how they are joined.
    ended: str = ""
    joined_ended: str = ""


# What one customer said of the vendor counts beside what it said to us, and a refusal of either
# wins: of the vendor's letters, of sharing data with it, or of all letters.
_OF_VENDOR: Final = f"""
select
    coalesce(general.customer_id, named.customer_id) as subject_id,
    if(is_named, named.contact_id, general.contact_id) as contact_id,
    if(is_named, named.text_version, general.text_version) as basis,
    case
        when sharing.customer_id is not null then 'refused'
        else if(is_named, named.consent_state, general.consent_state)
    end as consent_state,
    if(is_named, named.stated_at, general.stated_at) as stated_at,
    if(is_named, named.is_bounced, general.is_bounced) as is_bounced,
    if(is_named, named.has_address, general.has_address) as has_address,
    if(is_named, named.is_contactable, general.is_contactable) as is_contactable
from (
    select * from {PUBLISHED}.marts.mart_contactability
    where purpose = $purpose and channel = $channel
) as general
full join (
    select * from {PUBLISHED}.marts.mart_contactability_by_vendor
    where vendor_id = $vendor and purpose = $purpose and channel = $channel
) as named on general.customer_id = named.customer_id
left join (
    select distinct customer_id
    from {PUBLISHED}.marts.mart_contactability_by_vendor
    where
        vendor_id = $vendor
        and purpose = 'vendor_sharing'
        and consent_state in ('refused', 'suppressed')
) as sharing on coalesce(general.customer_id, named.customer_id) = sharing.customer_id
cross join lateral (
    select
        case
            when named.customer_id is null then false
            when named.consent_state <> 'granted' then true
            when general.consent_state = 'suppressed' then false
            when general.consent_state = 'refused' then named.stated_at > general.stated_at
            else true
        end as is_named
) as which
"""
_CUSTOMERS: Final = Source(
    allowed=f"""
select
    customer_id as subject_id,
    contact_id,
    text_version as basis,
    consent_state,
    stated_at,
    is_bounced,
    has_address,
    is_contactable
from {PUBLISHED}.marts.mart_contactability
where purpose = $purpose and channel = $channel
""",
    allowed_to_vendor=_OF_VENDOR,
    # An objection by another person of the same customer does not count; one of the customer does.
    # A join of its own for each equality: with `or` in one, each person would meet each withdrawal.
    ended=f"""
ended as (
    select contact_id, customer_id, max(stated_at) as ended_at
    from {BUILD}.raw.consents_current
    where
        not is_granted
        and (channel = $channel or channel = 'any')
        and (
            (purpose = $purpose and (vendor_id is null or vendor_id = $vendor))
            or (purpose = 'vendor_sharing' and vendor_id = $vendor)
        )
    group by contact_id, customer_id
),

ended_by_contact as (
    select contact_id, max(ended_at) as ended_at
    from ended
    where contact_id is not null
    group by contact_id
),

ended_by_customer as (
    select
        customer_id,
        max(ended_at) as by_anybody_at,
        max(ended_at) filter (where contact_id is null) as by_itself_at
    from ended
    group by customer_id
)
""",
    joined_ended="""
left join ended_by_contact on allowed.contact_id = ended_by_contact.contact_id
left join ended_by_customer on everybody.row_key = ended_by_customer.customer_id
""",
    withdrawn="""
coalesce(ended_by_contact.ended_at >= allowed.stated_at, false)
or coalesce(
    case
        when allowed.contact_id is null then ended_by_customer.by_anybody_at
        else ended_by_customer.by_itself_at
    end >= allowed.stated_at,
    false
)
""",
    # The latest record of a customer speaks, as in int_customers_merged.
    joined=f"""
from people
left join {BUILD}.raw.contacts_current as contacts on people.contact_id = contacts.contact_id
left join (
    select *
    from {BUILD}.raw.customers_current
    qualify row_number() over (
        partition by customer_id
        order by coalesce(updated_at, created_at) desc nulls last, customer_record_id desc
    ) = 1
) as records on people.row_key = records.customer_id
left join {PUBLISHED}.marts.dim_customers as customers on people.row_key = customers.customer_id
left join {PUBLISHED}.marts.mart_customer_attributes as attributes
    on people.row_key = attributes.customer_id
""",
)


def _business(kind: SubjectKind) -> str:
    return f"""
select
    subject_id,
    cast(null as varchar) as contact_id,
    basis_id as basis,
    consent_state,
    stated_at,
    false as is_bounced,
    has_address,
    is_contactable
from {PUBLISHED}.marts.mart_business_contactability
where subject_kind = '{kind}' and purpose = $purpose and channel = $channel
"""


_VENDORS: Final = Source(
    allowed=_business("vendor"),
    withdrawn=f"""
everybody.row_key not in (
    select vendor_id
    from {BUILD}.raw.vendors_current
    where coalesce(status, 'active') in ('active', 'suspended')
)
""",
    joined=f"""
from people
left join {BUILD}.raw.vendors_current as records on people.row_key = records.vendor_id
left join {PUBLISHED}.marts.dim_vendors as vendors on people.row_key = vendors.vendor_id
left join {PUBLISHED}.marts.mart_vendor_attributes as attributes
    on people.row_key = attributes.vendor_id
""",
)
_LEADS: Final = Source(
    allowed=_business("lead"),
    withdrawn=f"""
everybody.row_key not in (select lead_id from {BUILD}.raw.leads_current)
or exists (
    select 1
    from {BUILD}.raw.lead_events_current as ends
    where
        ends.lead_id = everybody.row_key
        and ends.event_type in ('converted', 'lost')
        and ends.occurred_at >= allowed.stated_at
)
""",
    joined=f"""
from people
left join {BUILD}.raw.leads_current as records on people.row_key = records.lead_id
left join {PUBLISHED}.marts.mart_lead_attributes as attributes
    on people.row_key = attributes.lead_id
""",
)
SOURCES: Final[Mapping[SubjectKind, Source]] = MappingProxyType(
    {"customer": _CUSTOMERS, "vendor": _VENDORS, "lead": _LEADS}
)


def marts_read(kind: SubjectKind, *, for_vendors: bool = False) -> set[str]:
    """The published marts that an export of such subjects reads beside the segments."""
    source = SOURCES[kind]
    allowed = source.allowed_to_vendor if for_vendors else source.allowed
    text = f"{allowed} {source.ended} {source.withdrawn} {source.joined}"
    return set(re.findall(rf"{PUBLISHED}\.marts\.(\w+)", text))
