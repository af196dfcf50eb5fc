{# Which system says a field that the shop and the CRM may both say: both the same, one of them, or
   the shop although the CRM says something else. #}
{% macro stated_by(shop, crm) -%}
    case
        when {{ shop }} = {{ crm }} then 'both'
        when {{ shop }} is not null and {{ crm }} is not null then 'shop_over_crm'
        when {{ shop }} is not null then 'shop'
        when {{ crm }} is not null then 'crm'
    end
{%- endmacro %}


{# A text by which two systems' records are compared. Only A to Z: the engines differ in the small
   letters of other alphabets. #}
{% macro comparable(text) -%}
    translate(
        trim({{ text }}), 'ABCDEFGHIJKLMNOPQRSTUVWXYZ', 'abcdefghijklmnopqrstuvwxyz'
    )
{%- endmacro %}
