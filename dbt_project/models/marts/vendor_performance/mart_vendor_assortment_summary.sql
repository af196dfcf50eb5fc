{# A vendor's products in one row: what is on offer, out of stock, priced against others and
   described. #}
select
    -- ids
    vendor_id,

    -- numbers
    count(*) as product_count,
    count(offer_state) as known_offer_count,
    count(case when offer_state <> 'not_offered' then 1 end) as offered_count,
    count(case when offer_state in ('out_of_stock', 'partly_out_of_stock') then 1 end)
        as empty_count,
    count(offer_days) as stocked_count,
    cast(coalesce(sum(offer_days), 0) as bigint) as offer_days,
    cast(coalesce(sum(stock_out_days), 0) as bigint) as stock_out_days,
    {{ ratio('sum(stock_out_days)', 'sum(offer_days)') }} as stock_out_share,
    {{ ratio(steady_sum('missed_unit_count'), steady_sum('demanded_unit_count')) }}
        as demand_missed_share,
    count(price_index) as compared_count,
    count(case when price_position = 'below' then 1 end) as below_count,
    count(case when price_position = 'at' then 1 end) as at_count,
    count(case when price_position = 'above' then 1 end) as above_count,
    count(completeness_share) as described_count,
    count(case when completeness_share < 1 then 1 end) as incomplete_count,
    {{ ratio(steady_sum('completeness_share'), 'count(completeness_share)') }}
        as completeness_share,
    cast(coalesce(sum(viewed_sessions), 0) as bigint) as product_view_count,

    -- dates
    {{ as_of_date() }} as as_of_date
from {{ ref('mart_vendor_assortment') }}
group by vendor_id
