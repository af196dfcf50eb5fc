{{ config(materialized='incremental', partition_by=['order_date']) }}

{# The unit of the fulfilment metrics is the vendor's part of an order. Its worst line decides, and
   lends it the membership date: of two late lines the one with the smaller id. The three dates say
   from when on a row counts, until when it counts and from when on it counts in the numerator, so
   that an earlier window is judged with what was known at its end. #}

with order_lines as (

    select * from {{ ref('fct_order_lines') }}
    where {{ is_stale('order_date') }}

),

shipping_candidates as (

    select
        *,
        coalesce(is_shipped_late, shipped_at is null and ship_by_date < {{ as_of_end_date() }})
            as is_late_shipment
    from order_lines
    where fulfilled_by = 'vendor' and ship_by_at is not null

)

select
    'late_shipment_rate' as metric_id,
    order_id,
    vendor_id,
    order_line_id,
    ship_by_date as membership_date,
    is_late_shipment as is_in_numerator,
    cast(null as date) as counts_from,
    case
        when is_dropped_before_shipping
            then coalesce(cancelled_date, cast('0001-01-01' as date))
    end as counts_until,
    cast(null as date) as numerator_from,
    order_date
from shipping_candidates
qualify
    row_number() over (
        partition by order_id, vendor_id
        order by
            is_dropped_before_shipping asc nulls last,
            is_late_shipment desc,
            ship_by_date < {{ as_of_end_date() }} desc,
            order_line_id asc nulls last
    ) = 1
union all
select
    'on_time_delivery_rate' as metric_id,
    order_id,
    vendor_id,
    order_line_id,
    promised_date as membership_date,
    coalesce(not is_late, false) as is_in_numerator,
    cast(null as date) as counts_from,
    case
        when not is_in_gmv_net then coalesce(cancelled_date, cast('0001-01-01' as date))
    end as counts_until,
    cast(null as date) as numerator_from,
    order_date
from order_lines
where promised_at is not null
qualify
    row_number() over (
        partition by order_id, vendor_id
        order by
            is_in_gmv_net desc,
            coalesce(is_late, promised_date < {{ as_of_end_date() }}) desc,
            promised_date < {{ as_of_end_date() }} desc,
            order_line_id asc nulls last
    ) = 1
union all
select
    'late_delivery_rate_by_date' as metric_id,
    order_id,
    vendor_id,
    order_line_id,
    promised_date as membership_date,
    is_late_by_date as is_in_numerator,
    delivered_date as counts_from,
    cast(null as date) as counts_until,
    cast(null as date) as numerator_from,
    order_date
from order_lines
where is_late_by_date is not null
qualify
    row_number() over (
        partition by order_id, vendor_id
        order by is_late_by_date desc, order_line_id asc nulls last
    ) = 1
union all
select
    'vendor_cancellation_rate' as metric_id,
    order_id,
    vendor_id,
    order_line_id,
    order_date as membership_date,
    is_lost_by_vendor as is_in_numerator,
    cast(null as date) as counts_from,
    cast(null as date) as counts_until,
    cancelled_date as numerator_from,
    order_date
from order_lines
qualify row_number() over (
    partition by order_id, vendor_id
    order by is_lost_by_vendor desc, cancelled_date asc nulls first, order_line_id asc nulls last
) = 1
