{# What campaigns cost by whom they are for, in the marketplace's currency. A month with a cost in a
   currency without a rate costs nobody knows what. #}
with costs as (

    select
        paid.cost_date,
        case
            when campaigns.objective = 'acquisition' then 'new'
            when campaigns.objective in ('retention', 'reactivation') then 'existing'
            else 'other'
        end as customer_group,
        case
            when paid.currency_code = '{{ var("currency_code") }}' then paid.cost_amount
            else {{ converted('paid.cost_amount', 'exchange_rates.exchange_rate') }}
        end as cost_amount
    from {{ ref('stg_marketing__campaign_costs') }} as paid
    left join {{ ref('stg_marketing__campaigns') }} as campaigns
        on paid.campaign_id = campaigns.campaign_id
    left join {{ ref('int_exchange_rates_spanned') }} as exchange_rates
        on {{ is_rate_of(
            'exchange_rates', 'paid.currency_code', "'" ~ var("currency_code") ~ "'", 'paid.cost_date'
        ) }}
    where paid.cost_date < {{ as_of_end_date() }}

)

select
    -- text
    customer_group,

    -- numbers
    case when count(*) = count(cost_amount) then {{ money('sum(cost_amount)') }} end
        as campaign_cost,

    -- dates
    cast(date_trunc('month', cost_date) as date) as cost_month
from costs
group by customer_group, cast(date_trunc('month', cost_date) as date)
