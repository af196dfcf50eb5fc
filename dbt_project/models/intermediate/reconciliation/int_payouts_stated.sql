{# What payouts say, by the span that they settle. Several of one span, a correction for instance,
   are one statement, by the first of them; a failed one is made again under another number. #}
with payouts as (

    select * from {{ ref('stg_erp__payouts') }}
    where period_end < {{ as_of_end_date() }}

)

select
    -- ids
    vendor_id,
    min(case when status <> 'failed' then payout_id end) as statement_id,

    -- text
    currency_code,
    case
        when bool_or(status = 'held') then 'held'
        when bool_or(status = 'open') then 'open'
        else 'paid'
    end as status,

    -- numbers
    count(case when status <> 'failed' then 1 end) as payout_count,
    count(case when status = 'failed' then 1 end) as failed_count,
    sum(case when status <> 'failed' then gross_amount else 0 end) as gross_amount,
    sum(case when status <> 'failed' then shipping_amount else 0 end) as shipping_amount,
    sum(case when status <> 'failed' then commission_amount else 0 end) as commission_amount,
    sum(case when status <> 'failed' then refund_amount else 0 end) as refund_amount,
    sum(case when status <> 'failed' then fee_amount else 0 end) as fee_amount,
    sum(case when status <> 'failed' then net_amount else 0 end) as payout_amount,
    sum(case when status = 'paid' then net_amount else 0 end) as paid_amount,

    -- dates
    period_start,
    period_end,
    max(case when status = 'paid' then {{ business_date('paid_at') }} end) as paid_date
from payouts
group by vendor_id, currency_code, period_start, period_end
-- of a span whose payouts all failed nothing is settled
having count(case when status <> 'failed' then 1 end) > 0
