{# One measure of the shop beside the same measure of another system, for every subject that a
   relation holds. What may explain a difference is a range, from its lowest to its highest; an
   explanation that is not named explains nothing. #}
{% macro compared_amounts(
    relation, source, measure, shop_amount, source_amount,
    cancelled=('0', '0'), returned=('0', '0'), discounted=('0', '0'), charged_back_lowest='0',
    tax_lowest='0', timing=('0', '0')
) -%}
    select
        '{{ source }}' as source,
        '{{ measure }}' as measure,
        subject_id,
        vendor_id,
        currency_code,
        line_count,
        {{ shop_amount }} as shop_amount,
        {{ source_amount }} as source_amount,
        case when is_matched then 0 else -{{ source_amount }} end as unmatched_amount,
        {{ cancelled[0] }} as cancelled_lowest,
        {{ cancelled[1] }} as cancelled_highest,
        {{ returned[0] }} as returned_lowest,
        {{ returned[1] }} as returned_highest,
        {{ discounted[0] }} as discounted_lowest,
        {{ discounted[1] }} as discounted_highest,
        {{ charged_back_lowest }} as charged_back_lowest,
        {{ tax_lowest }} as tax_lowest,
        {{ timing[0] }} as timing_lowest,
        {{ timing[1] }} as timing_highest,
        has_other_currency,
        reconciliation_date
    from {{ relation }}
{%- endmacro %}
