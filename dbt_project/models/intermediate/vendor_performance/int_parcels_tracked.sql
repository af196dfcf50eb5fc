{# Parcels that were handed over, and whether their way can be followed: a number, and a scan of the
   carrier at least. Where no carrier ever reports a scan nothing can be said of anybody. #}
with vendor_orders as (

    select
        order_id,
        vendor_id
    from {{ ref('fct_vendor_orders') }}

),

reported as (

    select
        shipment_id,
        min({{ business_date('occurred_at') }}) as reported_date
    from {{ ref('stg_oms__shipment_events') }}
    where event_type in ('scanned', 'out_for_delivery', 'attempted', 'delivered')
    group by shipment_id

),

parcels as (

    select
        shipments.shipment_id,
        shipments.order_id,
        shipments.vendor_id,
        shipments.fulfilled_by,
        shipments.promised_at,
        {{ business_date('shipments.promised_at') }} as promised_date,
        {{ business_date('shipments.shipped_at') }} as shipped_date,
        case
            when shipments.has_tracking_number
                then least(
                    {{ business_date('shipments.first_scan_at') }}, reported.reported_date
                )
        end as tracked_date
    from {{ ref('stg_oms__shipments') }} as shipments
    left join reported
        on shipments.shipment_id = reported.shipment_id

),

counted as (

    select
        parcels.*,
        vendor_orders.vendor_id as counted_vendor_id,
        coalesce(parcels.tracked_date < {{ as_of_end_date() }}, false) as is_tracked
    from parcels
    -- a parcel that names no vendor is every vendor's of the order
    inner join vendor_orders
        on
            parcels.order_id = vendor_orders.order_id
            and coalesce(parcels.vendor_id, vendor_orders.vendor_id) = vendor_orders.vendor_id
    where parcels.promised_at is not null and parcels.shipped_date < {{ as_of_end_date() }}

)

select
    -- ids
    'valid_tracking_rate' as metric_id,
    counted_vendor_id as vendor_id,
    shipment_id as unit_id,
    order_id,
    cast(null as string) as order_line_id,

    -- text
    'shipment' as unit_kind,
    case
        when is_tracked then null
        when fulfilled_by = 'platform' then 'platform'
        else 'vendor'
    end as fault_class,

    -- numbers
    {{ units('case when is_tracked then 1 else 0 end') }} as numerator_value,
    {{ units('1') }} as denominator_value,

    -- booleans
    is_tracked as is_in_numerator,

    -- dates
    promised_date as membership_date,
    shipped_date as counts_from,
    cast(null as date) as counts_until,
    case when is_tracked then tracked_date end as numerator_from
from counted
where
    exists (
        select 1 as found
        from parcels
        where parcels.tracked_date is not null
    )
