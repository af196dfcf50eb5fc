with errors as (

    select * from {{ source('predictions', 'vendor_rule_errors') }}

),

limited as (

    select * from {{ ref('int_vendor_metrics_limited') }}
    where unit = 'hours' and is_judged and window_end = {{ as_of_end_date() }}

),

{# The longest first: so many take longer than a limit as lie before it. #}
durations as (

    select
        limited.vendor_id,
        limited.metric_id,
        cast(units.numerator_value as double) as hours,
        row_number() over (
            partition by limited.vendor_id, limited.metric_id
            order by units.numerator_value desc nulls last, units.unit_id asc nulls last
        ) as place
    from {{ ref('int_vendor_units_counted') }} as units
    inner join limited
        on
            units.vendor_id = limited.vendor_id
            and units.metric_id = limited.metric_id
            and units.membership_date >= limited.window_start
            and units.membership_date < limited.window_end
    where
        {{ counts_at_end_of('limited') }}

)

select
    -- ids
    errors.vendor_id,
    errors.metric_id,

    -- text
    errors.level,

    -- numbers
    errors.unit_count,
    errors.innocent_rate,
    errors.guilty_rate,
    errors.innocent_rating,
    errors.guilty_rating,
    errors.from_count,
    errors.from_rating,
    errors.accused_share,
    errors.caught_share,
    errors.from_count_by_fixed_prior,
    errors.from_rating_by_fixed_prior,
    errors.accused_share_by_fixed_prior,
    errors.caught_share_by_fixed_prior,
    coalesce(durations.hours, errors.turning_limit) as turning_limit,

    -- dates
    errors.window_end,
    {{ as_of_date() }} as as_of_date
from errors
-- a vendor is accused of slowness from so many slow units on: a limit below that unit's hours
left join durations
    on
        errors.vendor_id = durations.vendor_id
        and errors.metric_id = durations.metric_id
        and errors.from_count = durations.place
