with errors as (

    select * from {{ source('predictions', 'vendor_rule_errors') }}

)

select
    -- ids
    vendor_id,
    metric_id,

    -- text
    level,

    -- numbers
    unit_count,
    innocent_rate,
    guilty_rate,
    from_count,
    accused_share,
    caught_share,
    from_count_by_fixed_prior,
    accused_share_by_fixed_prior,
    caught_share_by_fixed_prior,

    -- dates
    window_end,
    {{ as_of_date() }} as as_of_date
from errors
