{# Neither raw text nor the checker's detail, which may quote it, is carried on. #}
select
    -- ids
    feed,

    -- text
    coalesce(path, '') as path, -- noqa: RF04
    coalesce(reason_code, '') as reason_code,
    coalesce(column_name, '') as column_name,

    -- numbers
    count(*) as row_count,
    min(line) as first_line,

    -- timestamps
    min(first_seen_at) as first_seen_at
from {{ ref('stg_kontor__quarantine_rows') }}
-- a replayed row has been repaired
where replayed_at is null
group by feed, coalesce(path, ''), coalesce(reason_code, ''), coalesce(column_name, '')
