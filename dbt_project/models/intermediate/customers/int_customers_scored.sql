{# Each day's customers are what all orders until then made them, so a stale day leaves those before
   it as they are. A month's end drops out where the history is long enough or as_of_date goes back. #}
{{ config(
    materialized='incremental',
    partition_by=['segment_date'],
    incremental_predicates=[
        "segment_date >= (select min(stale_date) from raw.stale_days)",
        "segment_date not in (select segment_date from intermediate.int_segment_dates_spined)",
    ]
) }}

{# Who had bought by each of the days, and what kind of customer that was then. What was cancelled
   or could not be supplied is no purchase. #}
with segment_dates as (

    select
        segment_date,
        {{ days_before('segment_date', 365) }} as day_before_window
    from {{ ref('int_segment_dates_spined') }}
    where
        {{ is_since_stale_day('segment_date') }}
        or {{ is_not_built('segment_date', 'segment_date') }}

),

order_days as (

    select
        customer_id,
        order_date,
        count(*) as order_count,
        coalesce(sum(gmv_net), 0) as net_sales
    from {{ ref('fct_orders') }}
    where is_in_gmv_net
    group by customer_id, order_date

),

before as (

    select
        *,
        lag(order_date) over (
            partition by customer_id order by order_date asc nulls last
        ) as order_date_before
    from order_days

),

spaced as (

    select
        *,
        {{ days_between('order_date_before', 'order_date') }} as gap_days
    from before

),

dated as (

    select
        spaced.customer_id,
        segment_dates.segment_date,
        min(spaced.order_date) as first_order_date,
        max(spaced.order_date) as last_order_date,
        cast(coalesce(sum(
            case
                when spaced.order_date > segment_dates.day_before_window then spaced.order_count
            end
        ), 0) as bigint) as frequency,
        {{ money(
            'coalesce(sum(case when spaced.order_date > segment_dates.day_before_window '
            ~ 'then spaced.net_sales end), 0)'
        ) }} as monetary,
        -- one gap alone is no rhythm
        case when count(spaced.gap_days) >= 2 then median(spaced.gap_days) end as own_gap_days
    from spaced
    inner join segment_dates
        on spaced.order_date <= segment_dates.segment_date
    group by spaced.customer_id, segment_dates.segment_date

),

measured as (

    select
        *,
        frequency > 0 as is_in_window,
        {{ days_between('last_order_date', 'segment_date') }} as recency_days,
        -- how far apart orders may be expected; who bought less than three times has shown none
        case when own_gap_days is null then 60 else greatest(own_gap_days, 30) end
            as expected_gap_days
    from dated

),

scored as (

    select
        *,
        case
            when is_in_window then {{ rfm_score('recency_days', 'segment_date, is_in_window') }}
        end as r_score,
        case
            when is_in_window then {{ rfm_score('frequency', 'segment_date, is_in_window') }}
        end as f_score,
        case
            when is_in_window then {{ rfm_score('monetary', 'segment_date, is_in_window') }}
        end as m_score,
        sum(monetary) over sold as sales_so_far,
        sum(monetary) over (partition by segment_date, monetary > 0) as all_sales,
        max(monetary) over (partition by segment_date) as largest_sales
    from measured
    window sold as (
        partition by segment_date, monetary > 0
        order by monetary desc nulls last
        range between unbounded preceding and current row
    )

),

boxes as (

    select * from {{ ref('rfm_segments') }}

)

select
    -- ids
    scored.customer_id,

    -- text
    boxes.rfm_segment,
    {{ abc_class(
        'scored.monetary', 'scored.sales_so_far', 'scored.all_sales', 'scored.largest_sales'
    ) }} as abc_class,
    case
        when {{ days_between('scored.first_order_date', 'scored.segment_date') }} < 90 then 'new'
        when scored.recency_days <= 2 * scored.expected_gap_days then 'active'
        when scored.recency_days <= 3 * scored.expected_gap_days then 'at_risk'
        when scored.recency_days <= 6 * scored.expected_gap_days then 'dormant'
        else 'lost'
    end as lifecycle_stage,

    -- numbers
    scored.recency_days,
    scored.frequency,
    scored.monetary,
    scored.r_score,
    scored.f_score,
    scored.m_score,
    scored.own_gap_days,

    -- dates
    scored.segment_date,
    scored.first_order_date,
    scored.last_order_date
from scored
left join boxes
    on
        scored.r_score between boxes.r_from and boxes.r_to
        and scored.f_score between boxes.f_from and boxes.f_to
        and scored.m_score between boxes.m_from and boxes.m_to
