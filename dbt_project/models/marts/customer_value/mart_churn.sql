with rhythms as (

    select * from {{ ref('int_customer_rhythms') }}

),

predicted as (

    select * from {{ source('predictions', 'customer_values') }}

),

judged as (

    select
        rhythms.*,
        predicted.model,
        case
            when rhythms.purchase_count = 1 then 'one_purchase'
            when rhythms.purchase_count = 2 then 'two_purchases'
        end as rule_reason,
        case
            -- nothing tells a customer who bought once and left from one who is slow
            when rhythms.purchase_count = 1 then 'one_purchase'
            when predicted.customer_id is null then 'not_predicted'
            when predicted.p_alive is null then predicted.status
        end as model_reason,
        case when rhythms.purchase_count > 1 then 1 - predicted.p_alive end as churn_probability
    from rhythms
    left join predicted
        on rhythms.customer_id = predicted.customer_id

)

select
    -- ids
    customer_id,

    -- text
    segment,
    case
        when rule_reason is not null then 'unknown'
        when lapsed_on is not null then 'churned'
        when shorter_gap_share >= 0.9 then 'overdue'
        else 'active'
    end as rule_state,
    rule_reason,
    case
        when model_reason is not null then 'unknown'
        when churn_probability >= 0.8 then 'churned'
        when churn_probability >= 0.5 then 'overdue'
        else 'active'
    end as model_state,
    model_reason,
    model,
    '{{ var("currency_code") }}' as currency_code,

    -- numbers
    purchase_count,
    historic_value,
    silence_days,
    median_gap_days,
    longest_gap_days,
    shorter_gap_share,
    limit_days,
    churn_probability,

    -- dates
    first_purchase_date,
    last_purchase_date,
    lapsed_on,
    {{ as_of_date() }} as as_of_date
from judged
