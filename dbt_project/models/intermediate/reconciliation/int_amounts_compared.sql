{# Every amount of the shop beside the same amount of another system, with how much of a difference
   each explanation may account for: between its lowest and its highest. Where the two are equal the
   amount is a fact that the other system must show, too. docs/decisions/0013-reconciliation.md says
   why each is what it is. #}
with documents as (

    select
        *,
        -- of an order of which nothing stands any more, all that was received is due back
        case
            when shop_owed_standing_total = 0 and shop_owed_cancelled > 0 then received
            else 0
        end as due_back
    from {{ ref('int_order_documents_allocated') }}

),

payouts as (

    select
        *,
        goods - commission - refunds as expected_net,
        currency_code <> '{{ var("currency_code") }}' as is_other_currency
    from {{ ref('int_payouts_matched') }}

),

compared as (

    select
        'erp' as source, -- noqa: RF04
        'goods' as measure,
        coalesce(order_id, 'without an order') as subject_id,
        vendor_id,
        currency_code,
        line_count,
        shop_goods as shop_amount,
        goods as source_amount,
        case when is_matched then 0 else -goods end as unmatched_amount,
        shop_goods_cancelled as cancelled_lowest,
        shop_goods_cancelled as cancelled_highest,
        shop_goods_returned as returned_lowest,
        shop_goods_returned as returned_highest,
        0 as tax_lowest,
        -shop_goods_reversed_lately as timing_lowest,
        shop_goods_not_due as timing_highest,
        has_other_currency,
        reconciliation_date
    from documents
    union all
    select
        'erp' as source, -- noqa: RF04
        'shipping' as measure,
        coalesce(order_id, 'without an order') as subject_id,
        vendor_id,
        currency_code,
        line_count,
        shop_shipping as shop_amount,
        shipping as source_amount,
        case when is_matched then 0 else -shipping end as unmatched_amount,
        0 as cancelled_lowest,
        shop_shipping_cancelled as cancelled_highest,
        0 as returned_lowest,
        case when shop_goods_returned > 0 then shop_shipping else 0 end as returned_highest,
        0 as tax_lowest,
        0 as timing_lowest,
        case when shop_goods_not_due > 0 then shop_shipping else 0 end as timing_highest,
        has_other_currency,
        reconciliation_date
    from documents
    union all
    select
        'accounting' as source, -- noqa: RF04
        'payments' as measure,
        coalesce(order_id, 'without an order') as subject_id,
        vendor_id,
        currency_code,
        line_count,
        shop_owed as shop_amount,
        received as source_amount,
        case when is_matched then 0 else -received end as unmatched_amount,
        0 as cancelled_lowest,
        shop_owed_cancelled as cancelled_highest,
        0 as returned_lowest,
        0 as returned_highest,
        -abs(tax) as tax_lowest,
        0 as timing_lowest,
        case when is_payment_young then shop_owed else pending end as timing_highest,
        has_other_currency,
        reconciliation_date
    from documents
    union all
    select
        'accounting' as source, -- noqa: RF04
        'refunds' as measure,
        coalesce(order_id, 'without an order') as subject_id,
        vendor_id,
        currency_code,
        line_count,
        due_back as shop_amount,
        refunded as source_amount,
        case when is_matched then 0 else -refunded end as unmatched_amount,
        0 as cancelled_lowest,
        0 as cancelled_highest,
        -(shop_goods_returned + shop_owed_cancelled) as returned_lowest,
        0 as returned_highest,
        0 as tax_lowest,
        0 as timing_lowest,
        case when is_refund_young then due_back else 0 end as timing_highest,
        has_other_currency,
        reconciliation_date
    from documents
    union all
    select
        'payouts' as source, -- noqa: RF04
        'goods' as measure,
        settlement_span as subject_id,
        vendor_id,
        currency_code,
        line_count,
        goods as shop_amount,
        gross_amount as source_amount,
        0 as unmatched_amount,
        goods_cancelled as cancelled_lowest,
        goods_cancelled as cancelled_highest,
        0 as returned_lowest,
        0 as returned_highest,
        0 as tax_lowest,
        0 as timing_lowest,
        case when is_awaited then goods else 0 end as timing_highest,
        is_other_currency as has_other_currency,
        reconciliation_date
    from payouts
    union all
    select
        'payouts' as source, -- noqa: RF04
        'commission' as measure,
        settlement_span as subject_id,
        vendor_id,
        currency_code,
        line_count,
        commission as shop_amount,
        commission_amount as source_amount,
        0 as unmatched_amount,
        commission_cancelled as cancelled_lowest,
        commission_cancelled as cancelled_highest,
        0 as returned_lowest,
        commission_returned as returned_highest,
        0 as tax_lowest,
        0 as timing_lowest,
        case when is_awaited then commission else 0 end as timing_highest,
        is_other_currency as has_other_currency,
        reconciliation_date
    from payouts
    union all
    select
        'payouts' as source, -- noqa: RF04
        'refunds' as measure,
        settlement_span as subject_id,
        vendor_id,
        currency_code,
        line_count,
        refunds as shop_amount,
        refund_amount as source_amount,
        0 as unmatched_amount,
        0 as cancelled_lowest,
        0 as cancelled_highest,
        0 as returned_lowest,
        0 as returned_highest,
        0 as tax_lowest,
        0 as timing_lowest,
        case when is_awaited then refunds else 0 end as timing_highest,
        is_other_currency as has_other_currency,
        reconciliation_date
    from payouts
    union all
    select
        'payouts' as source, -- noqa: RF04
        'net' as measure,
        settlement_span as subject_id,
        vendor_id,
        currency_code,
        line_count,
        expected_net as shop_amount,
        net_amount as source_amount,
        0 as unmatched_amount,
        goods_cancelled - commission_cancelled as cancelled_lowest,
        goods_cancelled - commission_cancelled as cancelled_highest,
        -commission_returned as returned_lowest,
        0 as returned_highest,
        0 as tax_lowest,
        case when is_awaited then least(expected_net, 0) else 0 end as timing_lowest,
        case when is_awaited then greatest(expected_net, 0) else 0 end as timing_highest,
        is_other_currency as has_other_currency,
        reconciliation_date
    from payouts

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
    {{ money('tax_lowest') }} as tax_lowest,
    {{ money('timing_lowest') }} as timing_lowest,
    {{ money('timing_highest') }} as timing_highest,

    -- booleans
    has_other_currency,

    -- dates
    reconciliation_date
from compared
where shop_amount <> 0 or source_amount <> 0
