-- audience: operator
select
    by_day.touched_id,
    coalesce(vendors.vendor_name, categories.category_name) as touched_name,
    sum(by_day.sessions) as sessions,
    sum(by_day.viewed) as viewed,
    sum(by_day.added_to_cart) as added_to_cart,
    sum(by_day.purchased) as purchased,
    sum(by_day.converted_sessions) as converted_sessions
from (
    select
        'vendor' as touched,
        vendor_id as touched_id,
        session_date,
        sessions,
        viewed,
        added_to_cart,
        purchased,
        converted_sessions
    from marts.mart_funnel_vendor_daily
    union all
    select
        'category' as touched,
        category_id as touched_id,
        session_date,
        sessions,
        viewed,
        added_to_cart,
        purchased,
        converted_sessions
    from marts.mart_funnel_category_daily
) as by_day
left join marts.dim_vendors as vendors
    on by_day.touched = 'vendor' and by_day.touched_id = vendors.vendor_id
left join marts.mart_assortment as categories
    on by_day.touched = 'category' and by_day.touched_id = categories.category_id
where
    by_day.touched = $what
    and by_day.session_date >= $first_day
    and by_day.session_date < $end_day
group by by_day.touched_id, vendors.vendor_name, categories.category_name
order by sessions desc, by_day.touched_id asc
limit 10
