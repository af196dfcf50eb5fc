{# The type of every exchange rate: exact for what a source states, NULL where a rate does not fit. #}
{% macro exchange_rate(expression) -%}
    try_cast({{ expression }} as decimal(20, 10))
{%- endmacro %}


{# Whether a row of int_exchange_rates_spanned is the rate of a currency on a day; none is needed
   where it is the currency meant already. A condition of its own on that would have DuckDB compare
   each row with each rate. #}
{% macro is_rate_of(rates, currency, meant_currency, day) -%}
    case when {{ currency }} <> {{ meant_currency }} then {{ currency }} end
    = {{ rates }}.currency_code
    and {{ day }} >= {{ rates }}.valid_from
    and {{ day }} < {{ rates }}.valid_to
{%- endmacro %}


{# An amount in the marketplace's currency; NULL without a rate. #}
{% macro converted(amount, rate) -%}
    cast(round({{ money(amount) }} * {{ rate }}, 2) as decimal(18, 2))
{%- endmacro %}


{# One line's part of an order's converted amount: the difference of two rounded running sums, so
   that the lines add up to the order exactly. The relation has a window `lines_so_far`. #}
{% macro converted_share(amount, rate) -%}
    cast(
        {{ converted('sum(' ~ amount ~ ') over lines_so_far', rate) }}
        - {{ converted('sum(' ~ amount ~ ') over lines_so_far - ' ~ amount, rate) }}
        as decimal(18, 2)
    )
{%- endmacro %}
