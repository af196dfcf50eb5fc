-- audience: vendor
select
    vendor_id,
    product_count,
    known_offer_count,
    offered_count,
    empty_count,
    stocked_count,
    stock_out_share,
    demand_missed_share,
    compared_count,
    below_count,
    at_count,
    above_count,
    described_count,
    incomplete_count,
    completeness_share,
    product_view_count
from marts.mart_vendor_assortment_summary
where vendor_id = $vendor_id
