{# What each customer, vendor and product sold in the last 365 days, and how evenly. #}
with order_lines as (

    select
        customer_id,
        vendor_id,
        product_id,
        order_date,
        quantity,
        gmv_net,
        {{ days_between('order_date', as_of_date()) }} as age_days
    from {{ ref('fct_order_lines') }}
    where order_date > {{ days_before(as_of_date(), 365) }}

),

entities as (

    select
        'customer' as entity_kind,
        customer_id as entity_id,
        first_order_date
    from {{ ref('dim_customers') }}
    union all
    select
        'vendor' as entity_kind,
        vendor_id as entity_id,
        first_order_date
    from {{ ref('dim_vendors') }}
    union all
    select
        'product' as entity_kind,
        product_id as entity_id,
        first_order_date
    from {{ ref('dim_products') }}

),

kinds as (

    select 'customer' as entity_kind
    union all
    select 'vendor' as entity_kind
    union all
    select 'product' as entity_kind

),

taking_part as (

    select
        kinds.entity_kind,
        case kinds.entity_kind
            when 'customer' then order_lines.customer_id
            when 'vendor' then order_lines.vendor_id
            when 'product' then order_lines.product_id
        end as entity_id,
        -- counted back from the last day; day 365 begins a week that the window does not hold
        cast(floor(order_lines.age_days / 7) as bigint) as weeks_ago,
        order_lines.quantity,
        order_lines.gmv_net
    from order_lines
    cross join kinds

),

sold as (

    select
        entity_kind,
        entity_id,
        weeks_ago,
        {{ units('sum(quantity)') }} as unit_count,
        coalesce(sum(gmv_net), 0) as net_sales
    from taking_part
    group by entity_kind, entity_id, weeks_ago

),

summed as (

    select
        entity_kind,
        entity_id,
        sum(net_sales) as net_sales,
        sum(case when weeks_ago < 52 then unit_count end) as unit_count,
        sum(case when weeks_ago < 52 then {{ squared_units('unit_count') }} end)
            as squared_unit_count,
        count(case when weeks_ago < 52 then 1 end) as demand_week_count
    from sold
    group by entity_kind, entity_id

),

measured as (

    select
        entities.entity_kind,
        entities.entity_id,
        {{ money('coalesce(summed.net_sales, 0)') }} as net_sales,
        {{ units('coalesce(summed.unit_count, 0)') }} as unit_count,
        coalesce(summed.squared_unit_count, 0) as squared_unit_count,
        coalesce(summed.demand_week_count, 0) as demand_week_count,
        -- the week of the first sale is a whole one
        case
            when entities.first_order_date is null then 0
            else least(
                1 + cast(
                    floor({{ days_between('entities.first_order_date', as_of_date()) }} / 7)
                    as bigint
                ),
                52
            )
        end as week_count
    from entities
    left join summed
        on
            entities.entity_kind = summed.entity_kind
            and entities.entity_id = summed.entity_id

),

ranked as (

    select
        *,
        sum(net_sales) over so_far as sales_so_far,
        sum(net_sales) over (partition by entity_kind, net_sales > 0) as all_sales,
        max(net_sales) over (partition by entity_kind) as largest_sales,
        -- standard deviation by mean of the weekly units, weeks without any included: exact up to
        -- the root, so the order of the rows cannot move it across a bound
        {{ ratio(
            'sqrt(greatest(week_count * squared_unit_count - ' ~ squared_units('unit_count') ~ ', 0))',
            'unit_count'
        ) }} as demand_variation
    from measured
    window so_far as (
        partition by entity_kind, net_sales > 0
        order by net_sales desc nulls last
        range between unbounded preceding and current row
    )

)

select
    -- ids
    entity_id,

    -- text
    entity_kind,
    {{ abc_class('net_sales', 'sales_so_far', 'all_sales', 'largest_sales') }} as abc_class,
    case
        when week_count < 8 or unit_count = 0 then null
        when demand_variation <= 0.5 then 'X'
        when demand_variation <= 1.0 then 'Y'
        else 'Z'
    end as xyz_class,
    '{{ var("currency_code") }}' as currency_code,

    -- numbers
    net_sales,
    case when net_sales > 0 then {{ ratio('sales_so_far', 'all_sales') }} end as cumulative_share,
    unit_count,
    week_count,
    demand_week_count,
    demand_variation,

    -- booleans: demand comes on average less often than every 1.32 weeks
    demand_week_count > 0 and week_count * 100 > demand_week_count * 132 as is_intermittent,

    -- dates
    {{ as_of_date() }} as as_of_date
from ranked
