{# What the trade press says of customers, measured here. Twelve complete months count, or as many
   as there are. Intervals hold 95 %; that of late deliveries together with the other drivers'. #}
{%- set least_customers = 50 %}
with months as (

    select *
    from {{ ref('int_customer_purchases_summed_to_month') }}
    where
        order_month < date_trunc('month', {{ as_of_end_date() }})
        and order_month >= date_trunc('month', {{ as_of_end_date() }}) - 12 * interval '1' month

),

customers as (

    select
        customer_id,
        cast(sum(case when customer_group = 'new' then 1 else 0 end) as double) as new_months,
        cast(sum(case when customer_group = 'existing' then 1 else 0 end) as double)
            as existing_months,
        cast(sum(case when customer_group = 'new' then net_sales else 0 end) as double)
            as new_sales,
        cast(sum(case when customer_group = 'existing' then net_sales else 0 end) as double)
            as existing_sales
    from months
    group by customer_id

),

totals as (

    select
        {{ steady_sum('new_months') }} as new_months,
        {{ steady_sum('existing_months') }} as existing_months,
        {{ steady_sum('new_sales') }} as new_sales,
        {{ steady_sum('existing_sales') }} as existing_sales,
        sum(case when new_months > 0 then 1 else 0 end) as new_customers,
        sum(case when existing_months > 0 then 1 else 0 end) as existing_customers
    from customers

),

{# Months of one customer go together: the delta method on each customer's part of both means. #}
deviations as (

    select
        customers.existing_sales / nullif(totals.existing_sales, 0)
        - customers.existing_months / nullif(totals.existing_months, 0)
        - customers.new_sales / nullif(totals.new_sales, 0)
        + customers.new_months / nullif(totals.new_months, 0) as deviation
    from customers
    cross join totals

),

spread as (

    select sqrt({{ steady_sum('deviation * deviation') }}) as relative_error from deviations

),

costs as (

    select
        sum(case when customer_group = 'new' then campaign_cost end) as new_cost,
        sum(case when customer_group = 'existing' then campaign_cost end) as existing_cost,
        sum(case when campaign_cost is null then 1 else 0 end) as unknown_count
    from {{ ref('int_campaign_costs_summed_to_month') }}
    where
        cost_month < date_trunc('month', {{ as_of_end_date() }})
        and cost_month >= date_trunc('month', {{ as_of_end_date() }}) - 12 * interval '1' month
        and customer_group <> 'other'

),

spending as (

    select
        'existing_customers_spend_more' as claim_id,
        cast(1 as double) as claimed_more_than,
        totals.existing_customers as sample_count,
        totals.new_customers as compared_count,
        case
            when coalesce(totals.existing_customers, 0) < {{ least_customers }}
                then 'too_few_existing_customers'
            when coalesce(totals.new_customers, 0) < {{ least_customers }}
                then 'too_few_new_customers'
        end as reason,
        {{ ratio(
            ratio('totals.existing_sales', 'totals.existing_months'),
            ratio('totals.new_sales', 'totals.new_months')
        ) }} as measured,
        spread.relative_error
    from totals
    cross join spread

),

acquiring as (

    select
        'acquiring_costs_several_times_more' as claim_id,
        -- several: three at least
        cast(3 as double) as claimed_more_than,
        totals.new_customers as sample_count,
        totals.existing_customers as compared_count,
        case
            when coalesce(costs.new_cost, 0) = 0 or coalesce(costs.existing_cost, 0) = 0
                then 'no_campaign_costs'
            when costs.unknown_count > 0 then 'costs_without_a_rate'
            when coalesce(totals.new_customers, 0) < {{ least_customers }}
                then 'too_few_new_customers'
            when coalesce(totals.existing_customers, 0) < {{ least_customers }}
                then 'too_few_existing_customers'
        end as reason,
        {{ ratio(
            ratio('costs.new_cost', 'totals.new_customers'),
            ratio('costs.existing_cost', 'totals.existing_customers')
        ) }} as measured,
        -- what was paid is known; how many it brought and kept is a count, as Poisson's
        sqrt(
            {{ ratio('1', 'totals.new_customers') }} + {{ ratio('1', 'totals.existing_customers') }}
        ) as relative_error
    from totals
    cross join costs

),

leaving as (

    select
        'late_deliveries_drive_away' as claim_id,
        cast(0 as double) as claimed_more_than,
        matched_orders as sample_count,
        control_orders as compared_count,
        case when effect is null then status end as reason,
        effect as measured,
        effect_lower as lower_end,
        effect_upper as upper_end
    from {{ source('predictions', 'churn_drivers') }}
    where segment = 'all' and driver = 'late_delivery'

),

with_interval as (

    select
        claim_id,
        claimed_more_than,
        sample_count,
        compared_count,
        reason,
        measured,
        measured * (1 - 1.96 * relative_error) as lower_end,
        measured * (1 + 1.96 * relative_error) as upper_end
    from (
        select * from spending
        union all
        select * from acquiring
    ) as ratios
    union all
    select * from leaving

)

select
    -- text
    claim_id,
    case
        when reason is not null then 'cannot_be_known'
        when lower_end > claimed_more_than then 'holds'
        when upper_end < claimed_more_than then 'does_not_hold'
        else 'undecided'
    end as verdict,
    reason,

    -- numbers
    claimed_more_than,
    case when reason is null then measured end as measured,
    case when reason is null then lower_end end as measured_lower,
    case when reason is null then upper_end end as measured_upper,
    cast(coalesce(sample_count, 0) as bigint) as sample_count,
    cast(coalesce(compared_count, 0) as bigint) as compared_count,

    -- dates
    {{ as_of_date() }} as as_of_date
from with_interval
