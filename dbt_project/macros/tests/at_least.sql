{# A lower bound; a missing value is not below it (say not_null where it must be there). #}
{% test at_least(model, column_name, minimum) %}

select {{ column_name }}
from {{ model }}
where {{ column_name }} < {{ minimum }}

{% endtest %}
