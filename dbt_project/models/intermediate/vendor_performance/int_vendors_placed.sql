{{ config(materialized='table') }}

{# Whose working days are the same: vendors of one country and region, and each vendor that closes
   by itself. A vendor that sells without being registered has Mondays to Fridays. #}
with sellers as (

    select distinct vendor_id
    from {{ ref('int_order_lines_matched_to_vendor') }}
    where vendor_id is not null

),

vendors as (

    select * from {{ ref('stg_vendor_portal__vendors') }}

),

closing_vendors as (

    select distinct vendor_id
    from {{ ref('stg_reference__calendar') }}
    where vendor_id <> 'all' and {{ is_day_of_rest() }}

)

select
    -- ids
    sellers.vendor_id,
    coalesce(vendors.country_code, 'ZZ')
    || '|' || coalesce(vendors.region, 'all')
    || '|' || coalesce(closing_vendors.vendor_id, 'all') as place_id,

    -- text
    coalesce(vendors.country_code, 'ZZ') as country_code,
    coalesce(vendors.region, 'all') as region,
    coalesce(closing_vendors.vendor_id, 'all') as closing_vendor_id,
    -- what comes later in the day counts as of the next working day
    vendors.cut_off_time
from sellers
left join vendors
    on sellers.vendor_id = vendors.vendor_id
left join closing_vendors
    on sellers.vendor_id = closing_vendors.vendor_id
