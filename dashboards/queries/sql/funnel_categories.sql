-- audience: operator
select
    funnel.category_id as touched_id,
    categories.category_name as touched_name,
    sum(funnel.sessions) as sessions,
    sum(funnel.viewed) as viewed,
    sum(funnel.added_to_cart) as added_to_cart,
    sum(funnel.purchased) as purchased,
    sum(funnel.converted_sessions) as converted_sessions
from marts.mart_funnel_category_daily as funnel
left join marts.mart_assortment as categories
    on funnel.category_id = categories.category_id
where funnel.session_date >= $first_day and funnel.session_date < $end_day
group by funnel.category_id, categories.category_name
order by sessions desc, funnel.category_id asc
limit 10
