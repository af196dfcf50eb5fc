{# How far apart days may be that are compared, on either side of a promotion. #}
{% set days_apart = 28 %}

{# The days of each promotion, and those of the weeks before and after. A day on which another
   promotion of the same vendor or of the marketplace reaches the same goods is neither. #}
with begun as (

    select
        *,
        coalesce(vendor_id, '') as scope_vendor_id,
        coalesce(category_id, '') as scope_category_id
    from {{ ref('int_promotions_begun') }}

),

around as (

    select
        begun.promotion_id,
        begun.scope_vendor_id,
        begun.scope_category_id,
        calendar.order_date,
        calendar.order_date between begun.first_date and begun.last_promoted_date as is_promoted
    from begun
    inner join {{ ref('int_days_spined') }} as calendar
        on
            calendar.order_date >= {{ days_before('begun.first_date', days_apart) }}
            and calendar.order_date <= {{ days_after('begun.last_promoted_date', days_apart) }}

),

disturbed as (

    select distinct
        around.promotion_id,
        around.order_date
    from around
    inner join begun as rivals
        on
            around.promotion_id <> rivals.promotion_id
            and around.order_date between rivals.first_date and rivals.last_promoted_date
            and (rivals.scope_vendor_id = '' or around.scope_vendor_id = rivals.scope_vendor_id)
            and (
                rivals.scope_category_id = ''
                or around.scope_category_id = ''
                or around.scope_category_id = rivals.scope_category_id
            )

),

order_lines as (

    select
        order_date,
        coalesce(vendor_id, '') as vendor_id,
        coalesce(category_id, '') as category_id,
        count(*) as line_count,
        sum(gmv_net) as gmv_net
    from {{ ref('fct_order_lines') }}
    where not is_cancelled
    group by order_date, coalesce(vendor_id, ''), coalesce(category_id, '')

),

{# All that a promotion may be for: a vendor's goods, a category's, a vendor's of one, or all. #}
sales as (

    select
        order_date,
        vendor_id as scope_vendor_id,
        category_id as scope_category_id,
        line_count,
        gmv_net
    from order_lines
    where vendor_id <> '' and category_id <> ''
    union all
    select
        order_date,
        vendor_id as scope_vendor_id,
        '' as scope_category_id,
        sum(line_count) as line_count,
        sum(gmv_net) as gmv_net
    from order_lines
    where vendor_id <> ''
    group by order_date, vendor_id
    union all
    select
        order_date,
        '' as scope_vendor_id,
        category_id as scope_category_id,
        sum(line_count) as line_count,
        sum(gmv_net) as gmv_net
    from order_lines
    where category_id <> ''
    group by order_date, category_id
    union all
    select
        order_date,
        '' as scope_vendor_id,
        '' as scope_category_id,
        sum(line_count) as line_count,
        sum(gmv_net) as gmv_net
    from order_lines
    group by order_date

)

select
    -- ids
    around.promotion_id,

    -- numbers
    {{ iso_weekday('around.order_date') }} as iso_weekday,
    cast(coalesce(sales.line_count, 0) as bigint) as line_count,
    {{ money('coalesce(sales.gmv_net, 0)') }} as gmv_net,

    -- booleans
    around.is_promoted,

    -- dates
    around.order_date
from around
left join disturbed
    on around.promotion_id = disturbed.promotion_id and around.order_date = disturbed.order_date
left join sales
    on
        around.order_date = sales.order_date
        and around.scope_vendor_id = sales.scope_vendor_id
        and around.scope_category_id = sales.scope_category_id
where disturbed.promotion_id is null
