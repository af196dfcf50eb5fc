{# A model's table in one transaction: dropped and made again, or its stale days replaced where it is
   kept by day. dbt's defaults make a second table and rename or copy it, which takes five more
   statements for each. Other code builds every day, so the columns of what is kept cannot differ. #}
{% macro built_at_once() %}

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

{% endmacro %}
