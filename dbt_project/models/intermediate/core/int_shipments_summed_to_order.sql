select
    -- ids
    order_id,

    -- timestamps: sent and delivered with the last shipment, when none is left open
    max(promised_at) as promised_at,
    case when count_if(shipped_at is null) = 0 then max(shipped_at) end as shipped_at,
    case when count_if(delivered_at is null) = 0 then max(delivered_at) end as delivered_at
from {{ ref('int_shipments_known') }}
group by order_id
