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
{% macro days_replaced(target, sql) %}
    {%- set columns = adapter.get_columns_in_relation(target) -%}
    {%- set names = columns | map(attribute='name') | list -%}
    {%- set listed = names | join(', ') -%}
    {%- set day = config.require('partition_by')[0] -%}
    {%- set is_compared = config.get('meta', {}).get('days_are_compared') -%}
    {%- if config.get('contract').enforced %}
        {{ get_assert_columns_equivalent(sql) }}
    {%- endif %}
    {%- if is_compared %}
        {%- set replaced = is_one_of(day, days_that_differ(target, sql, columns, day)) -%}
    {%- else %}
        {%- set stale = day ~ ' in (select stale_date from ' ~ stale_days_of(day) ~ ')' -%}
        {%- set replaced = ([stale] + (config.get('incremental_predicates') or [])) | join(' or ') -%}
    {%- endif %}

    delete from {{ target }}
    where {{ replaced }};

    insert into {{ target }} ({{ listed }})
    select {{ listed }} from (
        {{ sql }}
    ) as built
    {%- if is_compared %}
    where {{ replaced }}
    {%- endif %};

    {% if 'as_of_date' in names %}
        update {{ target }} set as_of_date = {{ as_of_date() }}
        where as_of_date <> {{ as_of_date() }};
    {% endif %}
{% endmacro %}


{# The days of which a query gives other rows than the table holds, but for the last day. A hash is
   of the column's type. #}
{% macro days_that_differ(target, sql, columns, day) %}
    {%- set cast_columns = [] -%}
    {%- for column in columns if column.name != 'as_of_date' -%}
        {%- do cast_columns.append('cast(' ~ column.name ~ ' as ' ~ column.data_type ~ ')') -%}
    {%- endfor -%}
    {%- set summed -%}
        {{ day }} as stored_day, count(*) as row_count, sum(hash({{ cast_columns | join(', ') }})) as digest
    {%- endset -%}
    {%- set query -%}
        with built as (
            select {{ summed }} from ({{ sql }}) as built group by {{ day }}
        ),
        stored as (
            select {{ summed }} from {{ target }} group by {{ day }}
        )
        select coalesce(built.stored_day, stored.stored_day)
        from built
        full join stored on built.stored_day = stored.stored_day
        where
            built.row_count is distinct from stored.row_count
            or built.digest is distinct from stored.digest
    {%- endset -%}
    {{ return(run_query(query).columns[0].values()) }}
{% endmacro %}


{# One list, for then a day is calculated once, however many there are. #}
{% macro is_one_of(day, days) -%}
    ({{ day }} in (
        {%- for each in days if each is not none %}cast('{{ each }}' as date), {% endfor -%}
        cast(null as date)
    )
    {%- if none in days %} or {{ day }} is null{% endif %})
{%- endmacro %}
