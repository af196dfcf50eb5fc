select
    -- ids
    order_id,

    -- numbers
    count(*) as line_count,
    count(distinct vendor_id) as vendor_count,
    {{ units('sum(quantity)') }} as unit_count,
    {{ money('sum(gmv)') }} as gmv,
    {{ money('sum(gmv_net)') }} as gmv_net,
    {{ money('sum(shipping_amount)') }} as shipping_amount,
    {{ money('sum(commission_amount)') }} as commission_amount,
    {{ money('sum(original_gmv)') }} as original_gmv,

    -- booleans
    bool_or(is_in_gmv_net) as is_in_gmv_net,

    -- timestamps: an order is shipped and delivered with its last line, when none is left open
    max(promised_at) as promised_at,
    case
        when count_if(is_in_gmv_net and shipped_at is null) = 0 then max(shipped_at)
    end as shipped_at,
    case
        when count_if(is_in_gmv_net and delivered_at is null) = 0 then max(delivered_at)
    end as delivered_at
from {{ ref('fct_order_lines') }}
where {{ is_stale('order_date') }}
group by order_id
