{# A reference by several columns: each row's combination is the key of a row of another model. #}
{% test row_exists_in(model, to, columns) %}

select {{ columns | join(', ') }}
from {{ model }} as referring
where
    {% for column in columns -%}
    {{ column }} is not null and {% endfor -%}
    not exists (
        select 1
        from {{ to }} as referred
        where
            {% for column in columns -%}
            referring.{{ column }} = referred.{{ column }}{{ ' and ' if not loop.last }}
            {%- endfor %}
    )

{% endtest %}
