{# A warning, not a stop: the orders are right, the sums over two currencies are not. #}
{{ config(severity='warn') }}

select
    currency_code,
    count(*) as order_count
from {{ ref('fct_orders') }}
where currency_code <> '{{ var("currency_code") }}'
group by currency_code
