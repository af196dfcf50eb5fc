{# What buyers asked and how long they waited: of several questions in a row the first, answered by a
   person and not by a machine. Patience ends after 72 hours: an answer that comes later, or never,
   took 72, and counts from then on. Judged is by the messages sent before `end_date`. #}
{% macro messages_waited(messages, end_date) -%}
    {%- set patience_hours = 72 -%}
    select
        message_id,
        conversation_id,
        vendor_id,
        order_id,
        sent_at,
        answered_at,
        {{ units(rounded(
            'least(coalesce(' ~ hours_between('sent_at', 'answered_at') ~ ', '
            ~ patience_hours ~ '), ' ~ patience_hours ~ ')'
        )) }} as waiting_hours,
        {{ business_date('sent_at') }} as sent_date,
        case
            when {{ hours_between('sent_at', 'answered_at') }} < {{ patience_hours }}
                then {{ business_date('answered_at') }}
            else {{ days_after(business_date('sent_at'), 3) }}
        end as known_date
    from (
        select
            *,
            min(case when direction = 'outbound' then sent_at end) over (
                partition by conversation_id
                order by sent_at desc nulls last, message_id desc nulls last
                rows between unbounded preceding and current row
            ) as answered_at,
            lag(direction) over (
                partition by conversation_id
                order by sent_at asc nulls last, message_id asc nulls last
            ) as direction_before,
            lag(needs_answer) over (
                partition by conversation_id
                order by sent_at asc nulls last, message_id asc nulls last
            ) as needed_answer_before
        from {{ messages }}
        where
            {{ business_date('sent_at') }} < {{ end_date }}
            and not (direction = 'outbound' and is_automatic)
    ) as sent_messages
    where
        direction = 'inbound'
        and needs_answer
        and not is_automatic
        -- who asks again before the answer asks the same
        and not coalesce(direction_before = 'inbound' and needed_answer_before, false)
{%- endmacro %}


{# Days on which an offer was active, and those of them on which nothing lay in stock. A unit is the
   days of one offer that lie in the same windows: it begins and ends where a window does, so its
   days count in a window all together or not at all. #}
{% macro offer_days_counted(stocks, windows) -%}
    select
        vendor_id,
        offer_id,
        offer_id || ' ' || cast(min(first_date) as string) as unit_id,
        {{ units('sum(case when is_out_of_stock then day_count else 0 end)') }}
            as out_of_stock_days,
        {{ units('sum(day_count)') }} as active_days,
        min(first_date) as first_date
    from (
        select
            stocks.offer_id,
            stocks.vendor_id,
            stocks.is_out_of_stock,
            greatest(stocks.valid_from, pieces.piece_start) as first_date,
            pieces.piece_start,
            {{ days_between(
                'greatest(stocks.valid_from, pieces.piece_start)',
                'least(stocks.valid_to, pieces.piece_end)'
            ) }} as day_count
        from {{ stocks }} as stocks
        inner join (
            select
                bound as piece_start,
                lead(bound) over (order by bound asc nulls last) as piece_end
            from (
                select window_start as bound
                from {{ windows }}
                where metric_id = 'stock_out_rate'
                union
                select window_end as bound
                from {{ windows }}
                where metric_id = 'stock_out_rate'
            ) as bounds
        ) as pieces
            on stocks.valid_from < pieces.piece_end and stocks.valid_to > pieces.piece_start
    ) as cut
    group by vendor_id, offer_id, piece_start
{%- endmacro %}


{# The moment of the day after the data by which somebody is taken to answer. #}
{% macro noon_of_tomorrow() -%}
    {{ stored_start_of(as_of_end_date()) }} + 12 * interval '1' hour
{%- endmacro %}
