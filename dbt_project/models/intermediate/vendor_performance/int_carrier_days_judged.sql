{{ config(materialized='table') }}

{# Days on which a carrier stood still in a country, as its parcels show across vendors: of those
   that were handed over in time and promised within three days of it, and of its own, half came
   late, three times the carrier's usual share, at least six and of three vendors. By chance that
   happens once in 25,000 days to a carrier that is late with 6 of 100 (binomial, 6 of 12). #}
{%- set days_around = 3 %}
with parcels as (

    select
        carrier,
        coalesce(ship_country_code, 'ZZ') as ship_country_code,
        vendor_id,
        shipment_id,
        {{ business_date('max(promised_at)') }} as promised_date,
        bool_or(coalesce(delivered_at > promised_at, true)) as is_late
    from {{ ref('int_order_lines_joined') }}
    where
        carrier is not null
        and shipped_at <= coalesce(ship_by_at, promised_at)
        and {{ business_date('promised_at') }} < {{ as_of_end_date() }}
    group by carrier, ship_country_code, vendor_id, shipment_id

),

by_vendor as (

    select
        carrier,
        ship_country_code,
        vendor_id,
        promised_date,
        count(*) as parcel_count,
        count_if(is_late) as late_count
    from parcels
    group by carrier, ship_country_code, vendor_id, promised_date

),

by_day as (

    select
        carrier,
        ship_country_code,
        promised_date,
        sum(parcel_count) as parcel_count,
        sum(late_count) as late_count
    from by_vendor
    group by carrier, ship_country_code, promised_date

),

usual as (

    select
        carrier,
        ship_country_code,
        {{ ratio('sum(late_count)', 'sum(parcel_count)') }} as usual_late_rate
    from by_day
    group by carrier, ship_country_code

),

around as (

    select
        by_day.carrier,
        by_day.ship_country_code,
        by_day.promised_date,
        by_day.parcel_count,
        by_day.late_count,
        sum(near.parcel_count) as near_parcel_count,
        sum(near.late_count) as near_late_count,
        count(distinct case when near.late_count > 0 then near.vendor_id end) as late_vendor_count
    from by_day
    inner join by_vendor as near
        on
            by_day.carrier = near.carrier
            and by_day.ship_country_code = near.ship_country_code
            and near.promised_date
            >= {{ days_before('by_day.promised_date', days_around) }}
            and near.promised_date
            <= {{ days_after('by_day.promised_date', days_around) }}
    where by_day.late_count > 0
    group by
        by_day.carrier,
        by_day.ship_country_code,
        by_day.promised_date,
        by_day.parcel_count,
        by_day.late_count

)

select
    -- ids
    around.carrier,
    around.ship_country_code,

    -- numbers
    around.near_parcel_count as parcel_count,
    around.near_late_count as late_count,
    {{ ratio('around.near_late_count', 'around.near_parcel_count') }} as late_rate,
    usual.usual_late_rate,

    -- dates
    around.promised_date
from around
inner join usual
    on
        around.carrier = usual.carrier
        and around.ship_country_code = usual.ship_country_code
where
    around.near_late_count >= 6
    and around.late_vendor_count >= 3
    and around.late_count * 2 >= around.parcel_count
    and {{ ratio('around.near_late_count', 'around.near_parcel_count') }}
    >= greatest(0.5, 3 * usual.usual_late_rate)
