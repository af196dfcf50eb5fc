with order_lines as (

    select
        order_line_id,
        order_id,
        vendor_id
    from {{ ref('int_order_lines_matched_to_vendor') }}

),

shipments as (

    select * from {{ ref('int_shipments_known') }}

)

select
    -- ids
    order_lines.order_id,
    order_lines.order_line_id,
    shipments.shipment_id,

    -- text
    shipments.carrier,
    shipments.ship_country_code,
    shipments.fulfilled_by,

    -- timestamps
    shipments.ship_by_at,
    shipments.promised_at,
    shipments.shipped_at,
    shipments.first_attempt_at,
    shipments.delivered_at
from order_lines
inner join shipments
    on order_lines.order_id = shipments.order_id
where
    shipments.order_line_id = order_lines.order_line_id
    or (
        shipments.order_line_id is null
        and coalesce(shipments.vendor_id, order_lines.vendor_id) = order_lines.vendor_id
    )
-- the most specific shipment speaks for the line, then the latest; the id makes the order total
qualify row_number() over (
    partition by order_lines.order_id, order_lines.order_line_id
    order by
        case
            when shipments.order_line_id is not null then 1
            when shipments.vendor_id is not null then 2
            else 3
        end nulls last,
        coalesce(
            shipments.shipped_at,
            shipments.delivered_at,
            shipments.promised_at,
            shipments.ship_by_at
        ) desc nulls last,
        shipments.shipment_id desc
) = 1
