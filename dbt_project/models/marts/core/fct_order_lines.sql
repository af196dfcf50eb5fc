{{ config(materialized='incremental', partition_by=['order_date']) }}

with due_lines as (

    select
        joined_lines.*,
        case
            when joined_lines.ship_by_at is not null then 'stated'
            when calculated.order_id is not null then 'calculated'
        end as ship_by_basis,
        coalesce(joined_lines.ship_by_at, calculated.calculated_at) as due_at
    from {{ ref('int_order_lines_joined') }} as joined_lines
    left join {{ ref('int_ship_by_calculated') }} as calculated
        on
            joined_lines.order_id = calculated.order_id
            and joined_lines.order_line_id = calculated.order_line_id
    where {{ is_stale('joined_lines.order_date') }}

),

order_lines as (

    select
        *,
        not is_cancelled and status <> 'unavailable' as is_in_gmv_net,
        {{ business_date('due_at') }} as ship_by_date,
        {{ business_date('promised_at') }} as promised_date,
        {{ business_date('shipped_at') }} as shipped_date,
        {{ business_date('delivered_at') }} as delivered_date,
        {{ business_date('cancelled_at') }} as cancelled_date
    from due_lines

),

returns as (

    select * from {{ ref('int_returns_refunded') }}
    where {{ is_stale('order_date') }}

),

joined as (

    select
        order_lines.*,
        {{ units('coalesce(returns.returned_quantity, 0)') }} as returned_quantity,
        -- a line that came back whole leaves nothing, not even a cent of its conversion
        case
            when returns.order_line_id is null then {{ money('0') }}
            when returns.returned_amount >= order_lines.original_gmv then order_lines.gmv
            else least(
                {{ converted('returns.returned_amount', 'order_lines.exchange_rate') }},
                order_lines.gmv
            )
        end as returned_amount
    from order_lines
    left join returns
        on
            order_lines.order_id = returns.order_id
            and order_lines.order_line_id = returns.order_line_id

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
    customer_id,
    category_id,

    -- text
    status,
    channel,
    currency_code,
    original_currency_code,
    cancelled_by,
    fulfilled_by,
    ship_by_basis,
    product_name,
    category_name,
    unit,

    -- numbers
    quantity,
    unit_price,
    list_price,
    discount_amount,
    gmv,
    case
        when gmv is null then null
        when is_in_gmv_net then {{ money('gmv - returned_amount') }}
        else {{ money('0') }}
    end as gmv_net,
    shipping_amount,
    commission_amount,
    cost_amount,
    returned_quantity,
    case when is_in_gmv_net then returned_amount when gmv is not null then {{ money('0') }} end
        as returned_amount,
    exchange_rate,
    original_discount_amount,
    original_gmv,
    original_shipping_amount,
    original_tax_amount,
    original_commission_amount,

    -- booleans
    is_cancelled,
    is_in_gmv_net,
    -- lost by the vendor's side: never available, or cancelled before shipping and not by the buyer
    status = 'unavailable'
    or (
        is_cancelled
        and coalesce(cancelled_by, 'unknown') <> 'buyer'
        and (shipped_at is null or coalesce(cancelled_at < shipped_at, false))
    ) as is_lost_by_vendor,
    -- left the vendor's duty to ship
    not is_in_gmv_net
    and (shipped_at is null or coalesce(cancelled_at < shipped_at, false))
        as is_dropped_before_shipping,
    case
        when due_at is null then cast(null as boolean)
        when shipped_at is not null then shipped_at > due_at
        when is_in_gmv_net and ship_by_date < {{ as_of_end_date() }} then true
    end as is_shipped_late,
    delivered_at > promised_at as is_late,
    delivered_date > promised_date as is_late_by_date,
    is_in_gmv_net
    and delivered_at is null
    and coalesce(promised_date < {{ as_of_end_date() }}, false) as is_overdue,

    -- dates
    order_date,
    ship_by_date,
    promised_date,
    shipped_date,
    delivered_date,
    cancelled_date,
    {{ as_of_date() }} as as_of_date,

    -- timestamps
    ordered_at,
    accepted_at,
    due_at as ship_by_at,
    promised_at,
    shipped_at,
    delivered_at,
    cancelled_at
from joined
