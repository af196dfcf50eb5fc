{# A score from 1 to 5, 5 the best. By rank: 1 and how many fifths of the customers are strictly
   worse, so equal values have equal scores in whatever order the rows come; NTILE would part them.
   Or by the bounds of the marketplace's file: days up to which recency has 5, 4, 3, 2, and values
   from which the others have 2, 3, 4, 5. `peers` says whom a customer is compared with. #}
{% macro rfm_score(measure, peers) -%}
    {%- set bounds = var('rfm_bounds')[measure] -%}
    {%- set is_recency = measure == 'recency_days' -%}
    {%- if bounds -%}
        cast(
            case
                {%- for bound in bounds %}
                    when {{ measure }} {{ '<=' if is_recency else '<' }} {{ bound }}
                        then {{ 6 - loop.index if is_recency else loop.index }}
                {%- endfor %}
                else {{ 1 if is_recency else 5 }}
            end as bigint
        )
    {%- else -%}
        1 + cast(
            floor(
                {{ ratio(
                    '(rank() over (partition by ' ~ peers ~ ' order by ' ~ measure
                    ~ (' desc' if is_recency else ' asc') ~ ' nulls last) - 1) * 5',
                    'count(*) over (partition by ' ~ peers ~ ')'
                ) }}
            ) as bigint
        )
    {%- endif -%}
{%- endmacro %}


{# A, B, C by the cumulative share of sales up to and including the row and its equals, N without
   sales. Whoever crosses the limit is on its far side; the largest is A whatever its share. #}
{% macro abc_class(net_sales, sales_so_far, all_sales, largest_sales) -%}
    case
        when {{ net_sales }} <= 0 then 'N'
        when {{ net_sales }} = {{ largest_sales }} then 'A'
        when {{ sales_so_far }} * 100 <= {{ all_sales }} * 80 then 'A'
        when {{ sales_so_far }} * 100 <= {{ all_sales }} * 95 then 'B'
        else 'C'
    end
{%- endmacro %}


{# Each vendor's buyers of some days, scored among themselves; the first day counts, the last does
   not. Whatever asks for buyers of a vendor asks this, so that a segment is one everywhere. #}
{% macro buyers_scored(first_day, end_day) -%}
with orders as (

    -- a vendor's part of an order
    select
        vendor_id,
        customer_id,
        order_id,
        max(order_date) as order_date,
        coalesce(sum(gmv_net), 0) as net_sales
    from {{ ref('fct_order_lines') }}
    where
        is_in_gmv_net
        and order_date >= {{ first_day }}
        and order_date < {{ end_day }}
    group by vendor_id, customer_id, order_id

),

summed as (

    select
        vendor_id,
        customer_id,
        count(*) as frequency,
        {{ money('sum(net_sales)') }} as monetary,
        max(order_date) as last_purchase_date
    from orders
    group by vendor_id, customer_id

),

measured as (

    select
        *,
        {{ days_between('last_purchase_date', days_before(end_day, 1)) }} as recency_days
    from summed

),

scored as (

    select
        *,
        {{ rfm_score('recency_days', 'vendor_id') }} as r_score,
        {{ rfm_score('frequency', 'vendor_id') }} as f_score,
        {{ rfm_score('monetary', 'vendor_id') }} as m_score,
        count(*) over (partition by vendor_id) as buyer_count
    from measured

),

boxes as (

    select * from {{ ref('rfm_segments') }}

)

select
    -- ids
    scored.vendor_id,
    scored.customer_id,

    -- text
    boxes.rfm_segment,

    -- numbers
    scored.recency_days,
    scored.frequency,
    scored.monetary,
    scored.r_score,
    scored.f_score,
    scored.m_score,
    scored.buyer_count,

    -- dates
    scored.last_purchase_date
from scored
left join boxes
    on
        scored.r_score between boxes.r_from and boxes.r_to
        and scored.f_score between boxes.f_from and boxes.f_to
        and scored.m_score between boxes.m_from and boxes.m_to
{%- endmacro %}
