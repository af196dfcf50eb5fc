{{ config(
    materialized='incremental',
    partition_by=['order_date'],
    incremental_predicates=[
        'window_end not in (select window_end from intermediate.int_metric_windows_spined)'
    ]
) }}

select
    -- ids
    vendor_id,
    metric_id,
    order_id,
    order_line_id,

    -- numbers
    metric_version,
    numerator_value,
    denominator_value,

    -- booleans
    in_numerator,

    -- dates
    membership_date,
    order_date,
    window_start,
    window_end,
    {{ as_of_date() }} as as_of_date
from {{ ref('int_vendor_metric_lines_windowed') }}
where {{ is_stale('order_date') }} or {{ is_new('window_end') }}
