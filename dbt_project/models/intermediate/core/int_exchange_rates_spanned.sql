{{ config(materialized='table') }}

{# What one unit of a currency is worth in the marketplace's, and on which days: from the day of the
   rate until the next, and no longer than a rate may be old. Of one day a stated rate counts before
   its reciprocal, and that before a way through a third currency. #}
with stated as (

    select
        base_currency_code as from_code,
        currency_code as to_code,
        rate,
        rate_date
    from {{ ref('stg_reference__exchange_rates') }}
    where rate_date < {{ as_of_end_date() }} and base_currency_code <> currency_code

),

either_way as (

    select
        from_code,
        to_code,
        {{ exchange_rate('rate') }} as exchange_rate,
        cast(rate as double) as exact_rate,
        1 as preference,
        rate_date
    from stated
    union all
    select
        to_code as from_code,
        from_code as to_code,
        {{ exchange_rate(ratio('1', 'rate')) }} as exchange_rate,
        {{ ratio('1', 'rate') }} as exact_rate,
        2 as preference,
        rate_date
    from stated

),

into_own as (

    select
        from_code as currency_code,
        exchange_rate,
        preference,
        '' as through_code,
        rate_date
    from either_way
    where to_code = '{{ var("currency_code") }}'
    union all
    select
        foreign_rates.from_code as currency_code,
        {{ exchange_rate('foreign_rates.exact_rate * own_rates.exact_rate') }} as exchange_rate,
        3 as preference,
        own_rates.from_code as through_code,
        foreign_rates.rate_date
    from either_way as foreign_rates
    inner join either_way as own_rates
        on
            foreign_rates.to_code = own_rates.from_code
            and foreign_rates.rate_date = own_rates.rate_date
    where
        own_rates.to_code = '{{ var("currency_code") }}'
        and foreign_rates.from_code <> '{{ var("currency_code") }}'

),

dated as (

    select
        currency_code,
        exchange_rate,
        rate_date
    from into_own
    -- a rate too small or too large for its type would turn amounts into nothing, or stop the build
    where exchange_rate > 0
    qualify row_number() over (
        partition by currency_code, rate_date
        order by
            preference asc nulls last,
            through_code asc nulls last,
            exchange_rate asc nulls last
    ) = 1

)

select
    -- text
    currency_code,

    -- numbers
    exchange_rate,

    -- dates
    rate_date as valid_from,
    least(
        coalesce(
            lead(rate_date) over (partition by currency_code order by rate_date asc nulls last),
            cast('9999-12-31' as date)
        ),
        {{ days_after('rate_date', var('exchange_rate_max_age_days') | int + 1) }}
    ) as valid_to
from dated
