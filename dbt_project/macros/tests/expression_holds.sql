{# An invariant of every row; a row for which it cannot be decided breaks it too. #}
{% test expression_holds(model, expression) %}

select *
from {{ model }}
where not coalesce({{ expression }}, false)

{% endtest %}
