with runs as (

    select
        stream_id as run_id,
        {{ text_of('state', 'export') }} as export_name,
        {{ text_of('state', 'destination') }} as destination_name,
        {{ text_of('state', 'state') }} as run_state
    from {{ ref('stg_operations__states') }}
    where
        stream = 'exports'
        and {{ text_of('state', 'marketplace') }} = '{{ var("marketplace") }}'

),

judged as (

    select
        sent.*,
        runs.export_name,
        runs.destination_name,
        runs.run_state,
        sent.row_state in ('confirmed', 'unknown') as has_left,
        sent.operation = 'upsert'
        and sent.row_state = 'suppressed'
        and coalesce(sent.reason_code = 'holdout', false) as is_holdout,
        {# Sent for the first time; or held out of a run that was sent. #}
        sent.operation = 'upsert'
        and sent.is_new
        and runs.run_state not in ('held', 'declined')
        and (
            sent.row_state = 'confirmed'
            or sent.row_state = 'suppressed' and coalesce(sent.reason_code = 'holdout', false)
        ) as is_contact
    from {{ ref('stg_operations__export_rows') }} as sent
    inner join runs
        on sent.run_id = runs.run_id

),

numbered as (

    select
        *,
        row_number() over (
            partition by export_name, subject_id, has_left
            order by event_number desc nulls last, run_id desc nulls last
        ) as newer_count,
        row_number() over (
            partition by export_name, subject_id, is_contact
            order by event_number asc nulls last, run_id asc nulls last
        ) as older_count
    from judged

)

select
    -- ids
    run_id,
    subject_id,
    event_number,

    -- text
    subject_kind,
    export_name,
    destination_name,
    run_state,
    operation,
    row_state,
    reason_code,
    consent_version,
    case
        when not has_left or newer_count > 1 then null
        when row_state = 'unknown' then 'unknown'
        when operation = 'upsert' then 'present'
        else 'absent'
    end as destination_state,

    -- numbers
    attempt_count,

    -- booleans
    is_new,
    is_holdout,
    is_contact and older_count = 1 as is_first_contact,

    -- timestamps
    changed_at
from numbered
