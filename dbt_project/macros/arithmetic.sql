{# Money leaves every sum in one type: wider decimals scan about 70 times slower in DuckDB. #}
{% macro money(expression) -%}
    cast({{ expression }} as decimal(18, 2))
{%- endmacro %}


{# A quantity has three decimals: what is sold by weight or length comes in parts of a unit. #}
{% macro units(expression) -%}
    cast({{ expression }} as decimal(18, 3))
{%- endmacro %}


{# A square has twice the digits; of two narrow decimals DuckDB would make one of 18. #}
{% macro squared_units(expression) -%}
    cast({{ expression }} as decimal(19, 3)) * cast({{ expression }} as decimal(19, 3))
{%- endmacro %}


{# A rate without a denominator is unknown, not zero. #}
{% macro ratio(numerator, denominator) -%}
    cast({{ numerator }} as double) / nullif(cast({{ denominator }} as double), 0)
{%- endmacro %}


{# A binary number to the cent, half up. As a decimal of six digits first: 0.285 is a little less in
   binary, which DuckDB's own rounding sees and Spark's does not. #}
{% macro rounded(expression) -%}
    round(cast({{ expression }} as decimal(28, 6)), 2)
{%- endmacro %}


{# The same sum of doubles whatever the order in which rows are added, which differs between runs:
   each is taken to 15 decimals, and decimals are added exactly. #}
{% macro steady_sum(expression) -%}
    cast(sum(cast({{ expression }} as decimal(38, 15))) as double)
{%- endmacro %}


{% macro average_money(numerator, denominator) -%}
    {{ money(rounded(ratio(numerator, denominator))) }}
{%- endmacro %}


{# The part of an amount that a range allows; zero is always in the range. #}
{% macro clamped(amount, lowest, highest) -%}
    least(greatest({{ amount }}, {{ lowest }}), {{ highest }})
{%- endmacro %}


{# One share of an amount, by weight and to the cent. Each share is the difference of two rounded
   running sums, so the shares of all weights add up to the amount exactly. `weight_until` is the
   running sum of the weights up to and including this one. #}
{% macro allocated(amount, weight, weight_until, weight_total) -%}
    cast(
        {{ money(_running_share(amount, weight_until, weight_total)) }}
        - {{ money(_running_share(amount, '(' ~ weight_until ~ ' - ' ~ weight ~ ')', weight_total)) }}
        as decimal(18, 2)
    )
{%- endmacro %}


{% macro _running_share(amount, weight_until, weight_total) -%}
    {{ rounded('cast(' ~ amount ~ ' as double) * ' ~ ratio(weight_until, weight_total)) }}
{%- endmacro %}
