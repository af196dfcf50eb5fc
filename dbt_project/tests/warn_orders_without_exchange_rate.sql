select
    order_id || ' (' || original_currency_code || ')' as subject_id,
    original_currency_code
from {{ ref('fct_orders') }}
where exchange_rate is null
