{{ config(materialized='table') }}

with allowances as (

    select max(days_allowed) as payout_days
    from {{ ref('reconciliation_registry') }}
    where source = 'payouts'

),

spans as (

    select * from {{ ref('int_payouts_stated') }}

),

assigned as (

    select
        vendor_id,
        currency_code,
        event_date,
        period_start,
        period_end,
        count(*) as line_count,
        sum(goods) as goods,
        sum(goods_cancelled) as goods_cancelled,
        sum(commission) as commission,
        sum(commission_cancelled) as commission_cancelled,
        sum(refunds) as refunds,
        sum(commission_returned) as commission_returned
    from {{ ref('int_payout_lines_settled') }}
    group by vendor_id, currency_code, event_date, period_start, period_end

),

{# Who is paid in other currencies only has what was sold in this one converted first, which cannot
   be compared. #}
paid_vendors as (

    select distinct
        vendor_id,
        currency_code
    from spans

),

converted as (

    select
        assigned.vendor_id,
        assigned.currency_code
    from assigned
    inner join paid_vendors
        on assigned.vendor_id = paid_vendors.vendor_id
    group by assigned.vendor_id, assigned.currency_code
    having count_if(assigned.currency_code = paid_vendors.currency_code) = 0

),

settled as (

    select
        vendor_id,
        currency_code,
        period_start,
        period_end,
        sum(line_count) as line_count,
        sum(goods) as goods,
        sum(goods_cancelled) as goods_cancelled,
        sum(commission) as commission,
        sum(commission_cancelled) as commission_cancelled,
        sum(refunds) as refunds,
        sum(commission_returned) as commission_returned
    from assigned
    where period_start is not null
    group by vendor_id, currency_code, period_start, period_end

),

joined as (

    select
        spans.vendor_id,
        spans.currency_code,
        cast(spans.period_start as string) || ' to ' || cast(spans.period_end as string)
            as settlement_span,
        coalesce(settled.line_count, 1) as line_count,
        coalesce(settled.goods, 0) as goods,
        coalesce(settled.goods_cancelled, 0) as goods_cancelled,
        coalesce(settled.commission, 0) as commission,
        coalesce(settled.commission_cancelled, 0) as commission_cancelled,
        coalesce(settled.refunds, 0) as refunds,
        coalesce(settled.commission_returned, 0) as commission_returned,
        spans.gross_amount,
        spans.commission_amount,
        spans.refund_amount,
        -- fees and shipping are the payout's own statement: the shop knows neither
        spans.payout_amount - spans.shipping_amount + spans.fee_amount as net_amount,
        false as is_awaited,
        false as has_other_currency,
        spans.period_end as reconciliation_date
    from spans
    left join settled
        on
            spans.vendor_id = settled.vendor_id
            and spans.currency_code = settled.currency_code
            and spans.period_start = settled.period_start
            and spans.period_end = settled.period_end
    union all
    select
        assigned.vendor_id,
        assigned.currency_code,
        'not settled' as settlement_span,
        assigned.line_count,
        assigned.goods,
        assigned.goods_cancelled,
        assigned.commission,
        assigned.commission_cancelled,
        assigned.refunds,
        assigned.commission_returned,
        0 as gross_amount,
        0 as commission_amount,
        0 as refund_amount,
        0 as net_amount,
        assigned.event_date > {{ days_before(as_of_date(), 'allowances.payout_days') }}
            as is_awaited,
        converted.vendor_id is not null as has_other_currency,
        assigned.event_date as reconciliation_date
    from assigned
    cross join allowances
    left join converted
        on
            assigned.vendor_id = converted.vendor_id
            and assigned.currency_code = converted.currency_code
    where assigned.period_start is null

)

select
    -- ids
    vendor_id,

    -- text
    currency_code,
    settlement_span,

    -- numbers
    line_count,
    {{ money('goods') }} as goods,
    {{ money('goods_cancelled') }} as goods_cancelled,
    {{ money('commission') }} as commission,
    {{ money('commission_cancelled') }} as commission_cancelled,
    {{ money('refunds') }} as refunds,
    {{ money('commission_returned') }} as commission_returned,
    {{ money('gross_amount') }} as gross_amount,
    {{ money('commission_amount') }} as commission_amount,
    {{ money('refund_amount') }} as refund_amount,
    {{ money('net_amount') }} as net_amount,

    -- booleans
    is_awaited,
    has_other_currency,

    -- dates
    reconciliation_date
from joined
