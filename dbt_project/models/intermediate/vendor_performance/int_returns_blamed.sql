{{ config(materialized='table') }}

{# What buyers sent back or want to, by the day on which they asked, and whose fault it is: as was
   decided, else as the reason tells; of what came late, whoever made it late. No reason, and being
   late where nothing was late, tell nothing. #}
with returns as (

    select
        stated.return_id,
        coalesce(stated.order_id, found.order_id) as order_id,
        coalesce(stated.order_line_id, found.order_line_id) as order_line_id,
        stated.reason,
        stated.fault,
        stated.requested_at
    from {{ ref('stg_oms__returns') }} as stated
    -- what does not say of which line
    left join {{ ref('int_returns_matched_to_order_line') }} as found
        on stated.return_id = found.return_id
    where coalesce(stated.status, 'refunded') <> 'refused'

),

late_lines as (

    select
        order_id,
        order_line_id,
        coalesce(delivery_fault, shipping_fault) as delivery_fault
    from {{ ref('int_order_lines_blamed') }}

)

select
    -- ids
    returns.return_id,
    returns.order_id,
    returns.order_line_id,

    -- text
    returns.reason,
    coalesce(
        returns.fault,
        case
            when returns.reason = 'late' then late_lines.delivery_fault
            when returns.reason = 'damaged' then 'carrier'
            when returns.reason = 'changed_mind' then 'buyer'
            when returns.reason in ('not_as_described', 'wrong_item', 'missing_parts')
                then 'vendor'
        end,
        'unknown'
    ) as fault_class,

    -- dates
    {{ business_date('returns.requested_at') }} as requested_date
from returns
left join late_lines
    on
        returns.order_id = late_lines.order_id
        and returns.order_line_id = late_lines.order_line_id
where {{ business_date('returns.requested_at') }} < {{ as_of_end_date() }}
