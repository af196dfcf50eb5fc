{# Relations are named by schema and table alone. A view then finds its tables in whatever file or
   under whatever name the warehouse is opened; dbt's default would write the file's name into it. #}
{% macro ref() %}
    {% do return(builtins.ref(*varargs, **kwargs).include(database=false)) %}
{% endmacro %}


{% macro source() %}
    {% do return(builtins.source(*varargs, **kwargs).include(database=false)) %}
{% endmacro %}


{# A name that is a keyword, in the quotes of the engine. #}
{% macro quoted(name) -%}
    {{ adapter.dispatch('quoted')(name) }}
{%- endmacro %}


{% macro default__quoted(name) -%}
    "{{ name }}"
{%- endmacro %}


{% macro spark__quoted(name) -%}
    `{{ name }}`
{%- endmacro %}


{# Whether a model adds to what is there. Where nobody is connected that cannot be looked up, so
   whoever only compiles says with `assume_incremental` which of a model's two texts is meant. #}
{% macro is_incremental() %}
    {% set assumed = var('assume_incremental', none) %}
    {% if assumed is none %}
        {% do return(dbt.is_incremental()) %}
    {% endif %}
    {% do return(assumed and model.config.materialized == 'incremental') %}
{% endmacro %}


{# A field of a JSON object as text; NULL where it has none. #}
{% macro text_of(document, name) -%}
    {{ adapter.dispatch('text_of')(document, name) }}
{%- endmacro %}


{% macro default__text_of(document, name) -%}
    json_extract_string({{ document }}, '$.{{ name }}')
{%- endmacro %}


{% macro spark__text_of(document, name) -%}
    get_json_object({{ document }}, '$.{{ name }}')
{%- endmacro %}


{# A field of a JSON object that is a number there; NULL where it has none. #}
{% macro number_of(document, name) -%}
    {{ adapter.dispatch('number_of')(document, name) }}
{%- endmacro %}


{% macro default__number_of(document, name) -%}
    cast(json_extract({{ document }}, '$.{{ name }}') as double)
{%- endmacro %}


{% macro spark__number_of(document, name) -%}
    from_json({{ document }}, '{{ name }} double').{{ name }}
{%- endmacro %}
