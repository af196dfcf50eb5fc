{# Requests by the window in which they were made, with what has become of them: the stages add up
   to them. Won and lost of a window's decisions stand beside, for a share won; of its requests many
   are not decided yet. #}
with quotes as (

    select * from {{ ref('int_quotes_followed') }}

),

windows as (

    select
        window_id,
        window_start,
        window_end
    from {{ ref('int_summary_windows_spined') }}
    where period = 'current'

),

asked as (

    select
        quotes.vendor_id,
        windows.window_id,
        count(*) as request_count,
        count(case when quotes.quote_stage = 'to_answer' then 1 end) as to_answer_count,
        count(case when quotes.quote_stage = 'offered' then 1 end) as offered_count,
        count(case when quotes.quote_stage = 'won' then 1 end) as won_count,
        count(case when quotes.quote_stage = 'lost' then 1 end) as lost_count,
        count(case when quotes.quote_stage = 'expired' then 1 end) as expired_count,
        count(case when quotes.quote_stage = 'withdrawn' then 1 end) as withdrawn_count,
        count(quotes.hours_to_offer) as answered_count,
        median(quotes.hours_to_offer) as median_hours_to_offer
    from quotes
    inner join windows
        on
            quotes.requested_date >= windows.window_start
            and quotes.requested_date < windows.window_end
    group by quotes.vendor_id, windows.window_id

),

closed as (

    select
        quotes.vendor_id,
        windows.window_id,
        count(*) as closed_count,
        count(case when quotes.quote_stage = 'won' then 1 end) as closed_won_count,
        sum(case when quotes.quote_stage = 'won' then quotes.amount end) as won_amount
    from quotes
    inner join windows
        on
            quotes.closed_date >= windows.window_start
            and quotes.closed_date < windows.window_end
    group by quotes.vendor_id, windows.window_id

),

vendors as (

    select distinct vendor_id
    from quotes

)

select
    -- ids
    vendors.vendor_id,
    windows.window_id,

    -- text
    '{{ var("currency_code") }}' as currency_code,

    -- numbers
    coalesce(asked.request_count, 0) as request_count,
    coalesce(asked.to_answer_count, 0) as to_answer_count,
    coalesce(asked.offered_count, 0) as offered_count,
    coalesce(asked.won_count, 0) as won_count,
    coalesce(asked.lost_count, 0) as lost_count,
    coalesce(asked.expired_count, 0) as expired_count,
    coalesce(asked.withdrawn_count, 0) as withdrawn_count,
    coalesce(asked.answered_count, 0) as answered_count,
    cast(asked.median_hours_to_offer as double) as median_hours_to_offer,
    coalesce(closed.closed_count, 0) as closed_count,
    coalesce(closed.closed_won_count, 0) as closed_won_count,
    {{ ratio('closed.closed_won_count', 'closed.closed_count') }} as win_rate,
    {{ money('coalesce(closed.won_amount, 0)') }} as won_amount,

    -- dates
    windows.window_start,
    windows.window_end,
    {{ as_of_date() }} as as_of_date
from vendors
cross join windows
left join asked
    on vendors.vendor_id = asked.vendor_id and windows.window_id = asked.window_id
left join closed
    on vendors.vendor_id = closed.vendor_id and windows.window_id = closed.window_id
