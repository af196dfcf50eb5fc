-- audience: operator
select
    summary.vendor_id,
    vendors.vendor_name,
    vendors.category_name,
    vendors.is_registered,
    summary.window_id,
    summary.window_start,
    summary.window_end,
    summary.currency_code,
    summary.gmv,
    summary.gmv_net,
    summary.commission_amount,
    summary.order_count,
    summary.unit_count,
    summary.average_order_value,
    summary.review_score,
    summary.review_count,
    summary.previous_gmv,
    summary.previous_order_count,
    summary.gmv_rank,
    summary.gmv_share,
    summary.worst_state,
    summary.as_of_date,
    case summary.worst_state
        when 'act' then 1
        when 'watch' then 2
        when 'ok' then 3
        else 4
    end as state_rank
from marts.mart_vendor_summary as summary
inner join marts.dim_vendors as vendors
    on summary.vendor_id = vendors.vendor_id
where
    summary.window_id = $window_id
    and ($state is null or summary.worst_state = $state)
    and (
        $search is null
        or contains(lower(vendors.vendor_name), lower($search))
        or contains(lower(summary.vendor_id), lower($search))
    )
