{# Lines that were accepted and whether there was an incident with them, lines that were delivered
   and whether they came back, units that were ordered and how many were paid back. A marketplace
   that tells of no acceptance, return or refund at all has no such rate, rather than one of 0. #}
with order_lines as (

    select * from {{ ref('fct_order_lines') }}

),

returns as (

    select * from {{ ref('int_returns_blamed') }}

),

refunds as (

    select * from {{ ref('int_returns_refunded') }}

),

returned_lines as (

    select
        order_id,
        order_line_id,
        max(fault_class) as fault_class,
        min(requested_date) as first_date
    from returns
    group by order_id, order_line_id

),

{# What a buyer complained of in earnest: of the product, where the ticket names one. Whose fault a
   delivery is tells who made it late. #}
complaints as (

    select
        order_lines.order_id,
        order_lines.order_line_id,
        {{ fault_by_topic('tickets.topic') }} as fault_class,
        tickets.topic = 'delivery' as is_about_delivery,
        {{ business_date('tickets.opened_at') }} as incident_date
    from {{ ref('stg_helpdesk__tickets') }} as tickets
    inner join order_lines
        on
            tickets.order_id = order_lines.order_id
            and coalesce(tickets.vendor_id, order_lines.vendor_id) = order_lines.vendor_id
            and coalesce(tickets.product_id, order_lines.product_id, '')
            = coalesce(order_lines.product_id, '')
    where
        tickets.kind in ('complaint', 'claim', 'chargeback')
        and coalesce(tickets.resolution, 'answered') <> 'withdrawn'

),

incidents as (

    select
        complaints.order_id,
        complaints.order_line_id,
        case
            when complaints.is_about_delivery
                then coalesce(
                    late_lines.delivery_fault, late_lines.shipping_fault, complaints.fault_class
                )
            else complaints.fault_class
        end as fault_class,
        complaints.incident_date
    from complaints
    left join {{ ref('int_order_lines_blamed') }} as late_lines
        on
            complaints.order_id = late_lines.order_id
            and complaints.order_line_id = late_lines.order_line_id
    where complaints.incident_date < {{ as_of_end_date() }}
    union all
    select
        order_id,
        order_line_id,
        fault_class,
        requested_date as incident_date
    from returns
    -- who merely thinks better of it had no incident
    where coalesce(reason, 'other') not in ('changed_mind', 'other')

),

troubled_lines as (

    select
        order_id,
        order_line_id,
        max(fault_class) as fault_class,
        min(incident_date) as first_date
    from incidents
    group by order_id, order_line_id

),

counted as (

    select
        'incident_rate' as metric_id,
        order_lines.vendor_id,
        order_lines.order_id,
        order_lines.order_line_id,
        troubled_lines.fault_class,
        case when troubled_lines.order_id is null then 0 else 1 end as numerator_value,
        1 as denominator_value,
        order_lines.order_date as membership_date,
        {{ business_date('order_lines.accepted_at') }} as counts_from,
        cast(null as date) as counts_until,
        troubled_lines.first_date as numerator_from
    from order_lines
    left join troubled_lines
        on
            order_lines.order_id = troubled_lines.order_id
            and order_lines.order_line_id = troubled_lines.order_line_id
    where order_lines.accepted_at is not null
    union all
    select
        'return_rate' as metric_id,
        order_lines.vendor_id,
        order_lines.order_id,
        order_lines.order_line_id,
        returned_lines.fault_class,
        case when returned_lines.order_id is null then 0 else 1 end as numerator_value,
        1 as denominator_value,
        order_lines.delivered_date as membership_date,
        cast(null as date) as counts_from,
        cast(null as date) as counts_until,
        returned_lines.first_date as numerator_from
    from order_lines
    left join returned_lines
        on
            order_lines.order_id = returned_lines.order_id
            and order_lines.order_line_id = returned_lines.order_line_id
    where
        order_lines.delivered_date is not null
        and exists (select 1 as found from {{ ref('int_returns_blamed') }})
    union all
    select
        'refund_rate' as metric_id,
        order_lines.vendor_id,
        order_lines.order_id,
        order_lines.order_line_id,
        returned_lines.fault_class,
        least(coalesce(refunds.returned_quantity, 0), order_lines.quantity) as numerator_value,
        order_lines.quantity as denominator_value,
        order_lines.order_date as membership_date,
        cast(null as date) as counts_from,
        case
            when not order_lines.is_in_gmv_net
                then coalesce(order_lines.cancelled_date, cast('0001-01-01' as date))
        end as counts_until,
        refunds.refunded_date as numerator_from
    from order_lines
    left join refunds
        on
            order_lines.order_id = refunds.order_id
            and order_lines.order_line_id = refunds.order_line_id
    left join returned_lines
        on
            order_lines.order_id = returned_lines.order_id
            and order_lines.order_line_id = returned_lines.order_line_id
    where exists (select 1 as found from {{ ref('int_returns_refunded') }})

)

select
    -- ids
    metric_id,
    vendor_id,
    order_id || ' ' || order_line_id as unit_id,
    order_id,
    order_line_id,

    -- text
    'order_line' as unit_kind,
    case when numerator_value > 0 then fault_class end as fault_class,

    -- numbers
    {{ units('numerator_value') }} as numerator_value,
    {{ units('denominator_value') }} as denominator_value,

    -- booleans
    numerator_value > 0 as is_in_numerator,

    -- dates
    membership_date,
    counts_from,
    counts_until,
    numerator_from
from counted
