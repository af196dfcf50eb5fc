{# The last month start: what vendors see of each other changes once a month. #}
{% macro peer_month() -%}
    cast(date_trunc('month', {{ as_of_end_date() }}) as date)
{%- endmacro %}


{# How far a class of a measure reaches: a quarter of the way from its best value to its limit. #}
{% macro peer_class_width() -%}
    (
        case
            when unit = 'rate' and is_higher_better then 1 - threshold
            when unit = 'score' then 5 - threshold
            else threshold
        end / 4
    )
{%- endmacro %}


{# The value at which a class begins, counted from the best value there is. #}
{% macro peer_class_begin(peer_class) -%}
    case
        when unit = 'rate' and is_higher_better then 1 - ({{ peer_class }}) * {{ peer_class_width() }}
        when unit = 'score' then 5 - ({{ peer_class }}) * {{ peer_class_width() }}
        else ({{ peer_class }}) * {{ peer_class_width() }}
    end
{%- endmacro %}
