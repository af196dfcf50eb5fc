select
    -- ids
    vendor_id,
    action_id,
    unit_id,
    order_id,

    -- text
    unit_kind,
    '{{ var("currency_code") }}' as currency_code,

    -- numbers
    line_count,
    gmv,

    -- dates
    {{ as_of_date() }} as as_of_date,

    -- timestamps
    due_at
from {{ ref('int_vendor_actions_offered') }}
