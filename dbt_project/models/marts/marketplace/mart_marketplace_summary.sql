with windows as (

    select * from {{ ref('int_summary_windows_spined') }}

),

ordered as (

    select
        windows.window_id,
        windows.period,
        count(*) as order_count,
        count_if(orders.is_in_gmv_net and orders.gmv_net is not null) as standing_order_count,
        count(distinct orders.customer_id) as active_customers,
        sum(orders.gmv) as gmv,
        sum(orders.gmv_net) as gmv_net,
        sum(orders.commission_amount) as commission_amount,
        count_if(orders.is_lost) as lost_order_count,
        -- without lines there is no vendor to be charged with it
        count_if(orders.is_lost and orders.line_count = 0) as unattributed_lost_order_count,
        sum(orders.review_rating_sum) as rating_sum,
        sum(orders.review_count) as review_count
    from {{ ref('fct_orders') }} as orders
    inner join windows
        on orders.order_date >= windows.window_start and orders.order_date < windows.window_end
    group by windows.window_id, windows.period

),

delivered as (

    select
        windows.window_id,
        windows.period,
        count_if(orders.is_late) as late_order_count,
        count(orders.is_late) as delivered_order_count
    from {{ ref('fct_orders') }} as orders
    inner join windows
        on
            orders.delivered_date >= windows.window_start
            and orders.delivered_date < windows.window_end
    group by windows.window_id, windows.period

),

sold as (

    select
        windows.window_id,
        windows.period,
        count(distinct order_lines.vendor_id) as active_vendors
    from {{ ref('fct_order_lines') }} as order_lines
    inner join windows
        on
            order_lines.order_date >= windows.window_start
            and order_lines.order_date < windows.window_end
    group by windows.window_id, windows.period

),

reviewed as (

    select
        windows.window_id,
        windows.period,
        sum(reviews.rating) as rating_sum,
        count(*) as review_count
    from {{ ref('fct_reviews') }} as reviews
    inner join windows
        on
            reviews.created_date >= windows.window_start
            and reviews.created_date < windows.window_end
    group by windows.window_id, windows.period

),

figures as (

    select
        windows.window_id,
        windows.period,
        windows.window_start,
        windows.window_end,
        {{ money('coalesce(ordered.gmv, 0)') }} as gmv,
        {{ money('coalesce(ordered.gmv_net, 0)') }} as gmv_net,
        {{ money('case when ordered.window_id is null then 0 else ordered.commission_amount end') }}
            as commission_amount,
        coalesce(ordered.order_count, 0) as order_count,
        {{ average_money('ordered.gmv_net', 'ordered.standing_order_count') }}
            as average_order_value,
        coalesce(sold.active_vendors, 0) as active_vendors,
        coalesce(ordered.active_customers, 0) as active_customers,
        {{ ratio('delivered.late_order_count', 'delivered.delivered_order_count') }}
            as late_delivery_rate,
        {{ ratio('reviewed.rating_sum', 'reviewed.review_count') }} as review_score,
        coalesce(reviewed.review_count, 0) as review_count,
        {{ ratio('ordered.rating_sum', 'ordered.review_count') }} as review_score_by_order_date,
        coalesce(ordered.lost_order_count, 0) as lost_order_count,
        coalesce(ordered.unattributed_lost_order_count, 0) as unattributed_lost_order_count
    from windows
    left join ordered
        on windows.window_id = ordered.window_id and windows.period = ordered.period
    left join delivered
        on windows.window_id = delivered.window_id and windows.period = delivered.period
    left join sold
        on windows.window_id = sold.window_id and windows.period = sold.period
    left join reviewed
        on windows.window_id = reviewed.window_id and windows.period = reviewed.period

),

before as (

    select * from figures
    where period = 'previous'

)

select
    -- ids
    figures.window_id,

    -- text
    '{{ var("currency_code") }}' as currency_code,

    -- numbers of the window
    figures.gmv,
    figures.gmv_net,
    figures.commission_amount,
    figures.order_count,
    figures.average_order_value,
    figures.active_vendors,
    figures.active_customers,
    figures.late_delivery_rate,
    figures.review_score,
    figures.review_count,
    figures.review_score_by_order_date,
    figures.lost_order_count,
    figures.unattributed_lost_order_count,

    -- numbers of the equally long window before; none for all time
    before.gmv as previous_gmv,
    before.gmv_net as previous_gmv_net,
    before.commission_amount as previous_commission_amount,
    before.order_count as previous_order_count,
    before.average_order_value as previous_average_order_value,
    before.active_vendors as previous_active_vendors,
    before.active_customers as previous_active_customers,
    before.late_delivery_rate as previous_late_delivery_rate,
    before.review_score as previous_review_score,

    -- dates
    figures.window_start,
    figures.window_end,
    {{ as_of_date() }} as as_of_date
from figures
left join before
    on figures.window_id = before.window_id
where figures.period = 'current'
