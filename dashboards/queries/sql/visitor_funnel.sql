-- audience: operator
select
    device,
    channel,
    sum(visitors) as visitors,
    sum(case when purchased is not null then visitors else 0 end) as judged_visitors,
    sum(case when added_to_cart > 0 then added_to_cart else 0 end) as added_to_cart,
    sum(case when began_checkout > 0 then began_checkout else 0 end) as began_checkout,
    sum(case when purchased > 0 then purchased else 0 end) as purchased
from marts.mart_funnel_visitor_daily
where entry_date >= $first_day and entry_date < $end_day
group by device, channel
