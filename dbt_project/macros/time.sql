{# Time is an argument: a run without as_of_date stops here instead of asking the clock. #}
{% macro as_of_date() -%}
    {%- if execute and not var('as_of_date') -%}
        {{ exceptions.raise_compiler_error(
            "var as_of_date is missing: pass --vars '{as_of_date: YYYY-MM-DD}', the last day that counts"
        ) }}
    {%- endif -%}
    cast('{{ var("as_of_date") }}' as date)
{%- endmacro %}


{# The first day that does not count any more: windows are half open. #}
{% macro as_of_end_date() -%}
    {{ days_after(as_of_date(), 1) }}
{%- endmacro %}


{# Last possible moment is the end of as_of_date: what happened later is not yet known. #}
{% macro known_by(column, end_date=none) -%}
    case
        when {{ business_date(column) }} < {{ end_date or as_of_end_date() }} then {{ column }}
    end
{%- endmacro %}


{# The day of a stored timestamp in the marketplace's business time zone. #}
{% macro business_date(column) -%}
    {%- if var('business_time_zone') == var('storage_time_zone') -%}
        cast({{ column }} as date)
    {%- else -%}
        cast({{ adapter.dispatch('time_in_zone')(
            column, var('storage_time_zone'), var('business_time_zone')
        ) }} as date)
    {%- endif -%}
{%- endmacro %}


{% macro default__time_in_zone(column, from_zone, to_zone) -%}
    timezone('{{ to_zone }}', timezone('{{ from_zone }}', {{ column }}))
{%- endmacro %}


{% macro spark__time_in_zone(column, from_zone, to_zone) -%}
    convert_timezone('{{ from_zone }}', '{{ to_zone }}', {{ column }})
{%- endmacro %}


{# The hour of a stored timestamp, 0 to 23, as clocks of the marketplace show it. #}
{% macro business_hour(column) -%}
    cast(extract(hour from {{ adapter.dispatch('time_in_zone')(
        column, var('storage_time_zone'), var('business_time_zone')
    ) }}) as bigint)
{%- endmacro %}


{# Intervals are common to both engines; the outer cast undoes their widening to a timestamp. #}
{% macro days_after(date, days) -%}
    cast({{ date }} + {{ days }} * interval '1' day as date)
{%- endmacro %}


{% macro days_before(date, days) -%}
    cast({{ date }} - {{ days }} * interval '1' day as date)
{%- endmacro %}


{# Whole days from the first date to the second. #}
{% macro days_between(first_date, second_date) -%}
    {{ adapter.dispatch('days_between')(first_date, second_date) }}
{%- endmacro %}


{% macro default__days_between(first_date, second_date) -%}
    datediff('day', {{ first_date }}, {{ second_date }})
{%- endmacro %}


{% macro spark__days_between(first_date, second_date) -%}
    cast(datediff({{ second_date }}, {{ first_date }}) as bigint)
{%- endmacro %}


{# 1 for Monday to 7 for Sunday; each engine's own `dayofweek` begins elsewhere. #}
{% macro iso_weekday(date) -%}
    {{ adapter.dispatch('iso_weekday')(date) }}
{%- endmacro %}


{% macro default__iso_weekday(date) -%}
    isodow({{ date }})
{%- endmacro %}


{% macro spark__iso_weekday(date) -%}
    (weekday({{ date }}) + 1)
{%- endmacro %}


{# The moment, UTC, at which a business day begins. #}
{% macro utc_start_of(date) -%}
    {{ adapter.dispatch('utc_start_of')(date, var('business_time_zone')) }}
{%- endmacro %}


{% macro default__utc_start_of(date, zone) -%}
    timezone('UTC', timezone('{{ zone }}', cast({{ date }} as timestamp)))
{%- endmacro %}


{% macro spark__utc_start_of(date, zone) -%}
    to_utc_timestamp(cast({{ date }} as timestamp), '{{ zone }}')
{%- endmacro %}


{# The same as it is written in stored timestamps. #}
{% macro stored_start_of(date) -%}
    {%- if var('business_time_zone') == var('storage_time_zone') -%}
        cast({{ date }} as timestamp)
    {%- else -%}
        {{ utc_start_of(date) }}
    {%- endif -%}
{%- endmacro %}


{# Hours from the first timestamp to the second, not below zero; NULL where one is missing. #}
{% macro hours_between(first_moment, second_moment) -%}
    case
        when {{ first_moment }} < {{ second_moment }}
            then cast({{ seconds_between(first_moment, second_moment) }} as double) / 3600
        when {{ first_moment }} >= {{ second_moment }} then cast(0 as double)
    end
{%- endmacro %}


{% macro seconds_between(first_moment, second_moment) -%}
    {{ adapter.dispatch('seconds_between')(first_moment, second_moment) }}
{%- endmacro %}


{% macro default__seconds_between(first_moment, second_moment) -%}
    datediff('second', {{ first_moment }}, {{ second_moment }})
{%- endmacro %}


{% macro spark__seconds_between(first_moment, second_moment) -%}
    (unix_timestamp({{ second_moment }}) - unix_timestamp({{ first_moment }}))
{%- endmacro %}


{# Of the calendar: what does not say whether parcels are handed over is one if it is a holiday or a
   closure. #}
{% macro is_day_of_rest() -%}
    not coalesce(is_working_day, kind not in ('public_holiday', 'company_closure'))
{%- endmacro %}


{# What clocks of the marketplace show at a stored timestamp, as 14:30. #}
{% macro business_time_of_day(column) -%}
    substring(cast({{ adapter.dispatch('time_in_zone')(
        column, var('storage_time_zone'), var('business_time_zone')
    ) }} as string), 12, 5)
{%- endmacro %}


{# Seconds since the business day of a moment began. #}
{% macro seconds_of_business_day(column) -%}
    {{ seconds_between(stored_start_of(business_date(column)), column) }}
{%- endmacro %}


{# Hours of working days up to a second of a day: a day of rest adds none. The difference of two is
   the working time between them. #}
{% macro working_hours_until(second, days) -%}
    case
        when {{ days }}.is_working_day
            then
                ({{ days }}.working_day_number - 1) * 24
                + cast({{ second }} as double) / 3600
        else cast({{ days }}.working_day_number * 24 as double)
    end
{%- endmacro %}


{# The same for when a vendor has to act: after its cut-off the next working day begins. #}
{% macro working_hours_from(second, time_of_day, days, cut_off_time) -%}
    case
        when {{ days }}.is_working_day and {{ time_of_day }} > {{ cut_off_time }}
            then cast({{ days }}.working_day_number * 24 as double)
        else {{ working_hours_until(second, days) }}
    end
{%- endmacro %}


{# The first day of a date's month; so many months before one that is. #}
{% macro month_of(date) -%}
    cast(date_trunc('month', {{ date }}) as date)
{%- endmacro %}


{% macro months_before(date, months) -%}
    cast({{ date }} - {{ months }} * interval '1' month as date)
{%- endmacro %}
