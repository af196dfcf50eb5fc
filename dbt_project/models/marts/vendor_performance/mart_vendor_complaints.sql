with complaints as (

    select * from {{ ref('int_complaints_dated') }}

),

windows as (

    select
        window_id,
        window_start,
        window_end
    from {{ ref('int_summary_windows_spined') }}
    where period = 'current'

)

select
    -- ids
    complaints.vendor_id,
    windows.window_id,

    -- text
    complaints.complaint_kind,
    complaints.reason_code,

    -- numbers
    count(*) as complaint_count,
    count(case when not complaints.is_solved then 1 end) as open_count,
    count(distinct complaints.order_id) as order_count,

    -- dates
    windows.window_start,
    windows.window_end,
    max(complaints.complaint_date) as last_complaint_date,
    {{ as_of_date() }} as as_of_date
from complaints
inner join windows
    on
        complaints.complaint_date >= windows.window_start
        and complaints.complaint_date < windows.window_end
group by
    complaints.vendor_id,
    windows.window_id,
    complaints.complaint_kind,
    complaints.reason_code,
    windows.window_start,
    windows.window_end
