{# Each customer's purchases as they were known at the end of the data and at ends of the past, from
   which the half year after them was foretold. A purchase is a day with net sales. #}
{%- set holdout_days = 182 %}
{%- set holdouts = 3 %}
with numbered as (

    select
        *,
        row_number() over (partition by customer_id order by order_date nulls last)
            as purchase_number
    from {{ ref('int_customer_purchase_days') }}

),

cutoffs as (

    select
        number_value as periods_back,
        {{ days_before(as_of_end_date(), 'number_value * ' ~ holdout_days) }} as cutoff_date,
        {{ days_before(as_of_end_date(), '(number_value - 1) * ' ~ holdout_days) }} as holdout_end
    from {{ ref('int_numbers_spined') }}
    where number_value <= {{ holdouts }}

),

summed as (

    select
        numbered.customer_id,
        cutoffs.periods_back,
        cutoffs.cutoff_date,
        min(numbered.order_date) as first_date,
        max(case when numbered.order_date < cutoffs.cutoff_date then numbered.order_date end)
            as last_date,
        sum(case when numbered.order_date < cutoffs.cutoff_date then 1 else 0 end)
            as purchase_count,
        sum(
            case
                when numbered.order_date < cutoffs.cutoff_date and numbered.purchase_number > 1
                    then numbered.net_sales
            end
        ) as repeat_sales,
        sum(
            case
                when numbered.order_date < cutoffs.cutoff_date and numbered.purchase_number > 1
                    then numbered.margin
            end
        ) as repeat_margin,
        sum(case when numbered.order_date < cutoffs.cutoff_date then numbered.margin end)
            as historic_margin,
        sum(case when numbered.order_date < cutoffs.cutoff_date then numbered.net_sales end)
            as historic_value,
        sum(case when numbered.order_date >= cutoffs.cutoff_date then 1 else 0 end)
            as orders_after
    from numbered
    inner join cutoffs
        on numbered.order_date < cutoffs.holdout_end or cutoffs.periods_back = 0
    group by numbered.customer_id, cutoffs.periods_back, cutoffs.cutoff_date

)

select
    -- ids
    summed.customer_id,

    -- text
    coalesce(customers.customer_type, 'unknown') as segment,
    campaigns.channel,

    -- numbers
    cast(summed.purchase_count - 1 as bigint) as frequency,
    cast({{ days_between('summed.first_date', 'summed.last_date') }} as bigint) as recency,
    cast({{ days_between('summed.first_date', 'summed.cutoff_date') }} as bigint) as age,
    cast(summed.repeat_sales as double) / nullif(summed.purchase_count - 1, 0) as monetary,
    cast(summed.repeat_margin as double) / nullif(summed.purchase_count - 1, 0) as mean_margin,
    {{ money('summed.historic_value') }} as historic_value,
    {{ money('summed.historic_margin') }} as historic_margin,
    case when summed.periods_back > 0 then cast(summed.orders_after as bigint) end
        as orders_after,

    -- dates
    summed.first_date as first_purchase_date,
    summed.last_date as last_purchase_date,
    summed.cutoff_date
from summed
left join {{ ref('int_customers_merged') }} as customers
    on summed.customer_id = customers.customer_id
left join {{ ref('stg_marketing__campaigns') }} as campaigns
    on customers.acquisition_campaign_id = campaigns.campaign_id
where summed.first_date < summed.cutoff_date
