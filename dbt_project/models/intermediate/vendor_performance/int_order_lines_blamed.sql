{{ config(materialized='table') }}

{# Whose fault it is that a line was handed over or arrived late, from what happened. Platform: it
   passed the order on more than eight hours after it was approved, and the line was handed over
   as many working days after its time. Force majeure: its ship-by day was a day of rest where the
   vendor is, and it left by the next working day. The carrier's: it was handed over in time, or the
   carrier stood still. The buyer's: the carrier came in time and met nobody, or the buyer cancelled
   what was on its way before it was due. Unknown: it arrived,
   and nobody says when it was handed over. Else the vendor's. #}
{%- set passed_on_late_hours = 8 %}
with order_lines as (

    select * from {{ ref('fct_order_lines') }}

),

joined_lines as (

    select
        order_id,
        order_line_id,
        carrier,
        coalesce(ship_country_code, 'ZZ') as ship_country_code,
        first_attempt_at
    from {{ ref('int_order_lines_joined') }}

),

orders as (

    select
        order_id,
        coalesce(approved_at, ordered_at) as approved_at
    from {{ ref('int_orders_resolved') }}

),

passed_on as (

    select
        order_id,
        vendor_id,
        min({{ known_by('occurred_at') }}) as sent_at
    from {{ ref('stg_oms__order_events') }}
    where event_type = 'sent_to_vendor' and vendor_id is not null
    group by order_id, vendor_id

),

passed_on_late as (

    select
        passed_on.order_id,
        passed_on.vendor_id,
        {{ business_date('orders.approved_at') }} as approved_date,
        {{ business_date('passed_on.sent_at') }} as sent_date
    from passed_on
    inner join orders
        on passed_on.order_id = orders.order_id
    where
        {{ hours_between('orders.approved_at', 'passed_on.sent_at') }} > {{ passed_on_late_hours }}

),

places as (

    select
        vendor_id,
        place_id
    from {{ ref('int_vendors_placed') }}

),

days as (

    select * from {{ ref('int_working_days_numbered') }}

),

stood_still as (

    select * from {{ ref('int_carrier_days_judged') }}

),

late_lines as (

    select
        *,
        coalesce(is_shipped_late, shipped_at is null and ship_by_date < {{ as_of_end_date() }})
            as is_late_shipment,
        coalesce(is_late, promised_date < {{ as_of_end_date() }}) as is_late_delivery
    from order_lines
    where
        coalesce(is_shipped_late, shipped_at is null and ship_by_date < {{ as_of_end_date() }})
        or coalesce(is_late, promised_date < {{ as_of_end_date() }})

),

explained as (

    select
        late_lines.*,
        passed_on_late.order_id is not null
        and shipped_days.working_day_number <= due_days.working_day_number + greatest(
            1, sent_days.working_day_number - approved_days.working_day_number
        ) as is_passed_on_late,
        not due_days.is_working_day
        and shipped_days.working_day_number <= due_days.working_day_number + 1 as is_due_on_rest,
        stood_still.carrier is not null as has_carrier_stood_still,
        late_lines.shipped_at is null and late_lines.delivered_at is not null
            as is_handed_over_unseen,
        joined_lines.first_attempt_at
    from late_lines
    inner join joined_lines
        on
            late_lines.order_id = joined_lines.order_id
            and late_lines.order_line_id = joined_lines.order_line_id
    left join places
        on late_lines.vendor_id = places.vendor_id
    left join days as due_days
        on
            places.place_id = due_days.place_id
            and late_lines.ship_by_date = due_days.calendar_date
    left join days as shipped_days
        on
            places.place_id = shipped_days.place_id
            and late_lines.shipped_date = shipped_days.calendar_date
    left join passed_on_late
        on
            late_lines.order_id = passed_on_late.order_id
            and late_lines.vendor_id = passed_on_late.vendor_id
    left join days as approved_days
        on
            places.place_id = approved_days.place_id
            and passed_on_late.approved_date = approved_days.calendar_date
    left join days as sent_days
        on
            places.place_id = sent_days.place_id
            and passed_on_late.sent_date = sent_days.calendar_date
    left join stood_still
        on
            joined_lines.carrier = stood_still.carrier
            and joined_lines.ship_country_code = stood_still.ship_country_code
            and late_lines.promised_date = stood_still.promised_date

),

shipping_judged as (

    select
        *,
        case
            when not is_late_shipment then null
            when fulfilled_by = 'platform' then 'platform'
            when is_passed_on_late then 'platform'
            when is_due_on_rest then 'force_majeure'
            when is_handed_over_unseen then 'unknown'
            else 'vendor'
        end as shipping_fault
    from explained

)

select
    -- ids
    order_line_id,
    order_id,
    vendor_id,

    -- text
    shipping_fault,
    case
        when not is_late_delivery then null
        when first_attempt_at <= promised_at then 'buyer'
        when delivered_at is null and cancelled_by = 'buyer' and cancelled_at <= promised_at
            then 'buyer'
        when has_carrier_stood_still and shipped_at is not null then 'carrier'
        when fulfilled_by = 'platform' then 'platform'
        when shipping_fault is not null then shipping_fault
        when is_handed_over_unseen then 'unknown'
        when shipped_at is null or shipped_at > promised_at then 'vendor'
        -- without a time until which it had to be handed over, only the promise tells
        else 'carrier'
    end as delivery_fault
from shipping_judged
