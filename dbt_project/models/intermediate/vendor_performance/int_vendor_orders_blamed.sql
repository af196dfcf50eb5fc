{# The fulfilment metrics' units with whose fault it is where a unit failed: that of the line which
   decides. A cancellation by the platform for want of payment is the buyer's fault; one of which
   nobody says who caused it is of unknown cause, unless the vendor refused the order, or let it
   lapse. #}
with judged as (

    select * from {{ ref('int_vendor_orders_judged') }}

),

late_lines as (

    select * from {{ ref('int_order_lines_blamed') }}

),

refused as (

    select
        order_id,
        vendor_id
    from {{ ref('int_orders_decided') }}
    where metric_id = 'acceptance_rate' and not is_in_numerator

),

cancelled_lines as (

    select
        order_lines.order_id,
        order_lines.order_line_id,
        case
            when order_lines.status = 'unavailable' or order_lines.cancelled_by = 'vendor'
                then 'vendor'
            when order_lines.cancel_reason = 'payment_failed' then 'buyer'
            when order_lines.cancel_reason = 'fraud_suspected' then 'platform'
            when refused.order_id is not null then 'vendor'
            when order_lines.cancelled_by = 'platform' then 'platform'
            else 'unknown'
        end as cancellation_fault
    from {{ ref('int_order_lines_joined') }} as order_lines
    left join refused
        on
            order_lines.order_id = refused.order_id
            and order_lines.vendor_id = refused.vendor_id

),

faulted as (

    select
        judged.*,
        case
            when judged.metric_id = 'late_shipment_rate' and judged.is_in_numerator
                then coalesce(late_lines.shipping_fault, 'vendor')
            when
                judged.metric_id = 'on_time_delivery_rate'
                and not judged.is_in_numerator
                and judged.membership_date < {{ as_of_end_date() }}
                then coalesce(late_lines.delivery_fault, 'vendor')
            when judged.metric_id = 'late_delivery_rate_by_date' and judged.is_in_numerator
                then coalesce(late_lines.delivery_fault, 'vendor')
            when judged.metric_id = 'vendor_cancellation_rate' and judged.is_in_numerator
                then coalesce(cancelled_lines.cancellation_fault, 'unknown')
        end as fault_class
    from judged
    left join late_lines
        on
            judged.order_id = late_lines.order_id
            and judged.order_line_id = late_lines.order_line_id
    left join cancelled_lines
        on
            judged.order_id = cancelled_lines.order_id
            and judged.order_line_id = cancelled_lines.order_line_id

)

select
    -- ids
    metric_id,
    vendor_id,
    order_id as unit_id,
    order_id,
    cast(null as string) as order_line_id,

    -- text
    'order' as unit_kind,
    fault_class,

    -- numbers
    {{ units('case when is_in_numerator then 1 else 0 end') }} as numerator_value,
    {{ units('1') }} as denominator_value,

    -- booleans
    is_in_numerator,

    -- dates
    membership_date,
    counts_from,
    counts_until,
    numerator_from
from faulted
