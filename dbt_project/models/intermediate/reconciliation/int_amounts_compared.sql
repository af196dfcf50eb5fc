{# Every amount of the shop beside the same amount of another system, with how much of a difference
   each explanation may account for: between its lowest and its highest. Where the two are equal the
   amount is a fact that the other system must show, too. docs/decisions/0013-reconciliation.md says
   why each is what it is. #}
with documents as (

    select
        *,
        coalesce(order_id, 'without an order') as subject_id,
        -- of an order of which nothing stands any more, all that was received is due back
        case
            when shop_owed_standing_total = 0 and shop_owed_cancelled > 0 then received
            else 0
        end as due_back
    from {{ ref('int_order_documents_allocated') }}
    where {{ is_stale('reconciliation_date') }}

),

{# Where the shop does not say whose tax it is, there is nothing to compare with. #}
taxed_documents as (

    select * from documents
    where is_tax_known

),

payouts as (

    select
        *,
        goods - commission - refunds as expected_net,
        -- commission that the payout says it gave back for what was returned
        least(
            greatest(commission - commission_cancelled - commission_amount, 0), commission_returned
        ) as commission_given_back,
        settlement_span as subject_id,
        true as is_matched
    from {{ ref('int_payouts_matched') }}

),

compared as (

    {{ compared_amounts(
        'documents', 'erp', 'goods', 'shop_goods', 'goods',
        cancelled=('shop_goods_cancelled', 'shop_goods_cancelled'),
        returned=('shop_goods_returned', 'shop_goods_returned'),
        discounted=('0', 'shop_discount'),
        timing=('-shop_goods_reversed_lately', 'shop_goods_not_due')
    ) }}
    union all
    {{ compared_amounts(
        'documents', 'erp', 'shipping', 'shop_shipping', 'shipping',
        cancelled=('0', 'shop_shipping_cancelled'),
        returned=('0', 'case when shop_goods_returned > 0 then shop_shipping else 0 end'),
        timing=('0', 'case when shop_goods_not_due > 0 then shop_shipping else 0 end')
    ) }}
    union all
    {{ compared_amounts(
        'taxed_documents', 'erp', 'tax', 'shop_tax', 'tax',
        cancelled=(
            rounded('shop_tax_cancelled * (1 - shop_discount_share)'),
            'shop_tax_cancelled + shop_shipping_tax_cancelled'
        ),
        returned=(
            rounded('shop_tax_returned * (1 - shop_discount_share)'),
            'shop_tax_returned + case when shop_goods_returned > 0 then shop_shipping_tax else 0 end'
        ),
        timing=(
            '-shop_tax_reversed_lately',
            'shop_tax_not_due + case when shop_goods_not_due > 0 then shop_shipping_tax else 0 end'
        )
    ) }}
    union all
    {{ compared_amounts(
        'documents', 'accounting', 'payments', 'shop_owed', 'received',
        cancelled=('0', 'shop_owed_cancelled'),
        tax_lowest='case when is_tax_stated then 0 else -abs(tax) end',
        timing=('0', 'case when is_payment_young then shop_owed else pending end')
    ) }}
    union all
    {{ compared_amounts(
        'documents', 'accounting', 'refunds', 'due_back', 'refunded',
        returned=('-(shop_paid_back + shop_owed_cancelled)', '0'),
        charged_back_lowest='-charged_back',
        timing=('0', 'case when is_refund_young then due_back else 0 end')
    ) }}
    union all
    {{ compared_amounts(
        'payouts', 'payouts', 'goods', 'goods', 'gross_amount',
        cancelled=('goods_cancelled', 'goods_cancelled'),
        timing=('0', 'case when is_awaited then goods else 0 end')
    ) }}
    union all
    {{ compared_amounts(
        'payouts', 'payouts', 'commission', 'commission', 'commission_amount',
        cancelled=('commission_cancelled', 'commission_cancelled'),
        returned=('0', 'commission_returned'),
        timing=('0', 'case when is_awaited then commission else 0 end')
    ) }}
    union all
    {{ compared_amounts(
        'payouts', 'payouts', 'refunds', 'refunds', 'refund_amount',
        timing=('0', 'case when is_awaited then refunds else 0 end')
    ) }}
    union all
    {{ compared_amounts(
        'payouts', 'payouts', 'net', 'expected_net', 'net_amount',
        cancelled=(
            'goods_cancelled - commission_cancelled', 'goods_cancelled - commission_cancelled'
        ),
        returned=('-commission_given_back', '0'),
        timing=(
            'case when is_awaited then least(expected_net, 0) else 0 end',
            'case when is_awaited then greatest(expected_net, 0) else 0 end'
        )
    ) }}

)

select
    -- ids
    subject_id,
    vendor_id,

    -- text
    source,
    measure,
    currency_code,

    -- numbers
    line_count,
    {{ money('shop_amount') }} as shop_amount,
    {{ money('source_amount') }} as source_amount,
    {{ money('unmatched_amount') }} as unmatched_amount,
    {{ money('cancelled_lowest') }} as cancelled_lowest,
    {{ money('cancelled_highest') }} as cancelled_highest,
    {{ money('returned_lowest') }} as returned_lowest,
    {{ money('returned_highest') }} as returned_highest,
    {{ money('discounted_lowest') }} as discounted_lowest,
    {{ money('discounted_highest') }} as discounted_highest,
    {{ money('charged_back_lowest') }} as charged_back_lowest,
    {{ money('tax_lowest') }} as tax_lowest,
    {{ money('timing_lowest') }} as timing_lowest,
    {{ money('timing_highest') }} as timing_highest,

    -- booleans
    has_other_currency,

    -- dates
    reconciliation_date
from compared
where shop_amount <> 0 or source_amount <> 0
