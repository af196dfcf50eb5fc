{{ config(materialized='table') }}

{# How much of each offer lay in stock, from one count to the next. A count holds until the place is
   counted again; an offer's stock is that of all its places. Before its first count nothing is known.
   Offers say what they are now and not since when: one that is no longer offered was, up to its last
   change. #}
with counts as (

    select * from {{ ref('stg_oms__inventory') }}
    where stock_date < {{ as_of_end_date() }}

),

changes as (

    select
        offer_id,
        quantity_on_hand - coalesce(
            lag(quantity_on_hand) over (
                partition by offer_id, location order by stock_date asc nulls last
            ),
            0
        ) as on_hand_change,
        coalesce(quantity_reserved, 0) - coalesce(
            lag(quantity_reserved) over (
                partition by offer_id, location order by stock_date asc nulls last
            ),
            0
        ) as reserved_change,
        stock_date
    from counts

),

by_day as (

    select
        offer_id,
        stock_date,
        sum(on_hand_change) as on_hand_change,
        sum(reserved_change) as reserved_change
    from changes
    group by offer_id, stock_date

),

stocks as (

    select
        offer_id,
        sum(on_hand_change) over counted_so_far as quantity_on_hand,
        sum(reserved_change) over counted_so_far as quantity_reserved,
        stock_date as valid_from,
        lead(stock_date) over (
            partition by offer_id order by stock_date asc nulls last
        ) as next_date
    from by_day
    window counted_so_far as (
        partition by offer_id order by stock_date asc nulls last
        rows between unbounded preceding and current row
    )

),

offers as (

    select
        *,
        case
            when status in ('paused', 'refused', 'closed')
                then least(
                    coalesce({{ business_date('updated_at') }}, {{ as_of_end_date() }}),
                    {{ as_of_end_date() }}
                )
            else {{ as_of_end_date() }}
        end as offered_until
    from {{ ref('stg_pim__offers') }}

),

joined as (

    select
        offers.offer_id,
        offers.vendor_id,
        offers.product_id,
        stocks.quantity_on_hand,
        stocks.quantity_reserved,
        stocks.valid_from,
        least(
            coalesce(stocks.next_date, {{ as_of_end_date() }}), offers.offered_until
        ) as valid_to
    from stocks
    inner join offers
        on stocks.offer_id = offers.offer_id

)

select
    -- ids
    offer_id,
    vendor_id,
    product_id,

    -- numbers
    {{ units('quantity_on_hand') }} as quantity_on_hand,
    {{ units('quantity_reserved') }} as quantity_reserved,

    -- booleans
    quantity_on_hand <= 0 as is_out_of_stock,

    -- dates
    valid_from,
    valid_to
from joined
where valid_from < valid_to
