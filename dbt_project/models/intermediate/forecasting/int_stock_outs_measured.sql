{# What stock-outs of the last year took from demand: of each offer the order lines of a day in
   stock times the days on which it was out. Offers that were in stock on fewer than 28 days say
   nothing. #}
with spans as (

    select
        offer_id,
        is_out_of_stock,
        greatest(valid_from, {{ days_before(as_of_end_date(), 365) }}) as first_date,
        valid_to
    from {{ ref('int_offer_stocks_spanned') }}
    where valid_to > {{ days_before(as_of_end_date(), 365) }}

),

order_lines as (

    select
        offer_id,
        order_date
    from {{ ref('fct_order_lines') }}
    where
        offer_id is not null
        and not is_cancelled
        and order_date >= {{ days_before(as_of_end_date(), 365) }}

),

span_lines as (

    select
        spans.offer_id,
        spans.first_date,
        count(*) as line_count
    from spans
    inner join order_lines
        on
            spans.offer_id = order_lines.offer_id
            and spans.first_date <= order_lines.order_date
            and spans.valid_to > order_lines.order_date
    group by spans.offer_id, spans.first_date

),

offers as (

    select
        spans.offer_id,
        sum(
            case
                when
                    spans.is_out_of_stock
                    then {{ days_between('spans.first_date', 'spans.valid_to') }} else
                    0
            end
        ) as out_days,
        sum(
            case
                when spans.is_out_of_stock then 0 else
                    {{ days_between('spans.first_date', 'spans.valid_to') }}
            end
        ) as in_days,
        sum(case when spans.is_out_of_stock then coalesce(span_lines.line_count, 0) else 0 end)
            as out_lines,
        sum(case when spans.is_out_of_stock then 0 else coalesce(span_lines.line_count, 0) end)
            as in_lines
    from spans
    left join span_lines
        on spans.offer_id = span_lines.offer_id and spans.first_date = span_lines.first_date
    group by spans.offer_id

),

expected as (

    select
        out_days,
        in_days,
        out_lines,
        -- as decimals: their sums do not depend on the order of the rows
        cast({{ ratio('in_lines * out_days', 'in_days') }} as decimal(28, 6)) as expected_lines,
        cast(
            {{ ratio('in_lines * out_days * (in_days + out_days)', 'in_days * in_days') }}
            as decimal(28, 6)
        ) as variance
    from offers
    where out_days > 0 and in_days >= 28

)

select
    -- numbers
    sum(out_days) as event_days,
    sum(in_days) as compared_days,
    sum(out_lines) as line_count,
    cast(sum(expected_lines) as double) as expected_line_count,
    cast(sum(variance) as double) as expected_variance,

    -- dates
    {{ days_before(as_of_end_date(), 365) }} as first_date,
    {{ as_of_date() }} as last_date
from expected
having count(*) > 0
