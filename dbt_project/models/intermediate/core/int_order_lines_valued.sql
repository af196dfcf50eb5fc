{# What a line is worth: as the order states it, and in the marketplace's currency at the order's
   date. Without a rate it is worth nothing known, and its amounts are NULL, not zero. #}
with order_lines as (

    select * from {{ ref('int_order_lines_matched_to_vendor') }}
    -- what nobody is known to sell is in no sum; a check counts and names it
    where vendor_id is not null and {{ is_of_stale_order('order_id') }}

),

orders as (

    select
        order_id,
        original_currency_code,
        exchange_rate
    from {{ ref('int_orders_resolved') }}

),

priced as (

    select
        order_lines.order_line_id,
        order_lines.order_id,
        order_lines.vendor_id,
        order_lines.product_id,
        order_lines.offer_id,
        order_lines.promotion_id,
        order_lines.agreement_id,
        order_lines.status,
        order_lines.cancelled_by,
        order_lines.cancel_reason,
        order_lines.unit,
        order_lines.quantity,
        order_lines.accepted_at,
        order_lines.ship_by_at,
        order_lines.promised_at,
        order_lines.cancelled_at,
        orders.original_currency_code,
        orders.exchange_rate,
        -- the amount of the whole line is exact where a price per unit is rounded
        {{ money(
            'coalesce(order_lines.line_amount, '
            ~ 'round(order_lines.quantity * order_lines.unit_price, 2))'
        ) }} as goods_amount,
        coalesce(
            order_lines.unit_price,
            cast(round(
                cast(
                    {{ ratio('order_lines.line_amount', 'order_lines.quantity') }}
                    as decimal(28, 6)
                ),
                4
            ) as decimal(18, 4))
        ) as unit_price,
        order_lines.list_price,
        order_lines.discount_amount,
        order_lines.discount_rate,
        order_lines.cost_amount,
        order_lines.shipping_amount,
        order_lines.tax_amount,
        order_lines.commission_amount
    from order_lines
    inner join orders
        on order_lines.order_id = orders.order_id

),

stated as (

    select
        order_line_id,
        order_id,
        vendor_id,
        product_id,
        offer_id,
        promotion_id,
        agreement_id,
        status,
        cancelled_by,
        cancel_reason,
        unit,
        quantity,
        accepted_at,
        ship_by_at,
        promised_at,
        cancelled_at,
        original_currency_code,
        exchange_rate,
        unit_price as original_unit_price,
        list_price as original_list_price,
        cost_amount as original_cost_amount,
        {{ money(
            'coalesce(discount_amount, round(goods_amount * discount_rate, 2), 0)'
        ) }} as original_discount_amount,
        {{ money(
            'goods_amount - coalesce(discount_amount, round(goods_amount * discount_rate, 2), 0)'
        ) }} as original_gmv,
        shipping_amount as original_shipping_amount,
        tax_amount as original_tax_amount,
        commission_amount as original_commission_amount
    from priced

),

converted as (

    select
        stated.*,
        original_unit_price as unit_price,
        original_list_price as list_price,
        original_cost_amount as cost_amount,
        original_discount_amount as discount_amount,
        original_gmv as gmv,
        original_shipping_amount as shipping_amount,
        original_commission_amount as commission_amount
    from stated
    where exchange_rate = 1
    union all
    select
        stated.*,
        cast(round(original_unit_price * exchange_rate, 4) as decimal(18, 4)) as unit_price,
        cast(round(original_list_price * exchange_rate, 4) as decimal(18, 4)) as list_price,
        {{ converted('original_cost_amount', 'exchange_rate') }} as cost_amount,
        {{ converted_share('original_discount_amount', 'exchange_rate') }} as discount_amount,
        {{ converted_share('original_gmv', 'exchange_rate') }} as gmv,
        {{ converted_share('original_shipping_amount', 'exchange_rate') }} as shipping_amount,
        {{ converted_share('original_commission_amount', 'exchange_rate') }} as commission_amount
    from stated
    where exchange_rate is null or exchange_rate <> 1
    window lines_so_far as (
        partition by order_id
        order by order_line_id asc nulls last
        rows between unbounded preceding and current row
    )

)

select
    -- ids
    order_line_id,
    order_id,
    vendor_id,
    product_id,
    offer_id,
    promotion_id,
    agreement_id,

    -- text
    status,
    cancelled_by,
    cancel_reason,
    original_currency_code,
    unit,

    -- numbers
    quantity,
    exchange_rate,
    original_unit_price,
    original_discount_amount,
    original_gmv,
    original_shipping_amount,
    original_tax_amount,
    original_commission_amount,
    unit_price,
    list_price,
    discount_amount,
    gmv,
    cost_amount,
    shipping_amount,
    commission_amount,

    -- timestamps
    accepted_at,
    ship_by_at,
    promised_at,
    cancelled_at
from converted
