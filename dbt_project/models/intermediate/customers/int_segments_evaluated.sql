{# Who is held back is counted among those on record, which a customer that is gone has left. #}
with held_back as (

    select
        segment_id,
        count(*) as holdout_count
    from {{ ref('int_segment_memberships') }}
    where segment_kind = 'rule' and is_holdout and valid_to is null
    group by segment_id

)

select
    -- ids
    segments.segment_id,

    -- text
    segments.subject_kind,
    segments.segment_version,
    segments.origin,
    segments.title,
    segments.rule,
    segments.finding,

    -- numbers
    segments.member_count,
    segments.unknown_count,
    segments.holdout_share,
    case when segments.is_evaluated then coalesce(held_back.holdout_count, 0) end as holdout_count,

    -- booleans
    segments.is_evaluated,

    -- dates
    segments.evaluated_date
from {{ ref('stg_kontor__segments') }} as segments
left join held_back
    on segments.segment_id = held_back.segment_id
