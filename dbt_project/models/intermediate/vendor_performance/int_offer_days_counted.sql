{# Days on which an offer was active, and those of them on which nothing lay in stock. A unit is the
   days of one offer that lie in the same published windows: it begins and ends where a window does,
   so its days count in a window all together or not at all, and half a million days are a few
   thousand rows. #}
with stocks as (

    select * from {{ ref('int_offer_stocks_spanned') }}

),

windows as (

    select * from {{ ref('int_metric_windows_spined') }}
    where metric_id = 'stock_out_rate'

),

bounds as (

    select window_start as bound
    from windows
    union
    select window_end as bound
    from windows

),

pieces as (

    select
        bound as piece_start,
        lead(bound) over (order by bound asc nulls last) as piece_end
    from bounds

),

cut as (

    select
        stocks.offer_id,
        stocks.vendor_id,
        stocks.is_out_of_stock,
        greatest(stocks.valid_from, pieces.piece_start) as first_date,
        pieces.piece_start,
        {{ days_between(
            'greatest(stocks.valid_from, pieces.piece_start)',
            'least(stocks.valid_to, pieces.piece_end)'
        ) }} as day_count
    from stocks
    inner join pieces
        on stocks.valid_from < pieces.piece_end and stocks.valid_to > pieces.piece_start

),

counted as (

    select
        offer_id,
        vendor_id,
        piece_start,
        min(first_date) as first_date,
        sum(case when is_out_of_stock then day_count else 0 end) as out_of_stock_days,
        sum(day_count) as active_days
    from cut
    group by offer_id, vendor_id, piece_start

)

select
    -- ids
    'stock_out_rate' as metric_id,
    vendor_id,
    offer_id || ' ' || cast(first_date as string) as unit_id,
    cast(null as string) as order_id,
    cast(null as string) as order_line_id,

    -- text
    'offer_day' as unit_kind,
    case when out_of_stock_days > 0 then 'vendor' end as fault_class,

    -- numbers
    {{ units('out_of_stock_days') }} as numerator_value,
    {{ units('active_days') }} as denominator_value,

    -- booleans
    out_of_stock_days > 0 as is_in_numerator,

    -- dates
    first_date as membership_date,
    cast(null as date) as counts_from,
    cast(null as date) as counts_until,
    cast(null as date) as numerator_from
from counted
