{# The data ends with a day, so a vendor acts on the day after it: what is due then can still be in
   time; what was due before is late whatever is done, but a buyer waits for it. #}
with order_lines as (

    select * from {{ ref('fct_order_lines') }}
    where
        fulfilled_by = 'vendor'
        and shipped_at is null
        and is_in_gmv_net
        and ship_by_date <= {{ as_of_end_date() }}

),

windows as (

    select * from {{ ref('int_metric_windows_spined') }}
    where metric_id = 'late_shipment_rate' and window_end = {{ as_of_end_date() }}

)

select
    -- ids
    order_lines.vendor_id,
    case
        when order_lines.ship_by_date = {{ as_of_end_date() }} then 'ship_due'
        else 'ship_overdue'
    end as action_id,
    order_lines.order_id as unit_id,
    order_lines.order_id,

    -- text
    'order' as unit_kind,
    max(order_lines.currency_code) as currency_code,

    -- numbers
    count(*) as line_count,
    {{ money('sum(order_lines.gmv)') }} as gmv,

    -- timestamps
    min(order_lines.ship_by_at) as due_at
from order_lines
-- what left tomorrow's window was given up long ago
inner join windows
    on order_lines.ship_by_date > windows.window_start
group by
    order_lines.vendor_id,
    case
        when order_lines.ship_by_date = {{ as_of_end_date() }} then 'ship_due'
        else 'ship_overdue'
    end,
    order_lines.order_id
