{# Lost orders without lines name no vendor, so they are in nobody's cancellation rate; they are
   counted for the same windows, with what was known at their ends, to stand beside it. #}
select
    -- ids
    windows.metric_id,

    -- text
    windows.window_kind,

    -- numbers
    count(orders.order_id) as unattributed_count,

    -- dates
    windows.window_end
from {{ ref('int_metric_windows_spined') }} as windows
left join {{ ref('fct_orders') }} as orders
    on
        windows.metric_id = 'vendor_cancellation_rate'
        and orders.is_lost
        and orders.line_count = 0
        and windows.window_start <= orders.order_date
        and windows.window_end > orders.order_date
        and coalesce({{ business_date('orders.cancelled_at') }} < windows.window_end, true)
group by windows.metric_id, windows.window_kind, windows.window_end
