select
    order_id || ' (' || original_currency_code || ')' as subject_id,
    original_currency_code
from {{ ref('fct_orders') }}
where paid_amount is null and exchange_rate is not null
