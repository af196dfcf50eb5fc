{# From a vendor's sales to what it is paid, by span of a payout: what the orders let expect, what
   the payout says, and where the two differ. Every part has the sign with which it counts towards the
   payout. What no payout settles yet, and what is not delivered yet, are statements of their own, so
   that all of them together are all of the vendor's orders. #}
with allowances as (

    select max(rounding_per_line) as rounding_per_line
    from {{ ref('reconciliation_registry') }}
    where source = 'payouts'

),

stated as (

    select * from {{ ref('int_payouts_stated') }}

),

lines as (

    select
        vendor_id,
        statement_id,
        line_kind,
        line_state,
        currency_code,
        discount,
        tax,
        goods,
        goods_cancelled,
        commission,
        commission_cancelled,
        refunds,
        commission_returned,
        event_date
    from {{ ref('int_payout_lines_settled') }}
    union all
    select
        vendor_id,
        'undelivered ' || original_currency_code as statement_id,
        'sale' as line_kind,
        'undelivered' as line_state,
        original_currency_code as currency_code,
        coalesce(original_discount_amount, 0) as discount,
        original_tax_amount as tax,
        original_gmv as goods,
        0 as goods_cancelled,
        coalesce(original_commission_amount, 0) as commission,
        0 as commission_cancelled,
        0 as refunds,
        0 as commission_returned,
        order_date as event_date
    from {{ ref('fct_order_lines') }}
    where delivered_date is null and is_in_gmv_net

),

expected as (

    select
        vendor_id,
        statement_id,
        currency_code,
        line_state,
        count(case when line_kind = 'sale' then 1 end) as sale_count,
        count(case when line_kind = 'return' then 1 end) as return_count,
        sum(discount) as discount,
        sum(tax) as tax,
        sum(goods) as goods,
        sum(goods_cancelled) as goods_cancelled,
        coalesce(sum(commission), 0) as commission,
        coalesce(sum(commission_cancelled), 0) as commission_cancelled,
        sum(refunds) as refunds,
        coalesce(sum(commission_returned), 0) as commission_returned,
        min(event_date) as first_date,
        max(event_date) as last_date
    from lines
    group by vendor_id, statement_id, currency_code, line_state

),

{# Statements and expectations in one line each; a span with nothing delivered has no expectation,
   and what is not settled has no statement. #}
matched as (

    select
        coalesce(stated.vendor_id, expected.vendor_id) as vendor_id,
        coalesce(stated.currency_code, expected.currency_code) as currency_code,
        coalesce(stated.statement_id, expected.statement_id) as statement_id,
        coalesce(stated.status, expected.line_state) as status,
        stated.statement_id is not null as is_stated,
        coalesce(stated.payout_count, 0) as payout_count,
        coalesce(stated.failed_count, 0) as failed_count,
        coalesce(expected.sale_count, 0) as sale_count,
        coalesce(expected.return_count, 0) as return_count,
        coalesce(expected.discount, 0) as discount,
        expected.tax,
        coalesce(expected.goods, 0) as goods,
        coalesce(expected.goods_cancelled, 0) as goods_cancelled,
        coalesce(expected.commission, 0) - coalesce(expected.commission_cancelled, 0)
            as commission,
        coalesce(expected.refunds, 0) as refunds,
        coalesce(expected.commission_returned, 0) as commission_returned,
        coalesce(stated.gross_amount, 0) as gross_amount,
        coalesce(stated.shipping_amount, 0) as shipping_amount,
        coalesce(stated.commission_amount, 0) as commission_amount,
        coalesce(stated.refund_amount, 0) as refund_amount,
        coalesce(stated.fee_amount, 0) as fee_amount,
        stated.payout_amount,
        coalesce(stated.paid_amount, 0) as paid_amount,
        stated.paid_date,
        coalesce(stated.period_start, expected.first_date) as period_start,
        coalesce(stated.period_end, expected.last_date) as period_end
    from stated
    full outer join expected
        on stated.vendor_id = expected.vendor_id and stated.statement_id = expected.statement_id

),

{# A payout may give back the commission of what was returned, or keep it: what it says it gave back
   is no difference. #}
returned as (

    select
        *,
        case
            when is_stated
                then least(greatest(commission - commission_amount, 0), commission_returned)
            else 0
        end as commission_given_back
    from matched

),

compared as (

    select
        *,
        goods - goods_cancelled - refunds + shipping_amount - commission + commission_given_back
        - fee_amount as expected_amount,
        case when is_stated then gross_amount - (goods - goods_cancelled) else 0 end
            as goods_difference,
        case when is_stated then refunds - refund_amount else 0 end as refund_difference,
        case when is_stated then commission - commission_given_back - commission_amount else 0 end
            as commission_difference,
        case
            when is_stated
                then
                    payout_amount
                    - (
                        gross_amount + shipping_amount - commission_amount - refund_amount
                        - fee_amount
                    )
            else 0
        end as calculation_difference
    from returned

),

judged as (

    select
        compared.*,
        compared.goods_difference + compared.refund_difference + compared.commission_difference
        + compared.calculation_difference as difference_amount,
        greatest(
            abs(compared.goods_difference),
            abs(compared.refund_difference),
            abs(compared.commission_difference),
            abs(compared.calculation_difference)
        ) as largest_difference,
        allowances.rounding_per_line * greatest(compared.sale_count + compared.return_count, 1)
            as rounding_allowed
    from compared
    cross join allowances

)

select
    -- ids
    vendor_id,
    statement_id,

    -- text
    status,
    case
        when largest_difference = 0 then 'none'
        when largest_difference <= rounding_allowed then 'rounding'
        when largest_difference = abs(refund_difference) and refund_difference < 0
            then 'refund_without_return'
        when largest_difference = abs(refund_difference) then 'return_not_charged'
        when largest_difference = abs(commission_difference) then 'commission_changed'
        when largest_difference = abs(goods_difference) and goods_difference < 0
            then 'goods_not_settled'
        when largest_difference = abs(goods_difference) then 'goods_without_delivery'
        else 'parts_do_not_add_up'
    end as reason,
    currency_code,

    -- numbers
    payout_count,
    failed_count,
    sale_count,
    return_count,
    {{ money('goods + discount') }} as list_sales_amount,
    {{ money('-discount') }} as discount_amount,
    {{ money('-goods_cancelled') }} as cancelled_amount,
    {{ money('-refunds') }} as refund_amount,
    {{ money('shipping_amount') }} as shipping_amount,
    {{ money('-commission') }} as commission_amount,
    {{ money('commission_given_back') }} as commission_returned_amount,
    {{ money('-fee_amount') }} as fee_amount,
    {{ money('expected_amount') }} as expected_amount,
    {{ money('goods_difference') }} as goods_difference,
    {{ money('refund_difference') }} as refund_difference,
    {{ money('commission_difference') }} as commission_difference,
    {{ money('calculation_difference') }} as calculation_difference,
    {{ money('difference_amount') }} as difference_amount,
    {{ money('payout_amount') }} as payout_amount,
    {{ money('paid_amount') }} as paid_amount,
    {{ money('coalesce(payout_amount, expected_amount) - paid_amount') }} as open_amount,
    {{ money('goods - goods_cancelled') }} as sales_amount,
    {{ money('tax') }} as tax_amount,

    -- dates
    period_start,
    period_end,
    paid_date,
    {{ as_of_date() }} as as_of_date
from judged
