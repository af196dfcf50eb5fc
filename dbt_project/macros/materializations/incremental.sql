{# A model that is kept by day: what is stale is deleted and built into the table at once. dbt's
   default builds it into a temporary table first and asks about both. Other code builds every day,
   so the columns cannot differ. #}
{% materialization incremental, adapter='duckdb' %}

    {%- set existing = load_cached_relation(this) -%}
    {%- set target = this.incorporate(type='table') -%}

    {{ run_hooks(pre_hooks, inside_transaction=False) }}
    {{ run_hooks(pre_hooks, inside_transaction=True) }}

    {% call statement('main') -%}
        {%- if is_incremental() %}
            {{ days_replaced(target, sql) }}
        {%- else %}
            {%- if existing is not none %}
                drop {{ existing.type }} {{ existing }};
            {%- endif %}
            {{ create_table_as(False, target, sql) }}
        {%- endif %}
    {%- endcall %}

    {{ run_hooks(post_hooks, inside_transaction=True) }}
    {{ adapter.commit() }}
    {{ run_hooks(post_hooks, inside_transaction=False) }}

    {{ return({'relations': [target]}) }}

{% endmaterialization %}
