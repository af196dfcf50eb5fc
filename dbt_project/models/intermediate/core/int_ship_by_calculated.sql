{# Until when a line has to be handed over of which the marketplace does not say so: the end of the
   working day that its offer's days of handling lead to. They are counted in the vendor's working
   days, from the day on which the order was approved, after the cut-off from the next one. Where no
   parcel was ever reported nothing can be late. #}
{#- House assumptions; owner: vendor performance. An offer that states no time to prepare it needs
   two days; one that needs longer than 60 is made to order, and has no usual time. #}
{%- set usual_handling_days, longest_handling_days = 2, 60 %}
with shipments as (

    select * from {{ ref('stg_oms__shipments') }}

),

order_lines as (

    select
        order_id,
        order_line_id,
        vendor_id,
        offer_id
    from {{ ref('int_order_lines_joined') }}
    where
        ship_by_at is null
        and {{ is_stale('order_date') }}
        and exists (
            select 1 as found
            from shipments
            where shipments.shipped_at is not null
        )

),

orders as (

    select
        order_id,
        coalesce(approved_at, ordered_at) as begun_at
    from {{ ref('int_orders_resolved') }}
    where {{ is_stale('order_date') }}

),

offers as (

    select
        offer_id,
        lead_time_days
    from {{ ref('stg_pim__offers') }}

),

places as (

    select * from {{ ref('int_vendors_placed') }}

),

days as (

    select * from {{ ref('int_working_days_numbered') }}

),

begun as (

    select
        order_lines.order_id,
        order_lines.order_line_id,
        places.place_id,
        days.working_day_number
        + case
            when
                days.is_working_day
                and coalesce(
                    {{ business_time_of_day('orders.begun_at') }} <= places.cut_off_time, true
                )
                then 0
            else 1
        end
        + coalesce(offers.lead_time_days, {{ usual_handling_days }}) as due_day_number
    from order_lines
    inner join orders
        on order_lines.order_id = orders.order_id
    inner join places
        on order_lines.vendor_id = places.vendor_id
    inner join days
        on
            places.place_id = days.place_id
            and {{ business_date('orders.begun_at') }} = days.calendar_date
    left join offers
        on order_lines.offer_id = offers.offer_id
    where coalesce(offers.lead_time_days, 0) <= {{ longest_handling_days }}

)

select
    -- ids
    begun.order_id,
    begun.order_line_id,

    -- timestamps: with the last second of the day
    {{ stored_start_of(days_after('days.calendar_date', 1)) }} - 1 * interval '1' second
        as calculated_at
from begun
inner join days
    on
        begun.place_id = days.place_id
        and begun.due_day_number = days.working_day_number
        and days.is_working_day
