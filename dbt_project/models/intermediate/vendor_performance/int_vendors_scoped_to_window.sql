{# Where a vendor was registered and what it mainly sold on a window's last day, which decide the
   limit that counts in it. A vendor that moves, or sells something else from then on, leaves what
   was judged before as it was. Before the first version that was delivered it counts as there. #}
with window_ends as (

    select distinct window_end
    from {{ ref('int_metric_windows_spined') }}

),

versions as (

    select
        vendor_id,
        country_code,
        {{ business_date('changed_at') }} as changed_date,
        row_number() over (
            partition by vendor_id
            order by changed_at asc nulls first, load_number asc nulls first
        ) as version_number
    from {{ ref('stg_kontor__vendor_versions') }}

),

countries as (

    select
        window_ends.window_end,
        versions.vendor_id,
        versions.country_code
    from versions
    inner join window_ends
        on versions.version_number = 1 or versions.changed_date < window_ends.window_end
    qualify
        row_number() over (
            partition by versions.vendor_id, window_ends.window_end
            order by versions.version_number desc nulls last
        ) = 1

),

by_day as (

    select
        vendor_id,
        category_id,
        order_date,
        coalesce(sum(gmv), 0) as gmv
    from {{ ref('fct_order_lines') }}
    group by vendor_id, category_id, order_date

),

categories as (

    select
        window_ends.window_end,
        by_day.vendor_id,
        by_day.category_id
    from by_day
    inner join window_ends
        on by_day.order_date < window_ends.window_end
    group by window_ends.window_end, by_day.vendor_id, by_day.category_id
    qualify
        row_number() over (
            partition by by_day.vendor_id, window_ends.window_end
            order by
                by_day.category_id is not null desc,
                sum(by_day.gmv) desc,
                by_day.category_id asc nulls last
        ) = 1

)

select
    -- ids
    categories.vendor_id,
    categories.category_id,

    -- text
    countries.country_code,

    -- dates
    categories.window_end
from categories
left join countries
    on
        categories.vendor_id = countries.vendor_id
        and categories.window_end = countries.window_end
