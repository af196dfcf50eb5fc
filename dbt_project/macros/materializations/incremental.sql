{# A model that is kept by day: what is stale is deleted and built into the table. #}
{% materialization incremental, adapter='duckdb' %}
    {{ return(built_at_once()) }}
{% endmaterialization %}
