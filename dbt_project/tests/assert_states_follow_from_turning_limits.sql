-- a vendor is at the level that its limit reaches, or the preview of a new limit would mislead
with levels as (

    select
        vendor_id,
        metric_id,
        max(case when level = 'watch' then turning_limit end) as watch_limit,
        max(case when level = 'act' then turning_limit end) as act_limit
    from {{ ref('mart_vendor_rule_errors') }}
    group by vendor_id, metric_id

),

judged as (

    select * from {{ ref('mart_vendor_scorecard') }}
    where is_current and is_judged and state <> 'no_data'

),

reached as (

    select
        judged.vendor_id,
        judged.metric_id,
        judged.threshold,
        judged.state,
        levels.watch_limit,
        levels.act_limit,
        case
            when judged.is_higher_better and judged.threshold > levels.act_limit then 'act'
            when not judged.is_higher_better and judged.threshold < levels.act_limit then 'act'
            when judged.is_higher_better and judged.threshold > levels.watch_limit then 'watch'
            when not judged.is_higher_better and judged.threshold < levels.watch_limit then 'watch'
            else 'ok'
        end as state_by_limits
    from judged
    left join levels
        on judged.vendor_id = levels.vendor_id and judged.metric_id = levels.metric_id

)

select * from reached
where state <> state_by_limits
