{# Units of the stock-out rate. Half a million days of a year are a few thousand rows. #}
with stocks as (

    select * from {{ ref('int_offer_stocks_spanned') }}

),

windows as (

    select * from {{ ref('int_metric_windows_spined') }}

),

counted as (

    {{ offer_days_counted('stocks', 'windows') }}

)

select
    -- ids
    'stock_out_rate' as metric_id,
    vendor_id,
    unit_id,
    cast(null as string) as order_id,
    cast(null as string) as order_line_id,

    -- text
    'offer_day' as unit_kind,
    case when out_of_stock_days > 0 then 'vendor' end as fault_class,

    -- numbers
    out_of_stock_days as numerator_value,
    active_days as denominator_value,

    -- booleans
    out_of_stock_days > 0 as is_in_numerator,

    -- dates
    first_date as membership_date,
    cast(null as date) as counts_from,
    cast(null as date) as counts_until,
    cast(null as date) as numerator_from
from counted
