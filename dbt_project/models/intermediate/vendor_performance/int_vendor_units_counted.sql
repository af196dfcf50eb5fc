{{ config(
    materialized='incremental',
    partition_by=['membership_date'],
    meta={'days_are_compared': true}
) }}

{# What each metric counts of a vendor, each at its own grain. The dates say in which windows a unit
   counts; `is_in_numerator`, the values and the fault are as of now. A unit that failed through the
   fault of somebody else is not accountable: it leaves numerator and denominator, so that what is
   left is the share among what the vendor had in its hands. Units before the first published window
   are behind no number. #}
with units as (

    select {{ columns_of_units() }} from {{ ref('int_vendor_orders_blamed') }}
    union all
    select {{ columns_of_units() }} from {{ ref('int_reviews_counted') }}
    union all
    select {{ columns_of_units() }} from {{ ref('int_orders_complained') }}
    union all
    select {{ columns_of_units() }} from {{ ref('int_order_lines_troubled') }}
    union all
    select {{ columns_of_units() }} from {{ ref('int_orders_decided') }}
    union all
    select {{ columns_of_units() }} from {{ ref('int_parcels_tracked') }}
    union all
    select {{ columns_of_units() }} from {{ ref('int_messages_answered') }}
    union all
    select {{ columns_of_units() }} from {{ ref('int_offer_days_counted') }}
    union all
    select {{ columns_of_units() }} from {{ ref('int_invoices_judged') }}

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
