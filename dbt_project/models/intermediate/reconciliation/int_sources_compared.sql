{# Whether there is anything to compare with. A source that delivers nothing is not wrong, and a
   measure that it never states, of no order at all, is not missing from it. #}
with registry as (

    select * from {{ ref('reconciliation_registry') }}

),

feeds as (

    select
        feed,
        row_count
    from {{ ref('int_feeds_counted') }}

),

stated as (

    select
        source,
        measure,
        sum(abs(source_amount)) as stated_amount
    from {{ ref('int_amounts_reconciled') }}
    group by source, measure

)

select
    -- ids
    registry.source,
    registry.measure,
    registry.feed,

    -- text
    case
        when coalesce(feeds.row_count, 0) = 0 then 'no_rows'
        when coalesce(stated.stated_amount, 0) = 0 then 'never_stated'
    end as no_data_finding,

    -- numbers
    registry.tolerance_amount,
    registry.act_amount
from registry
left join feeds
    on registry.feed = feeds.feed
left join stated
    on registry.source = stated.source and registry.measure = stated.measure
