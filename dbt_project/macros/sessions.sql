{# What a session is: docs/decisions/0026-sessions.md. A visitor's events are first gathered into
   spans of ten minutes, which are a tenth as many rows: two events of one span are less than ten
   minutes apart, so no definition of at least that much inactivity tears a span. #}
{% macro span_minutes() -%}10{%- endmacro %}


{# The span of a moment: its number from 1970 on. #}
{% macro span_of(moment, minutes=none) -%}
    cast(
        floor(
            {{ seconds_between("timestamp '1970-01-01 00:00:00'", moment) }}
            / {{ 60 * (minutes or span_minutes()) | int }}
        ) as bigint
    )
{%- endmacro %}


{% macro quarter_of(moment) -%}
    {{ span_of(moment, 15) }}
{%- endmacro %}


{# A session's name: its visitor and the span in which it began. #}
{% macro session_id_of(spans) -%}
    {{ spans }}.visitor_id || '-' || cast({{ spans }}.session_span as string)
{%- endmacro %}


{# Whether a span begins a new activity: more than so many minutes after the event before it, or, if
   asked for, on another day. A span of ten minutes belongs to the day on which it begins. #}
{% macro begins_activity(event_before_at, minutes, is_other_day=none) -%}
    coalesce(
        first_event_at > {{ event_before_at }} + {{ minutes }} * interval '1' minute
        {%- if is_other_day %}
            or ({{ is_other_day }})
        {%- endif %},
        true
    )
{%- endmacro %}


{# An activity that goes on for longer than a day is cut each 24 hours after its first span. #}
{% macro piece_of_activity() -%}
    cast(
        floor((span_number - activity_span) / {{ 24 * 60 // (span_minutes() | int) }}) as bigint
    )
{%- endmacro %}


{# The tracker's rows that can belong to a session: of a visitor, and received within three hours,
   so that a session is settled three hours after its end. #}
{% macro may_be_in_session() -%}
    visitor_id is not null
    and {{ is_in_time() }}
    and {{ is_of_days_built() }}
{%- endmacro %}


{# The tracker's rows not later than the last day. In a run that builds some days, those of these
   days and of the next, on which their sessions may end. #}
{% macro is_of_days_built() -%}
    occurred_at < {{ stored_start_of(as_of_end_date()) }}
    {%- if reads_stale_days() %}
        and occurred_at >= (
            select {{ stored_start_of('min(stale_date)') }}
            from {{ source('kontor', 'stale_session_days') }}
        )
        and occurred_at < (
            select {{ stored_start_of(days_after('max(stale_date)', 2)) }}
            from {{ source('kontor', 'stale_session_days') }}
        )
    {%- endif %}
{%- endmacro %}


{# What looks back or ahead over several days is built from so many days before the first stale one
   on; the model says the same in its incremental_predicates. #}
{% macro is_built_from(column, days_before_stale) -%}
    {%- if reads_stale_days() -%}
        {{ column }} >= (
            select {{ days_before('min(stale_date)', days_before_stale) }}
            from {{ source('kontor', 'stale_session_days') }}
        )
    {%- else -%}
        true
    {%- endif -%}
{%- endmacro %}


{# Whether a visitor's visits may differ from those of the last build: who comes on a stale day, and
   whom the loader lists, for who came on one then may have no visit there any more. #}
{% macro is_of_stale_visitor(column) -%}
    {%- if reads_stale_days() -%}
        {{ column }} in (
            select visitor_id
            from {{ source('kontor', 'stale_visitors') }}
            union all
            select visitor_id
            from {{ ref('fct_sessions') }}
            where {{ is_stale('session_date') }}
        )
    {%- else -%}
        true
    {%- endif -%}
{%- endmacro %}


{# A clock that is ahead of the tracker's is no delay. #}
{% macro is_in_time() -%}
    coalesce(received_at <= occurred_at + interval '3' hour, true)
{%- endmacro %}


{# Where a visit came from, in the usual words; the mediums are those that trackers write. #}
{% macro channel_of(source, medium) -%}
    case
        when {{ source }} is null and {{ medium }} is null then 'direct'
        when {{ medium }} in ('cpc', 'CPC', 'ppc', 'paidsearch', 'paid_search', 'sem')
            then 'paid_search'
        when {{ medium }} in ('paid_social', 'paidsocial', 'social_paid')
            then 'paid_social'
        when {{ medium }} in ('social', 'social-network', 'sm', 'organic_social')
            then 'social'
        when {{ medium }} in ('email', 'e-mail', 'newsletter') then 'email'
        when {{ medium }} = 'organic' then 'organic_search'
        when {{ medium }} in ('affiliate', 'affiliates') then 'affiliate'
        when {{ medium }} in ('display', 'banner', 'cpm') then 'display'
        when {{ medium }} = 'referral' then 'referral'
        when
            coalesce({{ medium }}, '(none)') in ('none', '(none)', '(not set)')
            and coalesce({{ source }}, '(direct)') in ('direct', '(direct)', 'none')
            then 'direct'
        else 'other'
    end
{%- endmacro %}


{# Whether a row is the event itself, and of one of these types; of any where none is named. #}
{% macro is_event(types) -%}
    item_number = 0
    {%- if types %} and event_type in ('{{ types | join("', '") }}'){% endif %}
{%- endmacro %}


{# The spans of sessions that this run leaves as they are, around the days that it builds; none
   where it builds all. #}
{% macro standing_spans(spans) -%}
    {%- if execute and reads_stale_days() -%}
        select *
        from {{ this.include(database=false) }}
        where
            not {{ is_stale('session_date') }}
            and session_date >= (
                select {{ days_before('min(stale_date)', 2) }}
                from {{ source('kontor', 'stale_session_days') }}
            )
            and session_date <= (
                select {{ days_after('max(stale_date)', 1) }}
                from {{ source('kontor', 'stale_session_days') }}
            )
    {%- else -%}
        select
            *,
            span_number as activity_span
        from {{ spans }}
        where false
    {%- endif -%}
{%- endmacro %}


{# The earlier of two moments, of which one may be missing. #}
{% macro earlier(one, other) -%}
    case when {{ one }} <= {{ other }} then {{ one }} else coalesce({{ other }}, {{ one }}) end
{%- endmacro %}


{# What became of a cart, counted from its first product or from its checkout; NULL without. A
   request that nobody decided is waited for, and one that was granted is the company's order. #}
{% macro cart_state(moment) -%}
    case
        when {{ moment }} is null then null
        when ordered_at <= {{ moment }} + {{ var('cart_hours') }} * interval '1' hour then 'ordered'
        when is_for_approval and ordered_at is not null then 'ordered'
        when is_refused then 'refused'
        when is_for_approval and not is_granted then 'pending'
        when
            {{ moment }} + {{ var('cart_hours') }} * interval '1' hour
            >= {{ stored_start_of(as_of_end_date()) }}
            then 'open'
        else 'abandoned'
    end
{%- endmacro %}
