with windows as (

    select * from {{ ref('int_summary_windows_spined') }}

),

vendors as (

    select vendor_id
    from {{ ref('dim_vendors') }}

),

{# An order has one day, so orders of days add up. #}
sold as (

    select
        sold_days.vendor_id,
        windows.window_id,
        windows.period,
        sum(sold_days.order_count) as order_count,
        sum(sold_days.standing_order_count) as standing_order_count,
        sum(sold_days.cancelled_order_count) as cancelled_order_count,
        sum(sold_days.unit_count) as unit_count,
        sum(sold_days.gmv) as gmv,
        sum(sold_days.gmv_net) as gmv_net,
        sum(sold_days.commission_amount) as commission_amount
    from {{ ref('mart_vendor_daily') }} as sold_days
    inner join windows
        on
            sold_days.order_date >= windows.window_start
            and sold_days.order_date < windows.window_end
    group by sold_days.vendor_id, windows.window_id, windows.period

),

reviewed as (

    select
        reviews.vendor_id,
        windows.window_id,
        sum(reviews.rating) as rating_sum,
        count(*) as review_count
    from {{ ref('int_reviews_matched_to_vendor') }} as reviews
    inner join windows
        on
            reviews.created_date >= windows.window_start
            and reviews.created_date < windows.window_end
    where windows.period = 'current'
    group by reviews.vendor_id, windows.window_id

),

worst_states as (

    select
        vendor_id,
        case
            when bool_or(state = 'act') then 'act'
            when bool_or(state = 'watch') then 'watch'
            when bool_or(state = 'ok') then 'ok'
            else 'no_data'
        end as worst_state
    from {{ ref('mart_vendor_scorecard') }}
    -- the score is made of the others
    where is_current and is_judged and unit <> 'points'
    group by vendor_id

),

sold_before as (

    select * from sold
    where period = 'previous'

),

figures as (

    select
        vendors.vendor_id,
        windows.window_id,
        coalesce(sold.gmv, 0) as gmv,
        coalesce(sold.gmv_net, 0) as gmv_net,
        case when sold.vendor_id is null then 0 else sold.commission_amount end
            as commission_amount,
        coalesce(sold.order_count, 0) as order_count,
        coalesce(sold.unit_count, 0) as unit_count,
        coalesce(sold.cancelled_order_count, 0) as cancelled_order_count,
        {{ average_money('sold.gmv_net', 'sold.standing_order_count') }} as average_order_value,
        {{ ratio('reviewed.rating_sum', 'reviewed.review_count') }} as review_score,
        coalesce(reviewed.review_count, 0) as review_count,
        -- before all time there is nothing: NULL, not zero
        case when windows.window_id <> 'all_time' then coalesce(sold_before.gmv, 0) end
            as previous_gmv,
        case when windows.window_id <> 'all_time' then coalesce(sold_before.order_count, 0) end
            as previous_order_count,
        case when windows.window_id <> 'all_time' then coalesce(sold_before.gmv_net, 0) end
            as previous_gmv_net,
        case
            when windows.window_id <> 'all_time'
                then
                    {{ average_money('sold_before.gmv_net', 'sold_before.standing_order_count') }}
        end as previous_average_order_value,
        coalesce(worst_states.worst_state, 'no_data') as worst_state,
        windows.window_start,
        windows.window_end
    from vendors
    cross join windows
    left join sold
        on
            vendors.vendor_id = sold.vendor_id
            and windows.window_id = sold.window_id
            and sold.period = 'current'
    left join sold_before
        on vendors.vendor_id = sold_before.vendor_id and windows.window_id = sold_before.window_id
    left join reviewed
        on vendors.vendor_id = reviewed.vendor_id and windows.window_id = reviewed.window_id
    left join worst_states
        on vendors.vendor_id = worst_states.vendor_id
    where windows.period = 'current'

)

select
    -- ids
    vendor_id,
    window_id,

    -- text
    worst_state,
    '{{ var("currency_code") }}' as currency_code,

    -- numbers
    {{ money('gmv') }} as gmv,
    {{ money('gmv_net') }} as gmv_net,
    {{ money('commission_amount') }} as commission_amount,
    cast(order_count as bigint) as order_count,
    {{ units('unit_count') }} as unit_count,
    average_order_value,
    cast(cancelled_order_count as bigint) as cancelled_order_count,
    review_score,
    review_count,
    {{ money('previous_gmv') }} as previous_gmv,
    {{ money('previous_gmv_net') }} as previous_gmv_net,
    cast(previous_order_count as bigint) as previous_order_count,
    previous_average_order_value,
    rank() over (partition by window_id order by gmv desc) as gmv_rank,
    {{ ratio('gmv', 'sum(gmv) over (partition by window_id)') }} as gmv_share,

    -- dates
    window_start,
    window_end,
    {{ as_of_date() }} as as_of_date
from figures
