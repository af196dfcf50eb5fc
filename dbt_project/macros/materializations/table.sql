{% materialization table, adapter='duckdb' %}
    {{ return(built_at_once()) }}
{% endmaterialization %}
