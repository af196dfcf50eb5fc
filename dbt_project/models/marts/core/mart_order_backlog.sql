{# Parts of orders that are still to be delivered, by what they wait for and how long ago they were
   ordered. #}
with parts as (

    select
        *,
        case
            when status = 'created' then 'approval'
            when shipped_at is null then 'shipment'
            else 'delivery'
        end as waits_for,
        {{ days_between('order_date', as_of_date()) }} as age_days,
        case
            when shipped_at is null then {{ business_date('ship_by_at') }}
            else {{ business_date('promised_at') }}
        end as due_date
    from {{ ref('fct_vendor_orders') }}
    where
        not is_cancelled
        and status not in ('cancelled', 'unavailable', 'delivered')
        and delivered_at is null

),

aged as (

    select
        *,
        case
            when age_days <= 1 then 0
            when age_days <= 3 then 2
            when age_days <= 7 then 4
            when age_days <= 30 then 8
            else 31
        end as from_days
    from parts

)

select
    -- text
    waits_for,
    currency_code,

    -- numbers
    cast(from_days as bigint) as from_days,
    count(*) as part_count,
    cast(count_if(coalesce(due_date < {{ as_of_end_date() }}, false)) as bigint) as overdue_count,
    {{ money('coalesce(sum(gmv), 0)') }} as gmv,

    -- dates
    {{ as_of_date() }} as as_of_date
from aged
group by waits_for, from_days, currency_code
