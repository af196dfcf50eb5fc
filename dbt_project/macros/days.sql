{# Models whose cost would grow with the history are kept by day: a run builds the days again whose
   rows may have changed, which the loader lists in raw.stale_days, and leaves the rest. A model asks
   for it with {{ config(materialized='incremental', partition_by=['order_date']) }} and restricts
   what it reads by is_stale or is_of_stale_order. docs/decisions/0022-models-by-day.md #}

{# Whether a row's day is built in this run: true where all are, and wherever a model is only looked
   at, as in a unit test, which has no such table. dbt learns of the table when it reads the model.
   A view is asked after the build, too, when no day is listed any more: it then holds all of them. #}
{% macro is_stale(column) -%}
    {%- if reads_stale_days() -%}
        {{ all_days_if_view(stale_days_of(column)) }}
        {{ column }} in (select stale_date from {{ stale_days_of(column) }}))
    {%- else -%}
        true
    {%- endif -%}
{%- endmacro %}


{# Visits have stale days of their own: a parcel's scan makes its order's day stale and no visit. #}
{% macro stale_days_of(day) -%}
    {%- if day.split('.')[-1] in (
        'session_date', 'entry_date', 'event_date', 'last_session_date'
    ) -%}
        {{ source('kontor', 'stale_session_days') }}
    {%- else -%}
        {{ source('kontor', 'stale_days') }}
    {%- endif -%}
{%- endmacro %}


{# The same for a row that names its order and not the order's day. #}
{% macro is_of_stale_order(column) -%}
    {%- if reads_stale_days() -%}
        {{ all_days_if_view() }}
        {{ column }} in (select order_id from {{ ref('int_orders_stale') }}))
    {%- else -%}
        true
    {%- endif -%}
{%- endmacro %}


{# The same for a document, which may name no order that is known: then it may stand on any day. #}
{% macro is_of_no_fresh_order(column) -%}
    {%- if reads_stale_days() -%}
        coalesce(
            {{ column }} not in (
                select order_id
                from {{ ref('stg_shop__orders') }}
                where not {{ is_stale('order_date') }}
            ),
            true
        )
    {%- else -%}
        true
    {%- endif -%}
{%- endmacro %}


{# For what stands on a day as all days until then made it: whether one of these is stale. #}
{% macro is_since_stale_day(column) -%}
    {%- if reads_stale_days() -%}
        coalesce(
            {{ column }} >= (select min(stale_date) from {{ source('kontor', 'stale_days') }}), false
        )
    {%- else -%}
        true
    {%- endif -%}
{%- endmacro %}


{# Whether the model does not hold rows of a value yet. #}
{% macro is_not_built(value, held, condition='true') -%}
    {%- if reads_stale_days() -%}
        {{ value }} not in (select {{ held }} from {{ this }} where {{ condition }})
    {%- else -%}
        true
    {%- endif -%}
{%- endmacro %}


{% macro all_days_if_view(stale_days=source('kontor', 'stale_days')) -%}
    (
    {%- if model.config.materialized == 'view' %}
        not exists (select 1 from {{ stale_days }}) or
    {%- endif %}
{%- endmacro %}


{# A table that is not there yet is built of all days, whoever builds it. #}
{% macro reads_stale_days() -%}
    {{ return(
        not execute
        or (
            is_build_of_stale_days()
            and (model.config.materialized != 'incremental' or is_incremental())
        )
    ) }}
{%- endmacro %}


{% macro is_build_of_stale_days() -%}
    {{ return(execute and flags.WHICH in ['build', 'run'] and not flags.FULL_REFRESH) }}
{%- endmacro %}


{# DuckDB's way. A day that has no row any more is deleted, too; dbt's own delete+insert would only
   delete days that have a row again. What a model builds whatever the day, it names in
   incremental_predicates. What says the last day says it in each row. #}
{% macro get_incremental_stale_days_sql(arg_dict) %}
    {%- set target = arg_dict['target_relation'] -%}
    {%- set columns = arg_dict['dest_columns'] | map(attribute='name') | list -%}
    {%- set listed = columns | join(', ') -%}
    {%- set day = config.require('partition_by')[0] -%}

    delete from {{ target }}
    where
        {{ day }} in (select stale_date from {{ stale_days_of(day) }})
        {%- for predicate in arg_dict['incremental_predicates'] or [] %}
            or {{ predicate }}
        {%- endfor %};

    insert into {{ target }} ({{ listed }})
    select {{ listed }} from {{ arg_dict['temp_relation'] }};

    {% if 'as_of_date' in columns %}
        update {{ target }} set as_of_date = {{ as_of_date() }}
        where as_of_date <> {{ as_of_date() }};
    {% endif %}
{% endmacro %}
