{# Age counts from the purchase where the owner named its line, else from the registration. #}
with registrations as (

    select * from {{ ref('stg_shop__product_registrations') }}
    where {{ business_date('registered_at') }} < {{ as_of_end_date() }}

),

{# A line's id may stand in several orders; then it says nothing about the day. #}
purchases as (

    select
        order_line_id,
        max(order_date) as purchased_date
    from {{ ref('fct_order_lines') }}
    group by order_line_id
    having count(*) = 1

),

accounts as (

    select
        account_id,
        customer_id
    from {{ ref('stg_crm__accounts') }}

),

dated as (

    select
        registrations.registration_id,
        coalesce(registrations.customer_id, accounts.customer_id) as customer_id,
        registrations.account_id,
        registrations.product_id,
        products.successor_product_id,
        purchases.purchased_date,
        {{ business_date('registrations.registered_at') }} as registered_date,
        registrations.warranty_until as warranty_end_date,
        {{ days_between(
            'coalesce(purchases.purchased_date, ' ~ business_date('registrations.registered_at') ~ ')',
            as_of_date()
        ) }} as age_days
    from registrations
    left join purchases
        on registrations.order_line_id = purchases.order_line_id
    left join accounts
        on registrations.account_id = accounts.account_id
    left join {{ ref('stg_pim__products') }} as products
        on registrations.product_id = products.product_id

)

select
    -- ids
    dated.registration_id,
    dated.customer_id,
    dated.account_id,
    dated.product_id,
    dated.successor_product_id,

    -- text
    named.product_name,
    named.category_name,
    case
        when dated.age_days < 365 then 'under_1_year'
        when dated.age_days < 730 then '1_to_2_years'
        when dated.age_days < 1095 then '2_to_3_years'
        else 'over_3_years'
    end as age_band,
    case
        when dated.warranty_end_date is null then 'unknown'
        when dated.warranty_end_date < {{ as_of_date() }} then 'ended'
        when dated.warranty_end_date < {{ days_after(as_of_date(), 90) }} then 'ending'
        else 'running'
    end as warranty_state,

    -- numbers
    dated.age_days,

    -- dates
    dated.purchased_date,
    dated.registered_date,
    dated.warranty_end_date
from dated
left join {{ ref('int_products_named') }} as named
    on dated.product_id = named.product_id
