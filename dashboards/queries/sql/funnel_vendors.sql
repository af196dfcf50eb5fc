-- audience: operator
select
    funnel.vendor_id as touched_id,
    vendors.vendor_name as touched_name,
    sum(funnel.sessions) as sessions,
    sum(funnel.viewed) as viewed,
    sum(funnel.added_to_cart) as added_to_cart,
    sum(funnel.purchased) as purchased,
    sum(funnel.converted_sessions) as converted_sessions
from marts.mart_funnel_vendor_daily as funnel
left join marts.dim_vendors as vendors
    on funnel.vendor_id = vendors.vendor_id
where funnel.session_date >= $first_day and funnel.session_date < $end_day
group by funnel.vendor_id, vendors.vendor_name
order by sessions desc, funnel.vendor_id asc
limit 10
