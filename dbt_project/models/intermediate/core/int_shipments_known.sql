select
    -- ids
    shipment_id,
    order_id,
    vendor_id,
    order_line_id,

    -- text
    carrier,
    ship_country_code,
    fulfilled_by,

    -- timestamps: promises are made in advance, events count once they happened
    ship_by_at,
    promised_at,
    {{ known_by('shipped_at') }} as shipped_at,
    {{ known_by('first_attempt_at') }} as first_attempt_at,
    {{ known_by('delivered_at') }} as delivered_at
from {{ ref('stg_oms__shipments') }}
where {{ is_of_stale_order('order_id') }}
