{{ config(materialized='incremental', partition_by=['order_date']) }}

with order_lines as (

    select
        *,
        {{ money('round(quantity * unit_price, 2) - discount_amount') }} as gmv,
        not is_cancelled and status <> 'unavailable' as is_in_gmv_net,
        {{ business_date('ship_by_at') }} as ship_by_date,
        {{ business_date('promised_at') }} as promised_date,
        {{ business_date('shipped_at') }} as shipped_date,
        {{ business_date('delivered_at') }} as delivered_date,
        {{ business_date('cancelled_at') }} as cancelled_date
    from {{ ref('int_order_lines_joined') }}

)

select
    -- ids
    order_line_id,
    order_id,
    vendor_id,
    product_id,
    customer_id,
    category_id,

    -- text
    status,
    channel,
    currency_code,
    cancelled_by,
    fulfilled_by,
    product_name,
    category_name,

    -- numbers
    quantity,
    unit_price,
    discount_amount,
    gmv,
    case when is_in_gmv_net then gmv else {{ money('0') }} end as gmv_net,
    shipping_amount,
    commission_amount,

    -- booleans
    is_cancelled,
    is_in_gmv_net,
    -- lost by the vendor's side: never available, or cancelled before shipping and not by the buyer
    status = 'unavailable'
    or (
        is_cancelled
        and coalesce(cancelled_by, 'unknown') <> 'buyer'
        and (shipped_at is null or coalesce(cancelled_at < shipped_at, false))
    ) as is_lost_by_vendor,
    -- left the vendor's duty to ship
    not is_in_gmv_net
    and (shipped_at is null or coalesce(cancelled_at < shipped_at, false))
        as is_dropped_before_shipping,
    case
        when ship_by_at is null then cast(null as boolean)
        when shipped_at is not null then shipped_at > ship_by_at
        when is_in_gmv_net and ship_by_date < {{ as_of_end_date() }} then true
    end as is_shipped_late,
    delivered_at > promised_at as is_late,
    delivered_date > promised_date as is_late_by_date,
    is_in_gmv_net
    and delivered_at is null
    and coalesce(promised_date < {{ as_of_end_date() }}, false) as is_overdue,

    -- dates
    order_date,
    ship_by_date,
    promised_date,
    shipped_date,
    delivered_date,
    cancelled_date,
    {{ as_of_date() }} as as_of_date,

    -- timestamps
    ordered_at,
    accepted_at,
    ship_by_at,
    promised_at,
    shipped_at,
    delivered_at,
    cancelled_at
from order_lines
