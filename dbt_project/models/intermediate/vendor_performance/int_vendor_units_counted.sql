{{ config(materialized='table') }}

{# What each metric counts of a vendor, each at its own grain. The dates say in which windows a unit
   counts; `is_in_numerator`, the values and the fault are as of now. A unit that failed through the
   fault of somebody else is not accountable: it leaves numerator and denominator, so that what is
   left is the share among what the vendor had in its hands. Units before the first published window
   are behind no number. #}
{%- set families = [
    'int_vendor_orders_blamed', 'int_reviews_counted', 'int_orders_complained',
    'int_order_lines_troubled', 'int_orders_decided', 'int_parcels_tracked',
    'int_messages_answered', 'int_offer_days_counted', 'int_invoices_judged'
] %}
with units as (

    {%- for family in families %}
        select
            metric_id,
            vendor_id,
            unit_id,
            order_id,
            order_line_id,
            unit_kind,
            fault_class,
            numerator_value,
            denominator_value,
            is_in_numerator,
            membership_date,
            counts_from,
            counts_until,
            numerator_from
        from {{ ref(family) }}
        {%- if not loop.last %}
            union all
        {%- endif %}
    {%- endfor %}

),

first_windows as (

    select
        metric_id,
        min(window_start) as first_date
    from {{ ref('int_metric_windows_spined') }}
    group by metric_id

)

select
    -- ids
    units.metric_id,
    units.vendor_id,
    units.unit_id,
    units.order_id,
    units.order_line_id,

    -- text
    units.unit_kind,
    units.fault_class,

    -- numbers
    units.numerator_value,
    units.denominator_value,

    -- booleans
    units.is_in_numerator,
    coalesce(units.fault_class = 'vendor', true) as is_accountable,

    -- dates
    units.membership_date,
    units.counts_from,
    units.counts_until,
    units.numerator_from
from units
inner join first_windows
    on
        units.metric_id = first_windows.metric_id
        and units.membership_date >= first_windows.first_date
