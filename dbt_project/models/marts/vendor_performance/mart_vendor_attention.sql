{# Of fewer vendors a mean is of somebody rather than of a group. #}
{% set least_vendors = 10 %}
{# With fewer the interval of the normal distribution is too narrow. #}
{% set least_for_interval = 30 %}
{# 95 percent lie within so many standard deviations. #}
{% set deviations = 1.96 %}

{# How the vendors that looked at their pages changed beside those that did not. They chose to look:
   a difference goes with it and need not come from it. Sizes are compared apart and then weighed
   by their vendors, the variance of a stratified mean (Cochran 1977, 5.9). #}
with changes as (

    select
        size_class,
        has_looked,
        'gmv_net' as measure,
        cast(gmv_net - gmv_net_before as double) as vendor_change
    from {{ ref('mart_vendor_looks') }}
    union all
    select
        size_class,
        has_looked,
        'issues' as measure,
        cast(issue_count - issue_count_before as double) as vendor_change
    from {{ ref('mart_vendor_looks') }}
    -- who is not judged in both windows has no change
    where issue_count is not null and issue_count_before is not null

),

-- as decimals: their sums do not depend on the order of the rows
summed as (

    select
        size_class,
        measure,
        has_looked,
        count(*) as vendors,
        cast(sum(cast(vendor_change as decimal(28, 6))) as double) as changes,
        cast(sum(cast(vendor_change * vendor_change as decimal(28, 6))) as double) as squares
    from changes
    group by size_class, measure, has_looked
    having count(*) >= {{ least_vendors }}

),

sides as (

    select
        *,
        {{ ratio('changes', 'vendors') }} as change_mean,
        {{ ratio(
            'squares - ' ~ ratio('changes * changes', 'vendors'), 'vendors * (vendors - 1)'
        ) }} as variance
    from summed

),

compared as (

    select
        looked.size_class,
        looked.measure,
        looked.vendors as looked_vendors,
        rest.vendors as other_vendors,
        looked.vendors + rest.vendors as vendors,
        looked.change_mean as looked_change,
        rest.change_mean as other_change,
        looked.variance + rest.variance as variance
    from sides as looked
    inner join sides as rest
        on looked.size_class = rest.size_class and looked.measure = rest.measure
    where looked.has_looked and not rest.has_looked

),

weighed as (

    select
        measure,
        sum(looked_vendors) as looked_vendors,
        sum(other_vendors) as other_vendors,
        sum(vendors) as vendors,
        cast(sum(cast(vendors * looked_change as decimal(28, 6))) as double) as looked_sum,
        cast(sum(cast(vendors * other_change as decimal(28, 6))) as double) as other_sum,
        cast(sum(cast(vendors * vendors * variance as decimal(28, 6))) as double) as variance_sum
    from compared
    group by measure

),

rows_of_all as (

    select
        size_class,
        measure,
        looked_vendors,
        other_vendors,
        looked_change,
        other_change,
        sqrt(greatest(variance, 0)) as deviation
    from compared
    union all
    select
        'all' as size_class,
        measure,
        looked_vendors,
        other_vendors,
        {{ ratio('looked_sum', 'vendors') }} as looked_change,
        {{ ratio('other_sum', 'vendors') }} as other_change,
        {{ ratio('sqrt(greatest(variance_sum, 0))', 'vendors') }} as deviation
    from weighed

),

ranged as (

    select
        *,
        looked_change - other_change as difference,
        case
            when
                looked_vendors >= {{ least_for_interval }}
                and other_vendors >= {{ least_for_interval }}
                then {{ deviations }} * deviation
        end as reach
    from rows_of_all

)

select
    -- text
    size_class,
    measure,
    '{{ var("currency_code") }}' as currency_code,

    -- numbers
    cast(looked_vendors as bigint) as looked_vendor_count,
    cast(other_vendors as bigint) as other_vendor_count,
    looked_change as looked_change_mean,
    other_change as other_change_mean,
    difference as difference_mean,
    difference - reach as difference_lower,
    difference + reach as difference_upper,

    -- dates
    {{ days_before(as_of_end_date(), 28) }} as window_start,
    {{ as_of_end_date() }} as window_end,
    {{ as_of_date() }} as as_of_date
from ranged
