{# What people said of themselves, as far as they allowed its use: age and gender are personal
   offers or profiling, a birthday is for greetings. Of minors nothing is used. Default deny, as in
   int_contactability_judged. #}
with customers as (

    select * from {{ ref('int_customers_merged') }}
    where customer_type = 'consumer' and (birth_date is not null or gender is not null)

),

consents as (

    select
        customer_id,
        bool_or(purpose in ('personalisation', 'profiling')) as may_be_described,
        bool_or(purpose = 'marketing') as may_be_greeted
    from {{ ref('int_contactability_judged') }}
    where consent_state = 'granted' and vendor_id is null
    group by customer_id

),

allowed as (

    select
        customers.customer_id,
        customers.gender,
        customers.birth_date,
        coalesce(consents.may_be_described, false) as may_be_described,
        coalesce(consents.may_be_greeted, false) as may_be_greeted,
        extract(year from {{ as_of_date() }}) - extract(year from customers.birth_date)
            as years_apart
    from customers
    inner join consents
        on customers.customer_id = consents.customer_id

),

{# Twelve months more are the same day, and for the 29th of February the 28th. #}
dated as (

    select
        *,
        cast(birth_date + 12 * years_apart * interval '1' month as date) as birthday_this_year,
        cast(birth_date + 12 * (years_apart + 1) * interval '1' month as date)
            as birthday_next_year
    from allowed

),

aged as (

    select
        *,
        case
            when birthday_this_year <= {{ as_of_date() }} then years_apart else years_apart - 1
        end as age_years,
        case
            when birthday_this_year > {{ as_of_date() }} then birthday_this_year
            else birthday_next_year
        end as next_birthday_date
    from dated

)

select
    -- ids
    customer_id,

    -- text
    case when may_be_described and coalesce(age_years >= 18, true) then gender end as gender,
    case
        when not may_be_described or age_years not between 18 and 120 then null
        when age_years < 25 then '18_24'
        when age_years < 35 then '25_34'
        when age_years < 45 then '35_44'
        when age_years < 55 then '45_54'
        when age_years < 65 then '55_64'
        when age_years >= 65 then '65_plus'
    end as age_band,

    -- dates
    case when may_be_greeted and age_years between 18 and 120 then next_birthday_date end
        as next_birthday_date
from aged
