{# The fulfilment metrics' units with whose fault it is where a unit failed: that of the line which
   decides. A cancellation by the platform for want of payment is the buyer's fault. #}
with judged as (

    select * from {{ ref('int_vendor_orders_judged') }}

),

late_lines as (

    select * from {{ ref('int_order_lines_blamed') }}

),

cancelled_lines as (

    select
        order_id,
        order_line_id,
        case when cancel_reason = 'payment_failed' then 'buyer' else 'platform' end
            as cancellation_fault
    from {{ ref('int_order_lines_joined') }}
    where cancelled_by = 'platform'

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
                then coalesce(cancelled_lines.cancellation_fault, 'vendor')
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
