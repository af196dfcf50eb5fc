{{ config(materialized='table') }}

{# What of a vendor's order lines a payout settles: a sale once it is delivered, a return once it is
   refunded. Each belongs to the first span of a payout that covers its day, and to none before there
   is one. A payout is before tax, in the currency of the order. #}
with allowances as (

    select max(days_allowed) as payout_days
    from {{ ref('reconciliation_registry') }}
    where source = 'payouts'

),

sold as (

    select
        vendor_id,
        order_id,
        order_line_id,
        'sale' as line_kind,
        original_currency_code as currency_code,
        coalesce(original_discount_amount, {{ money('0') }}) as discount,
        original_tax_amount as tax,
        original_gmv as goods,
        case when is_in_gmv_net then {{ money('0') }} else original_gmv end as goods_cancelled,
        -- what no line states is not expected of a payout
        coalesce(original_commission_amount, {{ money('0') }}) as commission,
        case
            when is_in_gmv_net then {{ money('0') }}
            else coalesce(original_commission_amount, {{ money('0') }})
        end as commission_cancelled,
        {{ money('0') }} as refunds,
        {{ money('0') }} as commission_returned,
        delivered_date as event_date
    from {{ ref('fct_order_lines') }}
    where delivered_date is not null

),

returned as (

    select
        vendor_id,
        order_id,
        order_line_id,
        'return' as line_kind,
        currency_code,
        {{ money('0') }} as discount,
        {{ money('0') }} as tax,
        {{ money('0') }} as goods,
        {{ money('0') }} as goods_cancelled,
        {{ money('0') }} as commission,
        {{ money('0') }} as commission_cancelled,
        refund_net_amount as refunds,
        coalesce(commission_amount, {{ money('0') }}) as commission_returned,
        refunded_date as event_date
    from {{ ref('int_returns_refunded') }}

),

lines as (

    select * from sold
    union all
    select * from returned

),

days as (

    select distinct
        vendor_id,
        currency_code,
        event_date
    from lines

),

spans as (

    select
        vendor_id,
        currency_code,
        period_start,
        period_end,
        statement_id
    from {{ ref('int_payouts_stated') }}

),

{# A shop that states no payout at all keeps no vendor waiting, as far as anybody knows. #}
known as (

    select count(*) > 0 as has_payouts
    from spans

),

{# Where spans overlap, a day belongs to the first of them: nothing is delivered twice. #}
assigned as (

    select
        days.vendor_id,
        days.currency_code,
        days.event_date,
        spans.statement_id,
        spans.period_start,
        spans.period_end
    from days
    inner join spans
        on
            days.vendor_id = spans.vendor_id
            and days.currency_code = spans.currency_code
            and days.event_date between spans.period_start and spans.period_end
    qualify row_number() over (
        partition by days.vendor_id, days.currency_code, days.event_date
        order by spans.period_start asc nulls last, spans.period_end asc nulls last
    ) = 1

),

stated as (

    select
        lines.*,
        assigned.statement_id,
        assigned.period_start,
        assigned.period_end,
        case
            when assigned.statement_id is not null then 'settled'
            when not known.has_payouts then 'unstated'
            when lines.event_date > {{ days_before(as_of_date(), 'allowances.payout_days') }}
                then 'awaited'
            else 'overdue'
        end as line_state
    from lines
    cross join allowances
    cross join known
    left join assigned
        on
            lines.vendor_id = assigned.vendor_id
            and lines.currency_code = assigned.currency_code
            and lines.event_date = assigned.event_date

)

select
    -- ids
    vendor_id,
    coalesce(statement_id, line_state || ' ' || currency_code) as statement_id,
    order_id,
    order_line_id,

    -- text
    line_kind,
    line_state,
    currency_code,

    -- numbers
    discount,
    tax,
    goods,
    goods_cancelled,
    commission,
    commission_cancelled,
    refunds,
    commission_returned,

    -- dates
    event_date,
    period_start,
    period_end
from stated
