{# A model that is kept by day is first written in the order of its days. The stale ones, which are
   mostly the last, then lie side by side: DuckDB passes over what holds none of them, and writes
   anew only what holds some. #}
{% macro duckdb__create_table_as(
    temporary, relation, compiled_code, language='sql', partitioned_by=none, sorted_by=none
) -%}
    {%- set code = compiled_code -%}
    {%- if config.get('materialized') == 'incremental' and not temporary -%}
        {%- set code -%}
            select * from (
                {{ compiled_code }}
            ) as built
            order by {{ config.require('partition_by')[0] }} asc nulls last
        {%- endset -%}
    {%- endif -%}
    {{ dbt.duckdb__create_table_as(
        temporary, relation, code, language, partitioned_by, sorted_by
    ) }}
{%- endmacro %}
