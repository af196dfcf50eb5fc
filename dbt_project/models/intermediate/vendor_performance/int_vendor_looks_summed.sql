select
    -- ids
    vendor_id,

    -- numbers
    cast(sum(look_count) as bigint) as look_count
from {{ ref('stg_operations__vendor_looks') }}
where
    marketplace = '{{ var("marketplace") }}'
    and looked_date >= {{ days_before(as_of_end_date(), 28) }}
    and looked_date < {{ as_of_end_date() }}
group by vendor_id
