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
