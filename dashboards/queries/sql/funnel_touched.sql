-- audience: operator
select
    sessions.touched_id,
    names.touched_name,
    sum(sessions.sessions) as sessions,
    sum(sessions.viewed) as viewed,
    sum(sessions.added_to_cart) as added_to_cart,
    sum(sessions.purchased) as purchased,
    sum(sessions.converted_sessions) as converted_sessions
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
) as sessions
left join (
    select
        'vendor' as touched,
        vendor_id as touched_id,
        vendor_name as touched_name
    from marts.dim_vendors
    union all
    select
        'category' as touched,
        category_id as touched_id,
        category_name as touched_name
    from marts.mart_assortment
) as names
    on sessions.touched = names.touched and sessions.touched_id = names.touched_id
where
    sessions.touched = $touched
    and sessions.session_date >= $first_day
    and sessions.session_date < $end_day
group by sessions.touched_id, names.touched_name
order by sessions desc, sessions.touched_id asc
limit 10
