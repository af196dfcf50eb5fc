{{ config(materialized='table') }}

{% set groups = {
    'all': "'all'",
    'segment': 'rfm_segment',
    'orders': "case when frequency = 1 then 'once' else 'again' end",
    'customer_type': 'customer_type',
    'country': 'country_code',
    'subscription': 'subscription_state',
} %}

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

    {% for kind, group in groups.items() %}
        select
            vendor_id,
            customer_id,
            monetary,
            '{{ kind }}' as group_kind,
            {{ group }} as group_id
        from described
        {% if not loop.last %}union all{% endif %}
    {% endfor %}

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
