{# The vendor's part of an order, and whether its buyer had reason to complain. Of several defects
   the vendor's own decides whose fault it was; `max` finds it: no class comes after it. #}
with vendor_orders as (

    select * from {{ ref('fct_vendor_orders') }}

),

defects as (

    select
        order_id,
        vendor_id,
        max(fault_class) as fault_class,
        min(defect_date) as first_defect_date
    from {{ ref('int_order_defects_found') }}
    group by order_id, vendor_id

)

select
    -- ids
    'order_defect_rate' as metric_id,
    vendor_orders.vendor_id,
    vendor_orders.order_id as unit_id,
    vendor_orders.order_id,
    cast(null as string) as order_line_id,

    -- text
    'order' as unit_kind,
    defects.fault_class,

    -- numbers
    {{ units('case when defects.order_id is null then 0 else 1 end') }} as numerator_value,
    {{ units('1') }} as denominator_value,

    -- booleans
    defects.order_id is not null as is_in_numerator,

    -- dates
    vendor_orders.order_date as membership_date,
    cast(null as date) as counts_from,
    cast(null as date) as counts_until,
    defects.first_defect_date as numerator_from
from vendor_orders
left join defects
    on
        vendor_orders.order_id = defects.order_id
        and vendor_orders.vendor_id = defects.vendor_id
