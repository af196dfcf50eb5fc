{# How small a group of people a vendor may see (decision 9; owner: data protection), and which share
   of a group's amount may be one person's. data_quality/export_suites.py has the same ten. #}
{% macro smallest_group() -%}
    10
{%- endmacro %}


{% macro largest_share() -%}
    0.8
{%- endmacro %}


{# Whether a group may be shown: enough people, none of whom is nearly all of it. Without an amount
   there is nothing to tell whose it is, so it may not. #}
{% macro may_be_shown(people, amount, largest_amount) -%}
    (
        {{ people }} >= {{ smallest_group() }}
        and {{ amount }} > 0
        and {{ largest_amount }} <= {{ amount }} * {{ largest_share() }}
    )
{%- endmacro %}


{# People are counted in whole tens, the rest left aside: a count then stands for ten numbers
   whatever is known of groups besides. To the nearest ten, the smallest groups of ten or more were
   10 to 14, and sums of them told how many came between two windows. #}
{% macro in_tens(people) -%}
    cast(floor({{ ratio(people, smallest_group()) }}) as bigint) * {{ smallest_group() }}
{%- endmacro %}


{# Groups of people are of fixed days: the twelve months up to the last quarter's end, and of visitors
   that quarter alone. Nobody chooses them, and they move by whole quarters. #}
{% macro groups_until() -%}
    cast(date_trunc('quarter', {{ as_of_end_date() }}) as date)
{%- endmacro %}


{% macro groups_from() -%}
    {{ months_before(groups_until(), 12) }}
{%- endmacro %}


{% macro visitors_from() -%}
    {{ months_before(groups_until(), 3) }}
{%- endmacro %}
