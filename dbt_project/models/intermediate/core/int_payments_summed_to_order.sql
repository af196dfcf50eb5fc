select
    -- ids
    order_id,

    -- numbers: an undated payment is taken as made
    count(*) as payment_count,
    {{ money('sum(amount)') }} as paid_amount
from {{ ref('stg_erp__payments') }}
where
    status = 'paid'
    and coalesce({{ business_date('paid_at') }} < {{ as_of_end_date() }}, true)
    and {{ is_of_stale_order('order_id') }}
group by order_id
