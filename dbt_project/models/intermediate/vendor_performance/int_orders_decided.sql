{# What vendors decided on the parts of orders that were sent to them: the first decision counts,
   one that is open does not. An accepted part has its working time besides, from the moment at which
   the vendor had it (after the cut-off, from the next working day) to the acceptance. #}
with decisions as (

    select * from {{ ref('int_vendor_decisions_dated') }}

),

timed as (

    select
        decisions.order_id,
        decisions.vendor_id,
        decisions.decided_date,
        {{ working_hours_until('decisions.decided_second', 'decided_days') }}
        - {{ working_hours_from(
            'decisions.sent_second', 'decisions.sent_time_of_day', 'sent_days',
            'places.cut_off_time'
        ) }} as working_hours
    from decisions
    inner join {{ ref('int_vendors_placed') }} as places
        on decisions.vendor_id = places.vendor_id
    inner join {{ ref('int_working_days_numbered') }} as decided_days
        on
            places.place_id = decided_days.place_id
            and decisions.decided_date = decided_days.calendar_date
    -- who never had it has no time
    inner join {{ ref('int_working_days_numbered') }} as sent_days
        on
            places.place_id = sent_days.place_id
            and decisions.sent_date = sent_days.calendar_date
    where decisions.event_type = 'accepted'

)

select
    -- ids
    'acceptance_rate' as metric_id,
    vendor_id,
    order_id as unit_id,
    order_id,
    cast(null as string) as order_line_id,

    -- text
    'order' as unit_kind,
    case when event_type <> 'accepted' then 'vendor' end as fault_class,

    -- numbers
    {{ units("case when event_type = 'accepted' then 1 else 0 end") }} as numerator_value,
    {{ units('1') }} as denominator_value,

    -- booleans
    event_type = 'accepted' as is_in_numerator,

    -- dates
    decided_date as membership_date,
    cast(null as date) as counts_from,
    cast(null as date) as counts_until,
    cast(null as date) as numerator_from
from decisions
union all
select
    'acceptance_hours' as metric_id,
    vendor_id,
    order_id as unit_id,
    order_id,
    cast(null as string) as order_line_id,
    'order' as unit_kind,
    cast(null as string) as fault_class,
    {{ units(rounded('greatest(working_hours, 0)')) }} as numerator_value,
    {{ units('1') }} as denominator_value,
    true as is_in_numerator,
    decided_date as membership_date,
    cast(null as date) as counts_from,
    cast(null as date) as counts_until,
    cast(null as date) as numerator_from
from timed
