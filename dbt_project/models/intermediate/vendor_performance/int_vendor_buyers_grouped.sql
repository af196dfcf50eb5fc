{{ config(materialized='table') }}

{# Each vendor's buyers of the twelve months up to the last quarter's end, grouped in some ways,
   each buyer once in each. The window moves by quarters and nobody chooses it. #}
with buyers as (

    {{ buyers_scored(groups_from(), groups_until()) }}

),

customers as (

    select
        customer_id,
        customer_type,
        country_code
    from {{ ref('int_customers_merged') }}

),

messages as (

    select
        vendor_id,
        customer_id,
        bool_or(
            coalesce({{ business_date('unsubscribed_at') }} < {{ groups_until() }}, false)
        ) as is_unsubscribed
    from {{ ref('stg_marketing__messages') }}
    where
        direction = 'outbound'
        and vendor_id is not null
        and {{ business_date('sent_at') }} >= {{ groups_from() }}
        and {{ business_date('sent_at') }} < {{ groups_until() }}
    group by vendor_id, customer_id

),

described as (

    select
        buyers.*,
        coalesce(customers.customer_type, 'unknown') as customer_type,
        coalesce(customers.country_code, 'unknown') as country_code,
        case
            when messages.customer_id is null then 'not_written_to'
            when messages.is_unsubscribed then 'unsubscribed'
            else 'subscribed'
        end as subscription_state
    from buyers
    left join customers
        on buyers.customer_id = customers.customer_id
    left join messages
        on buyers.vendor_id = messages.vendor_id and buyers.customer_id = messages.customer_id

),

grouped as (

    select
        vendor_id,
        customer_id,
        monetary,
        'all' as group_kind,
        'all' as group_id
    from described
    union all
    select
        vendor_id,
        customer_id,
        monetary,
        'segment' as group_kind,
        rfm_segment as group_id
    from described
    union all
    select
        vendor_id,
        customer_id,
        monetary,
        'orders' as group_kind,
        case when frequency = 1 then 'once' else 'again' end as group_id
    from described
    union all
    select
        vendor_id,
        customer_id,
        monetary,
        'customer_type' as group_kind,
        customer_type as group_id
    from described
    union all
    select
        vendor_id,
        customer_id,
        monetary,
        'country' as group_kind,
        country_code as group_id
    from described
    union all
    select
        vendor_id,
        customer_id,
        monetary,
        'subscription' as group_kind,
        subscription_state as group_id
    from described

)

select
    -- ids
    vendor_id,
    group_id,

    -- text
    group_kind,

    -- numbers
    count(*) as people,
    sum(monetary) as amount,
    max(monetary) as largest_amount
from grouped
group by vendor_id, group_kind, group_id
