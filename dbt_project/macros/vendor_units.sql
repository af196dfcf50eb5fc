{# The unit of the fulfilment metrics is the vendor's part of an order. Its worst line decides, and
   lends it the membership date: of two late lines the one with the smaller id. The three dates say
   from when on a row counts, until when it counts and from when on it counts in the numerator, so
   that an earlier window is judged with what was known at its end. Judged is by what is known at
   `end_date`: that of the data, or tomorrow's for what a vendor can still do about it. A line that
   was handed over is due, even if it was cancelled because it never came. #}
{% macro vendor_orders_judged(order_lines, end_date) -%}
select
    'late_shipment_rate' as metric_id,
    order_id,
    vendor_id,
    order_line_id,
    ship_by_date as membership_date,
    {{ is_late_shipment(end_date) }} as is_in_numerator,
    cast(null as date) as counts_from,
    case
        when is_dropped_before_shipping
            then coalesce(cancelled_date, cast('0001-01-01' as date))
    end as counts_until,
    cast(null as date) as numerator_from,
    order_date
from {{ order_lines }}
where fulfilled_by = 'vendor' and ship_by_at is not null
qualify
    row_number() over (
        partition by order_id, vendor_id
        order by
            is_dropped_before_shipping asc nulls last,
            {{ is_late_shipment(end_date) }} desc,
            ship_by_date < {{ end_date }} desc,
            order_line_id asc nulls last
    ) = 1
union all
select
    'on_time_delivery_rate' as metric_id,
    order_id,
    vendor_id,
    order_line_id,
    promised_date as membership_date,
    coalesce(not is_late, false) as is_in_numerator,
    cast(null as date) as counts_from,
    case
        when is_dropped_before_shipping
            then coalesce(cancelled_date, cast('0001-01-01' as date))
    end as counts_until,
    cast(null as date) as numerator_from,
    order_date
from {{ order_lines }}
where promised_at is not null
qualify
    row_number() over (
        partition by order_id, vendor_id
        order by
            is_dropped_before_shipping asc nulls last,
            coalesce(is_late, promised_date < {{ end_date }}) desc,
            promised_date < {{ end_date }} desc,
            order_line_id asc nulls last
    ) = 1
union all
select
    'late_delivery_rate_by_date' as metric_id,
    order_id,
    vendor_id,
    order_line_id,
    promised_date as membership_date,
    is_late_by_date as is_in_numerator,
    delivered_date as counts_from,
    cast(null as date) as counts_until,
    cast(null as date) as numerator_from,
    order_date
from {{ order_lines }}
where is_late_by_date is not null
qualify
    row_number() over (
        partition by order_id, vendor_id
        order by is_late_by_date desc, order_line_id asc nulls last
    ) = 1
union all
select
    'vendor_cancellation_rate' as metric_id,
    order_id,
    vendor_id,
    order_line_id,
    order_date as membership_date,
    is_lost_by_vendor as is_in_numerator,
    cast(null as date) as counts_from,
    cast(null as date) as counts_until,
    cancelled_date as numerator_from,
    order_date
from {{ order_lines }}
qualify row_number() over (
    partition by order_id, vendor_id
    order by is_lost_by_vendor desc, cancelled_date asc nulls first, order_line_id asc nulls last
) = 1
{%- endmacro %}


{# Not shipped counts as late from the day after the ship-by date on. #}
{% macro is_late_shipment(end_date) -%}
    coalesce(is_shipped_late, shipped_at is null and ship_by_date < {{ end_date }})
{%- endmacro %}


{# What a relation of units comes to in a relation of windows, each judged with what was known at
   its end. `by` are further columns of the units that the sums are told apart by, `parts` names
   conditions on unit and window, of whose units alone there are sums as well. #}
{% macro vendor_units_summed(units, windows, by=[], parts={}) -%}
    select
        units.vendor_id,
        units.metric_id,
        {%- for column in by %}
        units.{{ column }},
        {%- endfor %}
        windows.window_kind,
        windows.window_end,
        sum({{ numerator_known() }}) as numerator,
        sum({{ squared_units(numerator_known()) }}) as numerator_squares,
        sum(units.denominator_value) as denominator
        {%- for part, condition in parts.items() %},
        sum(case when {{ condition }} then {{ numerator_known() }} else 0 end)
            as {{ part }}_numerator,
        sum(case when {{ condition }} then units.denominator_value else 0 end)
            as {{ part }}_denominator
        {%- endfor %}
    from {{ units }} as units
    inner join {{ windows }} as windows
        on
            units.metric_id = windows.metric_id
            and units.membership_date >= windows.window_start
            and units.membership_date < windows.window_end
    where
        {{ counts_at_end_of('windows') }}
    group by
        units.vendor_id,
        units.metric_id,
        {%- for column in by %}
        units.{{ column }},
        {%- endfor %}
        windows.window_kind,
        windows.window_end
{%- endmacro %}


{# Whether a unit counts at the end of its window: it does already, and it still does. #}
{% macro counts_at_end_of(windows) -%}
    coalesce(units.counts_from < {{ windows }}.window_end, true)
    and coalesce(units.counts_until >= {{ windows }}.window_end, true)
{%- endmacro %}


{# What a unit brings to the numerator, as known at the window's end. #}
{% macro numerator_known() -%}
    case
        when coalesce(units.numerator_from < windows.window_end, true) then units.numerator_value
        else 0
    end
{%- endmacro %}


{# Whether the vendor answers for a unit: nobody else is at fault, or nothing had failed yet. #}
{% macro is_accountable_in_window() -%}
    units.is_accountable or coalesce(units.numerator_from >= windows.window_end, false)
{%- endmacro %}


{# Units that failed, and nothing tells through whose fault. #}
{% macro is_of_unknown_cause_in_window() -%}
    units.fault_class = 'unknown' and coalesce(units.numerator_from < windows.window_end, true)
{%- endmacro %}


{# Whose fault it is what a buyer complains of, as the ticket's topic tells. #}
{% macro fault_by_topic(topic) -%}
    case
        when {{ topic }} in ('payment', 'account') then 'platform'
        when {{ topic }} in ('product', 'vendor', 'return', 'refund', 'price', 'invoice')
            then 'vendor'
        else 'unknown'
    end
{%- endmacro %}


{# What every family of units has, whatever its grain. #}
{% macro columns_of_units() -%}
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
{%- endmacro %}


{# What vendors decided on the parts of orders that were sent to them: of several decisions the
   first, one that is open is none. #}
{% macro vendor_orders_decided(events, vendor_orders) -%}
    select
        events.order_id,
        events.vendor_id,
        events.event_type,
        events.occurred_at as decided_at,
        {{ business_date('events.occurred_at') }} as decided_date
    from {{ events }} as events
    inner join {{ vendor_orders }} as vendor_orders
        on events.order_id = vendor_orders.order_id and events.vendor_id = vendor_orders.vendor_id
    where
        events.event_type in ('accepted', 'refused', 'auto_rejected')
        and events.occurred_at is not null
    qualify row_number() over (
        partition by events.order_id, events.vendor_id
        order by events.occurred_at asc nulls last, events.order_event_id asc nulls last
    ) = 1
{%- endmacro %}
