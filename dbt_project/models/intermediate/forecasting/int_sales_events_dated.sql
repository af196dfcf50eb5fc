{# What makes a day's sales differ, as the sources know it, also ahead: the marketplace's sales and
   vendors' own promotions, holidays, peaks of trade, closures of shops, and days on which most of
   what a vendor offers of a category was out of stock. #}
with promotions as (

    select
        promotion_id,
        vendor_id,
        category_id,
        coalesce(promotion_name, promotion_id) as event_name,
        discount_rate,
        {{ business_date('starts_at') }} as first_date,
        -- the moment at which it ends is the first that it does not hold
        {{ business_date("ends_at - interval '1' second") }} as last_date
    from {{ ref('stg_marketing__promotions') }}

),

promotion_days as (

    select
        case when promotions.vendor_id is null then 'sale' else 'vendor_promotion' end as kind,
        promotions.event_name,
        coalesce(promotions.vendor_id, 'all') as vendor_id,
        coalesce(promotions.category_id, 'all') as category_id,
        -- what a sale brings grows with what it takes off; of an amount, ten percent are supposed
        case
            when promotions.vendor_id is null then coalesce(promotions.discount_rate, 0.1)
            else 1
        end as weight,
        {{ days_after('promotions.first_date', 'numbers.number_value') }} as event_date
    from promotions
    inner join {{ ref('int_numbers_spined') }} as numbers
        on
            numbers.number_value
            <= {{ days_between('promotions.first_date', 'promotions.last_date') }}

),

calendar_days as (

    select
        case kind
            when 'public_holiday' then 'holiday'
            when 'company_closure' then 'closure'
            else 'peak'
        end as kind,
        occasion as event_name,
        vendor_id,
        country_code,
        1 as weight,
        calendar_date as event_date
    from {{ ref('stg_reference__calendar') }}
    where
        region = 'all'
        and (
            (kind in ('public_holiday', 'peak') and vendor_id = 'all')
            or (kind = 'company_closure' and vendor_id <> 'all')
        )

),

stocks as (

    select
        stocks.offer_id,
        stocks.vendor_id,
        coalesce(products.category_id, 'unknown') as category_id,
        stocks.is_out_of_stock,
        stocks.valid_from,
        stocks.valid_to
    from {{ ref('int_offer_stocks_spanned') }} as stocks
    left join {{ ref('stg_pim__products') }} as products
        on stocks.product_id = products.product_id

),

empty_days as (

    select
        stocks.vendor_id,
        stocks.category_id,
        {{ days_after('stocks.valid_from', 'numbers.number_value') }} as event_date,
        count(*) as empty_count
    from stocks
    inner join {{ ref('int_numbers_spined') }} as numbers
        on numbers.number_value < {{ days_between('stocks.valid_from', 'stocks.valid_to') }}
    where stocks.is_out_of_stock
    group by
        stocks.vendor_id,
        stocks.category_id,
        {{ days_after('stocks.valid_from', 'numbers.number_value') }}

),

ranges as (

    select
        vendor_id,
        category_id,
        offer_id,
        min(valid_from) as first_date,
        max(valid_to) as end_date
    from stocks
    group by vendor_id, category_id, offer_id

),

stock_out_days as (

    select
        empty_days.vendor_id,
        empty_days.category_id,
        {{ ratio('empty_days.empty_count', 'count(*)') }} as weight,
        empty_days.event_date
    from empty_days
    inner join ranges
        on
            empty_days.vendor_id = ranges.vendor_id
            and empty_days.category_id = ranges.category_id
            and empty_days.event_date >= ranges.first_date
            and empty_days.event_date < ranges.end_date
    group by
        empty_days.vendor_id,
        empty_days.category_id,
        empty_days.event_date,
        empty_days.empty_count
    having 2 * empty_days.empty_count > count(*)

),

unioned as (

    select
        kind,
        event_name,
        vendor_id,
        category_id,
        'ZZ' as country_code,
        weight,
        event_date
    from promotion_days
    union all
    select
        kind,
        event_name,
        vendor_id,
        'all' as category_id,
        country_code,
        weight,
        event_date
    from calendar_days
    union all
    select
        'stock_out' as kind,
        'stock_out' as event_name,
        vendor_id,
        category_id,
        'ZZ' as country_code,
        weight,
        event_date
    from stock_out_days

)

select
    -- ids: all where it holds for each
    vendor_id,
    category_id,

    -- text: ZZ is every country
    kind,
    event_name,
    country_code,

    -- numbers: shares; of events of the same name the strongest
    cast(max(weight) as double) as weight,

    -- dates
    event_date
from unioned
group by vendor_id, category_id, kind, event_name, country_code, event_date
