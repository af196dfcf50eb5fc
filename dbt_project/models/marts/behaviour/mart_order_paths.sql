{# A path that few orders came by is shortened to its first channel, and where even that is few,
   to none. #}
with windows as (

    select * from {{ ref('int_summary_windows_spined') }}
    where period = 'current'

),

orders as (

    select
        windows.window_id,
        paths.first_channel,
        paths.channel_path,
        paths.visit_count,
        paths.day_count,
        count(*) over (
            partition by windows.window_id, paths.channel_path
        ) >= {{ var('least_sessions_of_path') }} as is_frequent
    from {{ ref('int_order_paths_summarised') }} as paths
    inner join windows
        on
            paths.session_date >= windows.window_start
            and paths.session_date < windows.window_end

),

shortened as (

    select
        *,
        count(*) over (
            partition by window_id, first_channel, is_frequent
        ) >= {{ var('least_sessions_of_path') }} as is_frequent_begin
    from orders

),

named as (

    select
        window_id,
        visit_count,
        day_count,
        case when is_frequent or is_frequent_begin then first_channel else 'rare' end
            as first_channel,
        case
            when is_frequent then channel_path
            when is_frequent_begin then first_channel || ' > rare'
            else 'rare'
        end as channel_path
    from shortened

)

select
    -- ids
    window_id,

    -- text
    first_channel,
    channel_path,

    -- numbers
    count(*) as converted_sessions,
    cast(sum(visit_count) as bigint) as visit_count,
    cast(sum(day_count) as bigint) as day_count,

    -- dates
    {{ as_of_date() }} as as_of_date
from named
group by window_id, first_channel, channel_path
